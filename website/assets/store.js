// What the reader has done: quiz answers checked, exercises solved. It is kept in this browser and sent nowhere.
//
//   {"version": 1, "exercises": {"softmax": {"tries": 3, "solved": true, "hints": 1, "solution": false}},
//    "quiz": {"neurons": {"1": {"answer": 2, "right": true}}}}
//
// nnlib.exercises keeps its file in this form (nnlib/exercises/record.py), so that one can be taken for the other.

const store = (() => {
  const KEY = "neural-networks-by-hand";
  const VERSION = 1;
  const ENTRY = { tries: 0, solved: false, hints: 0, solution: false };
  let memory = null; // the record, where the browser refuses to keep it: until the page is left

  const empty = () => ({ version: VERSION, exercises: {}, quiz: {} });

  // What there is, read anew each time: another tab may have written.
  function read() {
    if (memory) return memory;
    try {
      const record = JSON.parse(localStorage.getItem(KEY));
      if (record && problem(record) === "") return { ...empty(), ...record };
    } catch { /* refused, or not JSON: as if there were nothing */ }
    return empty();
  }

  // Change the record by a function; says whether the browser keeps it.
  function update(change) {
    const record = read();
    change(record);
    try {
      localStorage.setItem(KEY, JSON.stringify(record));
      memory = null;
    } catch {
      memory = record;
    }
    return memory === null;
  }

  function clear() {
    memory = null;
    try {
      localStorage.removeItem(KEY);
    } catch { /* refused: then nothing was there */ }
  }

  // Why this is no record of ours, in words; empty if it is one.
  function problem(record) {
    if (!isObject(record) || !("version" in record)) return "It holds no progress in this book.";
    if (record.version !== VERSION) return `It has version ${record.version}, and this page reads version ${VERSION}.`;
    if (!isObject(record.exercises)) return "Its list of exercises is missing.";
    for (const [key, entry] of Object.entries(record.exercises)) {
      const good = isObject(entry) && Object.keys(ENTRY).every((name) => !(name in entry) || typeof entry[name] === typeof ENTRY[name]);
      if (!good) return `Its entry for the exercise “${key}” is damaged.`;
    }
    if (!isObject(record.quiz ?? {})) return "Its list of quizzes is damaged.";
    for (const [chapter, marks] of Object.entries(record.quiz ?? {})) {
      const good = isObject(marks) && Object.entries(marks).every(([number, mark]) =>
        /^[1-9]\d?$/.test(number) && isObject(mark) && Number.isInteger(mark.answer) && mark.answer > 0 && typeof mark.right === "boolean");
      if (!good) return `Its quiz of “${chapter}” is damaged.`;
    }
    return "";
  }

  // Join another record to this one, as nnlib.exercises does: what was reached in either stays reached.
  function merge(other) {
    return update((record) => {
      const { version, exercises, quiz = {}, ...rest } = other;
      Object.assign(record, rest); // keys that we do not know are kept
      for (const [key, entry] of Object.entries(exercises)) {
        const mine = own(record.exercises, key) ?? { ...ENTRY };
        for (const [name, value] of Object.entries(entry)) {
          if (!(mine[name] > value)) mine[name] = value;
        }
        record.exercises[key] = mine;
      }
      for (const [chapter, marks] of Object.entries(quiz)) {
        const mine = own(record.quiz, chapter) ?? {};
        for (const [number, mark] of Object.entries(marks)) {
          if (!mine[number]?.right) mine[number] = mark;
        }
        record.quiz[chapter] = mine;
      }
    });
  }

  const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  const own = (object, key) => (Object.hasOwn(object, key) ? object[key] : undefined);

  return {
    read, update, clear, problem, merge,
    isSolved: (key) => own(read().exercises, key)?.solved === true,
    quiz: (chapter) => own(read().quiz, chapter) ?? {},
  };
})();
