// Live cells: Run, Edit, Reset and Stop for the cells that Python in the browser can run. Python itself, and all that
// speaks with it, comes with the first click (website/live). Without this script a page shows its stored outputs.

const live = (() => {
  const config = JSON.parse(document.getElementById("live-config").textContent);
  const folder = new URL(config.folder, document.baseURI).href; // its name changes with its content
  const PREFIX = `neural-networks-by-hand/${config.chapter}/`;

  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  // ---------- the reader's own versions of cells, kept in this browser ----------

  const edits = {
    memory: new Map(), // where the browser refuses to keep them
    get(key) {
      if (this.memory.has(key)) return this.memory.get(key);
      try {
        return localStorage.getItem(PREFIX + key);
      } catch {
        return null;
      }
    },
    // Says whether it is kept beyond this page.
    set(key, code) {
      try {
        if (code === null) localStorage.removeItem(PREFIX + key);
        else localStorage.setItem(PREFIX + key, code);
        this.memory.delete(key);
        return true;
      } catch {
        this.memory.set(key, code);
        return false;
      }
    },
    // Those of no cell of the page: the book has changed the cell since, or two tabs wrote at once.
    orphans(known) {
      try {
        const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length));
        return keys.filter((key) => !known.has(key));
      } catch {
        return [];
      }
    },
  };

  // Code of the reader's that stands in no cell is shown at the end of the page.
  const orphans = {
    list: make("ul"),
    show(key) {
      const drop = make("button", { type: "button" }, "Discard");
      const item = make("li", {}, make("pre", {}, edits.get(key)), drop);
      drop.addEventListener("click", () => {
        edits.set(key, null);
        item.remove();
      });
      this.list.append(item);
      if (this.list.isConnected) return;
      document.querySelector(".bd-article h1").closest("section").append(
        make("details", { class: "live-orphans" }, make("summary", {}, "Code of yours that stands in no cell"), this.list));
    },
  };

  // ---------- a cell ----------

  class Cell {
    constructor(element, place, { key, check, data }) {
      Object.assign(this, { element, place, key, data: data ?? [] });
      this.input = element.querySelector(".cell_input");
      this.stored = element.querySelector(":scope > .cell_output");
      this.fold = this.input.closest("details.hide");
      this.original = this.input.querySelector("pre").textContent.replace(/\n$/, "");
      this.kept = edits.get(key); // what the browser keeps, as far as this page knows
      this.code = this.kept ?? this.original;
      this.output = null; // what the last run gave, once there was one
      this.editor = null;

      const button = (name, act) => {
        const made = make("button", { type: "button" }, name);
        made.addEventListener("click", act);
        return made;
      };
      this.buttons = {
        run: button(check ? "Check" : "Run", () => this.act("run")),
        stop: button("Stop", () => this.act("stop")),
        edit: button("Edit", () => this.act("edit")),
        above: button("Run all above", () => this.act("above")),
        reset: button("Reset", () => this.reset()),
      };
      this.buttons.run.className = "first";
      this.status = make("span", { role: "status" });
      this.tools = make("div", { class: "live-tools" }, ...Object.values(this.buttons), this.status);
      // A fold of nothing but imports keeps its buttons inside.
      if (this.fold && !this.stored) this.input.after(this.tools);
      else (this.fold ?? this.input).after(this.tools);
      if (place === cells.findIndex(Boolean) || cells.every((cell) => !cell)) this.buttons.above.hidden = true;
      this.show();
    }

    get edited() { return this.code !== this.original; }

    // The code as text, until an editor is opened.
    show() {
      const highlight = this.input.querySelector(":scope > [class^='highlight-']");
      this.own?.remove();
      this.own = null;
      highlight.hidden = this.editor !== null || this.edited;
      if (this.edited && !this.editor) {
        this.own = make("div", { class: "own highlight" }, make("pre", {}, this.code));
        this.input.append(this.own);
      }
      this.element.classList.toggle("edited", this.edited);
      this.buttons.stop.hidden = !this.busy;
      this.buttons.edit.hidden = this.editor !== null;
      this.buttons.reset.hidden = !this.edited && !this.output && !this.editor;
    }

    set busy(is) {
      if (is) this.element.setAttribute("aria-busy", "true");
      else this.element.removeAttribute("aria-busy");
      this.buttons.run.disabled = this.buttons.above.disabled = is;
      this.show();
    }

    get busy() { return this.element.hasAttribute("aria-busy"); }

    // Mark the line that an error came from; 0 takes the mark away.
    mark(line) {
      this.band?.remove();
      if (this.editor) this.editor.mark(line);
      else if (line > 0) {
        const pre = this.input.querySelector(":scope > :not([hidden]) pre");
        const style = getComputedStyle(pre);
        this.band = make("div", { class: "live-wrong-line", "aria-hidden": "true" });
        this.band.style.height = style.lineHeight;
        this.band.style.top = `calc(${pre.offsetTop}px + ${style.paddingTop} + ${line - 1} * ${style.lineHeight})`;
        this.input.append(this.band);
      }
    }

    say(text, wrong = false) {
      this.status.textContent = text;
      this.status.classList.toggle("wrong", wrong);
    }

    // The reader has changed the code, here: each letter is kept, and other tabs follow.
    change(code) {
      const other = edits.get(this.key);
      if (other !== this.kept && other !== null && other !== code) { // another tab wrote, and we have not heard of it yet
        const key = `${this.key}~${Date.now()}`;
        edits.set(key, other);
        orphans.show(key);
        this.say("Another tab wrote here at the same time. What it wrote stands at the end of the page.", true);
      }
      this.code = code;
      this.kept = this.edited ? code : null;
      if (!edits.set(this.key, this.kept)) this.say("Your browser keeps nothing for this site: what you write lasts until you leave this page.", true);
      this.element.classList.toggle("edited", this.edited);
      this.buttons.reset.hidden = false;
    }

    // Another tab may have changed the code: this one follows, also in its editor.
    follow() {
      const kept = edits.get(this.key);
      if (kept === this.kept) return;
      this.kept = kept;
      this.code = kept ?? this.original;
      this.mark(0);
      this.editor?.write(this.code);
      this.show();
      this.say("Changed in another tab.");
    }

    reset() {
      const focused = this.tools.contains(document.activeElement);
      this.editor?.destroy();
      this.editor = null;
      this.code = this.original;
      this.kept = null;
      edits.set(this.key, null);
      this.output?.remove();
      this.output = null;
      if (this.stored) this.stored.hidden = false;
      this.say("");
      this.mark(0);
      this.show();
      if (focused) this.buttons.run.focus();
    }

    // What takes more than this script.
    async act(what) {
      if (what === "edit" && this.fold) this.fold.open = true;
      if (what === "run" || what === "above") {
        if (this.busy) return;
        this.busy = true;
        this.say("Waiting for Python …");
      }
      try {
        const page = await load();
        await page[what](this);
      } catch (error) {
        this.busy = false;
        this.say(`A file is missing or blocked (${error.message}). Are you online? If the book was renewed since you opened this page, load it again: what you wrote is kept.`, true);
      }
    }
  }

  let loading = null;
  function load() {
    loading ??= import(folder + "page.mjs").then((module) => module.open(cells, folder));
    loading.catch(() => { loading = null; });
    return loading;
  }

  // ---------- all of them ----------

  const cells = [];
  if (location.protocol === "file:") return { cells }; // browsers run no such scripts for files on the disk
  const elements = [...document.querySelectorAll(".bd-article div.cell")];
  config.cells.forEach((facts, place) => { cells.push(facts.key ? new Cell(elements[place], place, facts) : null); });

  // Another tab has written; perhaps while this one was asleep.
  const follow = () => { for (const cell of cells) cell?.follow(); };
  for (const event of ["storage", "pageshow"]) addEventListener(event, follow);
  document.addEventListener("visibilitychange", follow);

  for (const key of edits.orphans(new Set(config.cells.map(({ key }) => key)))) orphans.show(key);
  return { cells };
})();
