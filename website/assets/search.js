// What the search page shows of a page that it found: running text, without the page's frame, formulae said once.

const NOISE = [
  "script, style, nav, .headerlink, .bd-header-article, #jb-print-docs-body, .chapter-card, .cards, .report, .where",
  ".see, .letters, .find, .prev-next-footer, .bd-sidebar-secondary, .bd-footer-content, .hide, .katex-html, annotation",
].join(", ");

Search.htmlToText = (html, anchor) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  page.querySelectorAll(NOISE).forEach((element) => element.remove());
  // A line of its own does not run into the next one.
  page.querySelectorAll("h1, h2, h3, p, li, td, th, pre").forEach((element) => element.append(" "));
  const place = (anchor && page.querySelector(`[role="main"] ${anchor}`)) || page.querySelector("article");
  return place ? place.textContent.replace(/\s+/g, " ").trim() : "";
};
