// The site's one script of its own. Without it every page reads the same: terms and citations are plain links.

// --- Cards: a link to a term or a citation shows its definition or entry on hover, on focus, and on the first tap. ---
const card = document.createElement("div");
card.id = "hover-card";
card.setAttribute("role", "tooltip");
card.hidden = true;
document.body.append(card);

let opener = null; // the link whose card is open
let timer = 0;

function open(link) {
  clearTimeout(timer);
  const source = document.getElementById("card-" + decodeURIComponent(link.hash.slice(1)));
  if (!source || opener === link) return;
  close();
  opener = link;
  const more = document.createElement("p");
  more.className = "more";
  const anchor = document.createElement("a");
  anchor.href = link.href;
  anchor.tabIndex = -1; // the link itself leads there; this one is for fingers
  anchor.textContent = link.classList.contains("cite") ? "All references" : "Open in the glossary";
  more.append(anchor);
  card.replaceChildren(...source.cloneNode(true).childNodes, more);
  card.hidden = false;
  link.setAttribute("aria-describedby", card.id);
  place(link);
}

function place(link) {
  const box = link.getClientRects()[0];
  const left = Math.min(box.left, document.documentElement.clientWidth - card.offsetWidth - 12);
  const below = box.bottom + 8;
  const fits = below + card.offsetHeight < window.innerHeight || box.top < card.offsetHeight + 8;
  card.style.left = Math.max(12, left) + window.scrollX + "px";
  card.style.top = (fits ? below : box.top - card.offsetHeight - 8) + window.scrollY + "px";
}

function close() {
  clearTimeout(timer);
  card.hidden = true;
  opener?.removeAttribute("aria-describedby");
  opener = null;
}

function closeSoon() { // leaves time to move the pointer from the link into the card
  clearTimeout(timer);
  timer = setTimeout(close, 250);
}

for (const link of document.querySelectorAll("a.term, a.cite")) {
  let touched = false;
  link.addEventListener("pointerenter", (event) => { if (event.pointerType === "mouse") timer = setTimeout(open, 120, link); });
  link.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") closeSoon(); });
  link.addEventListener("pointerdown", (event) => { touched = event.pointerType === "touch" && opener !== link; });
  link.addEventListener("focus", () => { if (link.matches(":focus-visible")) open(link); });
  link.addEventListener("blur", closeSoon);
  link.addEventListener("click", (event) => {
    if (touched && document.getElementById("card-" + link.hash.slice(1))) { // the first tap opens, the second follows
      event.preventDefault();
      open(link);
    }
    touched = false;
  });
}
card.addEventListener("pointerenter", () => clearTimeout(timer));
card.addEventListener("pointerleave", closeSoon);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
document.addEventListener("pointerdown", (event) => { if (opener && !card.contains(event.target) && !opener.contains(event.target)) close(); });

// --- What scrolls sideways can be reached and scrolled with the keyboard, but only where there is something to scroll. ---
const names = [["pre", "Code"], [".scrolls", "Equation"], [".pst-scrollable-table-container", "Table"], [".output.text_html", "Output"]];

function markScrollable() {
  for (const [selector, name] of names) {
    for (const element of document.querySelectorAll(".bd-article " + selector)) {
      const scrolls = element.scrollWidth > element.clientWidth + 1;
      if (scrolls) {
        element.tabIndex = 0;
        element.setAttribute("role", "region");
        element.setAttribute("aria-label", name + ", scrolls sideways");
        element.addEventListener("scroll", fade, { passive: true });
      } else {
        for (const attribute of ["tabindex", "role", "aria-label"]) element.removeAttribute(attribute);
      }
      fade({ target: element });
    }
  }
}

function fade({ target }) { // the right edge fades as long as something is hidden behind it
  target.classList.toggle("goes-on", target.scrollLeft + target.clientWidth < target.scrollWidth - 1);
}
window.addEventListener("load", markScrollable);
window.addEventListener("resize", markScrollable);
document.addEventListener("toggle", markScrollable, true); // a <details> that opens
