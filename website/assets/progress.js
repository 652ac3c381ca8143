// The page "Your progress": fills its table from store.js, saves it to a file, loads a file, clears it.

{
  const FILE = "neural-networks-by-hand-progress.json";
  const part = (name) => document.getElementById("progress-" + name);
  const rows = [...part("table").querySelectorAll("tbody tr")];

  const say = (text) => { part("said").textContent = text; };

  // A cell's words, and a bar of them for the eye.
  function fill(cell, done, all, words) {
    const bar = document.createElement("progress");
    Object.assign(bar, { max: all, value: done });
    bar.setAttribute("aria-hidden", "true");
    cell.replaceChildren(words, bar);
  }

  function show() {
    for (const row of rows) {
      const questions = Number(row.dataset.questions);
      const marks = Object.values(store.quiz(row.dataset.chapter));
      const right = marks.filter((mark) => mark.right).length;
      const left = questions - marks.length;
      const words = marks.length ? `${right} of ${questions} right` + (left > 0 ? `, ${left} to go` : "") : `${questions} questions`;
      if (questions) fill(row.querySelector(".quiz-done"), right, questions, words);
      const keys = row.dataset.exercises.split(" ").filter(Boolean);
      const solved = keys.filter(store.isSolved).length;
      if (keys.length) fill(row.querySelector(".exercises-done"), solved, keys.length, `${solved} of ${keys.length} solved`);
    }
  }

  part("save").addEventListener("click", () => {
    const file = new Blob([JSON.stringify(store.read(), null, 1) + "\n"], { type: "application/json" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = FILE;
    link.click();
    URL.revokeObjectURL(link.href);
    say(`Saved as ${FILE}. Your browser knows where it puts downloads.`);
  });

  part("load").addEventListener("click", () => part("file").click());
  part("file").addEventListener("change", async () => {
    const [file] = part("file").files;
    part("file").value = ""; // so that the same file can be chosen again
    if (file) say(load(file.name, await file.text()));
  });

  // Takes a file's text in; returns what to say about it.
  function load(name, text) {
    let record;
    try {
      record = JSON.parse(text);
    } catch {
      return `${name} was not loaded: it is no JSON. Nothing was changed.`;
    }
    const problem = store.problem(record);
    if (problem) return `${name} was not loaded. ${problem} Nothing was changed.`;
    store.merge(record);
    show();
    return `${name} was loaded: what it holds is added to what was here.`;
  }

  part("clear").addEventListener("click", () => {
    part("sure").returnValue = ""; // what Escape leaves
    part("sure").showModal();
  });
  part("sure").addEventListener("close", () => {
    if (part("sure").returnValue !== "clear") return;
    store.clear();
    show();
    say("Your progress was cleared.");
  });

  document.querySelector(".kept-nowhere").hidden = store.update(() => {});
  document.querySelector(".progress-controls").hidden = false;
  addEventListener("storage", show); // another tab has written
  show();
}
