// Marks the exercises that are solved, by store.js.

for (const help of document.querySelectorAll(".help[data-exercise]")) {
  if (store.isSolved(help.dataset.exercise)) {
    const mark = document.createElement("span");
    mark.className = "solved";
    mark.textContent = "Solved";
    help.closest("section").querySelector("h3").append(mark);
  }
}
