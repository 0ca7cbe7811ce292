// The runs in a table: sorted by a click on a heading, ticked to be drawn, opened, renamed, noted, deleted.

import { button, element } from "../shared/dom.js";

const COLUMNS = {
  name: "run",
  state: "state",
  step: "step",
  quality: "quality",
  data: "data",
  network: "network",
  created: "created",
  note: "note",
};
export const COLOURS = 6; // runs that can be told apart

// Numbers by their size, what has none last; words as people sort them.
function compare(a, b, by) {
  if (by in a.order) return (a.order[by] ?? Infinity) - (b.order[by] ?? Infinity) || 0;
  return a[by].localeCompare(b[by], "en", { numeric: true });
}

export class RunsTable {
  constructor(store) {
    this.store = store;
    this.sorted = { by: null, down: false }; // by null: newest first, as they come
    this.table = element("table", { "aria-label": "Runs" });
    this.el = element("div", { class: "gb-scroll" }, this.table);
  }

  draw(filter) {
    const { store } = this;
    const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
    const text = ({ order: _, ...row }) => Object.values(row).join(" ").toLowerCase();
    const rows = store.rows.filter((row) => words.every((word) => text(row).includes(word)));
    const { by, down } = this.sorted;
    if (by) rows.sort((a, b) => (down ? -1 : 1) * compare(a, b, by));
    const key = JSON.stringify([rows, store.ticked, this.sorted, store.silent]);
    // What somebody types into stays.
    if (key === this.drawn || this.table.querySelector("input[type=text]:focus")) return;
    this.drawn = key;
    const focus = document.activeElement?.closest?.(".gb-runs") ? document.activeElement.dataset.act : null;
    const body = rows.length
      ? rows.map((row) => this.#row(row))
      : [element("tr", {}, element("td", { colspan: 10 }, this.#nothing(words)))];
    this.table.replaceChildren(element("thead", {}, this.#head()), element("tbody", {}, ...body));
    if (focus) this.table.querySelector(`[data-act="${CSS.escape(focus)}"]`)?.focus();
  }

  #nothing(words) {
    return words.length ? "No run holds these words." : "There are no runs here yet: %gan_train starts one.";
  }

  #head() {
    const cells = Object.entries(COLUMNS).map(([name, title]) => {
      const { by, down } = this.sorted;
      const press = () => {
        this.sorted = by === name && down ? { by: null } : { by: name, down: by === name };
        this.store.changed();
      };
      const arrow = by === name ? (down ? " ↓" : " ↑") : "";
      const sort = button(`${title}${arrow}`, `Sort by ${title}`, press, {
        class: "gb-plain",
        "data-act": `sort ${name}`,
      });
      const order = by === name ? (down ? "descending" : "ascending") : "none";
      return element("th", { scope: "col", class: `gb-${name}`, "aria-sort": order }, sort);
    });
    return element("tr", {}, element("th", {}, ""), ...cells, element("th", {}, ""));
  }

  #row(row) {
    const { store } = this;
    const { name } = row;
    const at = store.ticked.indexOf(name);
    const tick = element("input", {
      type: "checkbox",
      checked: at >= 0,
      disabled: row.damaged || (at < 0 && store.ticked.length >= COLOURS),
      "aria-label": `Draw the curves of ${name}`,
      "data-act": `tick ${name}`,
      onchange: () => store.tick(name, tick.checked),
    });
    const swatch = element("i", { class: at >= 0 ? `gb-swatch gb-colour-${at}` : "gb-swatch" });
    const open = button(name, "Open its panel below", () => store.send({ do: "show_run", name }), {
      class: "gb-plain gb-link",
      disabled: row.damaged || store.silent,
      "data-act": `open ${name}`,
    });
    const steps = row.of?.endsWith(" steps");
    const timed = row.of && row.of !== "no end" ? ` · ${row.seconds} of ${row.of}` : "";
    const of = steps ? ` of ${row.of.replace(" steps", "")}` : timed;
    const cells = {
      name: [open, ...[`${row.data} · ${row.network}`, row.created].map((text) => element("small", {}, text))],
      state: row.state,
      step: row.step + of,
      quality: row.quality,
      data: row.data,
      network: row.network,
      created: row.created,
      note: this.#field(row.note, `Note on ${name}`, (text) => store.send({ do: "note", name, text })),
    };
    const shown = Object.keys(COLUMNS).map((column) =>
      element("td", { class: `gb-${column}` }, ...[cells[column]].flat()),
    );
    return element("tr", {}, element("td", {}, tick, swatch), ...shown, element("td", {}, ...this.#actions(row)));
  }

  #actions({ name }) {
    const { store } = this;
    const off = store.silent;
    const rename = button("Rename", `Rename ${name}`, () => this.#rename(name, rename), {
      class: "gb-small",
      disabled: off,
    });
    const remove = button("Delete", `Delete ${name}; Undo brings it back`, () => store.send({ do: "delete", name }), {
      class: "gb-small",
      disabled: off,
    });
    return [rename, remove];
  }

  // The name becomes a field until Enter or Escape.
  #rename(name, pressed) {
    const cell = pressed.closest("tr").querySelector(".gb-name");
    const field = this.#field(name, `New name of ${name}`, (text) => {
      if (text !== name) this.store.send({ do: "rename", name, new: text });
    });
    cell.replaceChildren(field);
    field.focus();
    field.select();
    field.addEventListener("blur", () => this.#again());
  }

  #again() {
    this.drawn = null;
    setTimeout(() => this.store.changed());
  }

  // A field that is taken over by Enter, or when it is left; Escape leaves it as it was.
  #field(value, label, changed) {
    const field = element("input", {
      type: "text",
      value,
      "aria-label": label,
      onkeydown: (event) => {
        event.stopPropagation();
        if (event.key === "Escape") field.value = value;
        if (event.key === "Escape" || event.key === "Enter") field.blur();
      },
      onchange: () => field.value.trim() !== value && changed(field.value.trim()),
    });
    return field;
  }
}
