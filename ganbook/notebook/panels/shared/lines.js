// Lines of text, each with its mark: known, repeated or wrong ones are told by more than colour.

import { element, setText } from "./dom.js";

const MARKS = {
  known: ["=", "in the training data"],
  again: ["″", "more than once"],
  wrong: ["✗", "wrong"],
};

export class Lines {
  // pick: called with the number of a line that is chosen; without it, lines only show
  constructor({ pick = null } = {}) {
    this.pick = pick;
    this.list = element("ol");
    this.key = element("p", { class: "gb-lines-key" });
    this.el = element("div", { class: "gb-lines" }, this.list, this.key);
    this.drawn = "";
  }

  // rows: [mark, line]
  draw(rows, name, picked = null) {
    const key = JSON.stringify([rows, picked]);
    if (key === this.drawn) return;
    this.drawn = key;
    const found = new Map();
    rows.forEach(([mark, line], i) => {
      found.set(mark, (found.get(mark) ?? 0) + 1);
      const [sign, words] = MARKS[mark] ?? ["", "new"];
      const item = this.list.children[i] ?? this.#item(i);
      item.className = `gb-said-${mark}`;
      item.title = words;
      const holder = item.firstChild;
      setText(holder.firstChild, sign);
      setText(holder.lastChild, line);
      holder.setAttribute("aria-label", mark === "new" ? line : `${line}, ${words}`);
      if (this.pick) holder.setAttribute("aria-pressed", String(i === picked));
    });
    while (this.list.children.length > rows.length) this.list.lastChild.remove();
    this.list.setAttribute("aria-label", name);
    const known = Object.entries(MARKS).filter(([mark]) => found.has(mark));
    setText(this.key, known.map(([mark, [sign, words]]) => `${sign} ${words} (${found.get(mark)})`).join(" · "));
  }

  #item(number) {
    const parts = [element("i", { "aria-hidden": "true" }), element("bdi")];
    const holder = this.pick
      ? element("button", { type: "button", onclick: () => this.pick(number) }, ...parts)
      : element("span", {}, ...parts);
    const item = element("li", {}, holder);
    this.list.append(item);
    return item;
  }
}

// Read a preview: a line each, its mark before a tab.
export function markedLines(text) {
  const rows = text.split("\n").filter(Boolean);
  return rows.map((row) => [row.slice(0, row.indexOf("\t")), row.slice(row.indexOf("\t") + 1)]);
}
