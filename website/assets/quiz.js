// A quiz's questions become cards: choose an answer, check it, and it explains itself. store.js keeps what was checked.
// Without this script the answers are <details> that unfold. Their words are moved here, never copied or changed.

{
  const make = (name, attributes, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  // One answer: a radio button with its label, and below it why it is right or wrong, which unfolds.
  function answerRow(details, question, number) {
    const summary = details.querySelector("summary");
    const input = make("input", { type: "radio", name: question + "-answer", value: number, required: "" });
    const label = make("label", {}, input, make("span", {}, ...summary.childNodes));
    summary.remove();
    const why = make("div", { class: "why", id: `${question}-why-${number}` }, ...details.childNodes);
    const live = make("div", { "aria-live": "polite" }, why); // is read aloud when it unfolds
    const row = make("div", { class: "answer" }, label, live);
    const right = details.hasAttribute("data-right");
    const unfold = (open) => {
      why.hidden = !open;
      row.classList.toggle("right", open && right);
      row.classList.toggle("wrong", open && !right);
      if (open) input.setAttribute("aria-describedby", why.id);
      else input.removeAttribute("aria-describedby");
    };
    return { number, row, input, right, unfold };
  }

  // One question. `onCheck` is called when an answer was checked; `checked` is that answer, or null.
  function questionCard(question, onCheck) {
    const asked = question.querySelector(".asked");
    const found = [...question.querySelectorAll(".answer")];
    const answers = found.map((details, index) => answerRow(details, question.id, index + 1));
    const more = [...question.children].filter((child) => child !== asked && !found.includes(child));
    const legend = make("legend", {}, ...asked.childNodes);
    const button = make("button", { type: "submit" });
    // autocomplete: Firefox would bring back a choice that was never checked
    const form = make("form", { class: "question", id: question.id, autocomplete: "off" },
      make("fieldset", {}, legend, ...more, ...answers.map((answer) => answer.row)), button);
    question.replaceWith(form);

    let checked = null;
    let all = false; // whether the other answers explain themselves, too

    const chosen = () => answers.find((answer) => answer.input.checked) ?? null;

    function show() {
      const known = checked !== null && chosen() === checked; // another one may be chosen since, and not checked yet
      for (const answer of answers) answer.unfold(known && (all || answer === checked));
      button.textContent = !(known && checked.right) ? "Check" : all ? "Hide the others" : "Why not the others?";
    }

    form.addEventListener("change", () => {
      all = false;
      show();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (chosen() === checked) {
        all = checked.right && !all;
      } else {
        checked = chosen();
        onCheck();
      }
      show();
    });
    show();

    return {
      get checked() { return checked; },
      restore(number) {
        form.reset();
        checked = answers[number - 1] ?? null;
        all = false;
        if (checked) checked.input.checked = true;
        show();
      },
      focus() { answers[0].input.focus(); },
    };
  }

  function quizCards(quiz) {
    const chapter = quiz.dataset.chapter;
    const score = make("span", { role: "status" });
    const again = make("button", { type: "button" }, "Try again");
    const cards = [...quiz.querySelectorAll(".question")].map((question) => questionCard(question, keep));
    quiz.append(make("p", { class: "score" }, score, again, make("a", { href: quiz.dataset.progress }, "Your progress")));

    function show() {
      const done = cards.filter((card) => card.checked);
      const left = cards.length - done.length;
      const right = done.filter((card) => card.checked.right).length;
      again.hidden = done.length === 0;
      score.textContent = done.length === 0 ? `${cards.length} questions` : `${right} of ${cards.length} right` + (left ? `, ${left} to go` : "");
    }

    function keep() {
      const marks = {};
      cards.forEach(({ checked }, index) => { if (checked) marks[index + 1] = { answer: checked.number, right: checked.right }; });
      store.update((record) => {
        if (Object.keys(marks).length) record.quiz[chapter] = marks;
        else delete record.quiz[chapter];
      });
      show();
    }

    function restore() {
      const marks = store.quiz(chapter);
      cards.forEach((card, index) => card.restore(marks[index + 1]?.answer));
      show();
    }

    again.addEventListener("click", () => {
      for (const card of cards) card.restore();
      keep();
      cards[0].focus();
    });
    addEventListener("storage", restore); // another tab answered
    restore();
  }

  document.querySelectorAll(".quiz").forEach(quizCards);
}
