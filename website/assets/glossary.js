// Find a term in the glossary while typing, by its name or any other name. Without this script the page is complete.

{
  const place = document.querySelector(".find");
  const field = document.getElementById("find-term");
  const terms = [...document.querySelectorAll("section.letter > section")].map((section) => {
    const also = section.querySelector("p > em:only-child")?.textContent ?? "";
    return { section, names: (section.querySelector("h3").firstChild.textContent + " " + also).toLowerCase() };
  });

  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    let count = 0;
    for (const { section, names } of terms) {
      section.hidden = !names.includes(wanted);
      count += !section.hidden;
    }
    for (const letter of document.querySelectorAll("section.letter"))
      letter.hidden = !letter.querySelector(":scope > section:not([hidden])");
    document.querySelectorAll("p.see").forEach((pointers) => { pointers.hidden = wanted !== ""; });
    place.querySelector('[role="status"]').textContent = wanted && (count === 1 ? "1 term" : `${count} terms`);
  });
  place.hidden = false;
}
