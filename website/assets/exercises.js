// Marks the exercises that are solved, by store.js; also those that are solved in the page, by live.js.

{
  const help = (key) => document.querySelector(`.help[data-exercise="${key}"]`);

  function mark(key) {
    const heading = help(key)?.closest("section").querySelector("h3");
    if (!heading || heading.querySelector(".solved")) return;
    const sign = document.createElement("span");
    sign.className = "solved";
    sign.textContent = "Solved";
    heading.append(sign);
  }

  for (const { dataset } of document.querySelectorAll(".help[data-exercise]")) {
    if (store.isSolved(dataset.exercise)) mark(dataset.exercise);
  }
  document.addEventListener("solved", ({ detail }) => mark(detail));
}
