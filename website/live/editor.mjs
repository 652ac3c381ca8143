// The editor: CodeMirror 6, fetched with the first Edit. Tab indents; Escape and then Tab leaves it, as always there.

import { defaultKeymap, history, historyKeymap, indentWithTab } from "./codemirror-commands.js";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "./codemirror-language.js";
import { python } from "./codemirror-lang-python.js";
import { EditorState, Prec, StateEffect, StateField } from "./codemirror-state.js";
import { Decoration, EditorView, drawSelection, keymap } from "./codemirror-view.js";
import { classHighlighter } from "./lezer-highlight.js";

// The line that an error came from, marked until something is written.
const markLine = StateEffect.define();
const marked = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    if (transaction.docChanged) marks = Decoration.none;
    for (const effect of transaction.effects) {
      if (effect.is(markLine)) {
        const { doc } = transaction.state;
        const there = effect.value >= 1 && effect.value <= doc.lines;
        marks = there ? Decoration.set(Decoration.line({ class: "live-wrong-line" }).range(doc.line(effect.value).from)) : Decoration.none;
      }
    }
    return marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

export function openEditor(cell, run) {
  cell.mark(0); // was for the code without an editor
  const host = document.createElement("div");
  host.className = "editor";
  cell.input.append(host);
  let following = false; // while another tab's text comes in
  const view = new EditorView({
    parent: host,
    state: EditorState.create({
      doc: cell.code,
      extensions: [
        Prec.highest(keymap.of([{ key: "Shift-Enter", run: () => (run(), true) }, { key: "Mod-Enter", run: () => (run(), true) }])),
        history(), drawSelection(), indentOnInput(), bracketMatching(), indentUnit.of("    "), python(),
        syntaxHighlighting(classHighlighter), EditorView.lineWrapping, marked,
        EditorView.contentAttributes.of({ "aria-label": "Python code", autocapitalize: "off", autocorrect: "off", spellcheck: "false" }),
        EditorView.updateListener.of((update) => { if (update.docChanged && !following) cell.change(view.state.doc.toString()); }),
        keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
      ],
    }),
  });
  cell.editor = {
    write(code) {
      following = true;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: code } });
      following = false;
    },
    mark: (line) => view.dispatch({ effects: markLine.of(line) }),
    destroy() {
      view.destroy();
      host.remove();
    },
  };
  cell.show();
  view.focus();
}
