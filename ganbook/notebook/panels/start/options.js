// The further options of a training: one field each, empty where it is left to ganbook.

import { element } from "../shared/dom.js";
import { explained } from "../shared/help.js";

export class Options {
  constructor(changed) {
    this.changed = () => {
      this.#hide();
      changed();
    };
    this.controls = new Map(); // name -> { field, control, row }
    this.el = element("details", { class: "gb-more" }, element("summary", {}, "More options"));
  }

  draw(groups) {
    if (this.controls.size) return;
    for (const [title, fields] of groups) {
      const rows = fields.map((field) => this.#row(field));
      this.el.append(element("fieldset", {}, element("legend", {}, title), ...rows));
    }
  }

  // Leave out what has no meaning for data of a kind, or for the task, which is that of the data unless chosen.
  suit(kind, task) {
    this.of = { kind, task };
    this.#hide();
  }

  get task() {
    const { field, control } = this.controls.get("task");
    return control.value === field.default ? this.of?.task : control.value;
  }

  #hide() {
    if (!this.of) return;
    const { task } = this;
    for (const { field, row } of this.controls.values()) {
      const suits = !field.data_kinds.length || field.data_kinds.includes(this.of.kind);
      row.hidden = !suits || !field.tasks.includes(task);
    }
  }

  // What differs from the defaults, by name.
  get chosen() {
    const chosen = {};
    for (const [name, { field, control, row }] of this.controls) {
      if (row.hidden) continue;
      const value = field.kind === "boolean" ? control.checked : control.value.trim();
      if (field.kind === "boolean" ? value : value && value !== field.default) chosen[name] = read(field, value);
    }
    return chosen;
  }

  #row(field) {
    const control = this.#control(field);
    const title = field.name.replaceAll("_", " ");
    const question = explained({ title, meaning: `${field.help[0].toUpperCase()}${field.help.slice(1)}.` });
    const row = element("label", {}, element("span", {}, title, question), control);
    this.controls.set(field.name, { field, control, row });
    return row;
  }

  #control({ name, kind, choices, default: usual }) {
    const shared = { "aria-label": name.replaceAll("_", " "), onchange: this.changed };
    if (kind === "boolean") return element("input", { type: "checkbox", ...shared });
    if (kind === "choice" || kind === "switch") {
      const options = [...(usual ? [] : [""]), ...choices];
      const made = options.map((value) => element("option", { value, selected: value === usual }, value || "default"));
      return element("select", shared, ...made);
    }
    return element("input", { type: "text", placeholder: usual || "default", oninput: this.changed, ...shared });
  }
}

// Numbers as numbers; what is none stays as it is, and is refused in one line.
function read({ kind, choices }, value) {
  if (kind === "switch") return value === "yes";
  const numeric = ["integer", "number"].includes(kind) || (choices.length > 0 && choices.every(isNumber));
  return numeric && isNumber(value) ? Number(value) : value;
}

function isNumber(text) {
  return text !== "" && !Number.isNaN(Number(text));
}
