// The operations of a policy in order, each with its sliders; and a menu to add one.

import { Slide, button, element, fillTrack } from "../shared/dom.js";
import { help } from "../shared/help.js";

export class OperationList {
  constructor(store) {
    this.store = store;
    this.closed = new Set(); // groups, by their keys
    this.list = element("div", { class: "gb-operations", role: "group", "aria-label": "Operations, in order" });
    this.adding = element("select", { "aria-label": "Add an operation", onchange: () => this.#add() });
    this.list.addEventListener("dragstart", (event) => (this.dragged = indexOf(event.target)));
    this.list.addEventListener("dragover", (event) => event.preventDefault());
    this.list.addEventListener("drop", (event) => this.#drop(event));
    const words = [
      element("span", {}, "probability", help("probability")),
      element("span", {}, "strength", help("strength")),
    ];
    this.el = element("div", {}, element("p", { class: "gb-words" }, ...words), this.list, this.adding);
  }

  draw() {
    const { store } = this;
    if (this.drawnOperations !== store.operations) {
      this.drawnOperations = store.operations;
      this.adding.replaceChildren(...this.#menu());
    }
    if (this.drawnVersion === store.version) return;
    this.drawnVersion = store.version;
    const focused = this.list.querySelector(":focus");
    this.list.replaceChildren(...this.#groups().map((group) => this.#group(group)));
    if (focused) this.#refocus(indexOf(focused), focused.getAttribute("aria-label"));
  }

  // Operations to add, under their headings.
  #menu() {
    const menus = new Map();
    for (const [name, operation] of Object.entries(this.store.operations)) {
      if (operation.idle) continue;
      if (!menus.has(operation.group)) menus.set(operation.group, {});
      menus.get(operation.group)[name] = operation;
    }
    const groups = [...menus].map(([label, named]) => element("optgroup", { label }, ...optionsOf("", named).slice(1)));
    return [element("option", { value: "" }, "+ Add operation…"), ...groups];
  }

  // Neighbours of one kind stand together; the order is that of the policy.
  #groups() {
    const groups = [];
    for (const [index, part] of this.store.parts.entries()) {
      const heading = this.#heading(part);
      if (groups.at(-1)?.heading !== heading) {
        const nth = groups.filter((group) => group.heading === heading).length;
        groups.push({ heading, key: `${heading} ${nth}`, indices: [] });
      }
      groups.at(-1).indices.push(index);
    }
    return groups;
  }

  #heading(part) {
    if (part.choice) return "Choice";
    return part.mix ? "Mix" : this.store.operations[part.name].group;
  }

  #group({ heading, key, indices }) {
    const parts = indices.map((index) => this.store.parts[index]);
    const on = parts.filter(({ off }) => !off).length;
    const names = parts.map(nameOf).join(", ");
    const amount = on < parts.length ? `${on} of ${parts.length} on` : names;
    const title = `${names}: fold or unfold`;
    const summary = element("summary", { title }, element("b", {}, heading), element("span", {}, amount));
    const items = parts.map((part, i) => this.#item(part, indices[i]));
    const group = element(
      "details",
      { open: !this.closed.has(key), ontoggle: () => this.closed[group.open ? "delete" : "add"](key) },
      summary,
      element("ol", {}, ...items),
    );
    return group;
  }

  #switch(part, index) {
    const box = element("input", {
      type: "checkbox",
      role: "switch",
      checked: !part.off,
      title: "On or off, with its strength kept",
      "aria-label": `On: ${nameOf(part)}`,
      onchange: () => {
        const set = (parts) => {
          parts[index] = { ...parts[index] };
          if (box.checked) delete parts[index].off;
          else parts[index].off = true;
        };
        this.store.edit(set, { announcement: `${nameOf(part)} is ${box.checked ? "on" : "off"}` });
      },
    });
    return box;
  }

  // What a choice or mix is made of.
  #members(operations) {
    const { store } = this;
    const text = ({ name, strength }) => {
      const { fixed, strengths } = store.operations[name];
      return element("li", {}, spaced(name), fixed ? "" : ` ${strengths[Math.round(200 * strength)]}`);
    };
    const heading = element("summary", {}, "What it holds");
    return element("details", { class: "gb-members" }, heading, element("ul", {}, ...operations.map(text)));
  }

  #at(index) {
    return this.list.querySelector(`li[data-index="${index}"]`);
  }

  #item(part, index) {
    const { store } = this;
    const group = part.choice || part.mix;
    const operation = store.operations[part.name];
    const act = (text, label, press, disabled) =>
      button(text, label, press, { "aria-label": `${label}: ${nameOf(part)}`, disabled });
    const sweep = act("Sweep", "Show five strengths", () => store.sweep(index), operation?.fixed);
    const last = index === store.parts.length - 1;
    const title = group ? group.map(({ name }) => name).join(", ") : operation?.text;
    return element(
      "li",
      { class: `gb-operation${part.off ? " gb-off" : ""}`, draggable: true, "data-index": index },
      element(
        "div",
        { class: "gb-operation-head" },
        this.#switch(part, index),
        element("b", { title }, nameOf(part)),
        group ? null : sweep,
        act("↑", "Move up", () => this.#move(index, index - 1, "Move up"), index === 0),
        act("↓", "Move down", () => this.#move(index, index + 1, "Move down"), last),
        act("×", "Remove", () => this.#remove(index)),
      ),
      operation?.idle ? element("p", { class: "gb-hint" }, "nothing to do on grey images") : null,
      group ? this.#members(group) : this.#slider("probability", part, index),
      group || operation?.fixed ? null : this.#slider("strength", part, index),
    );
  }

  // On the control of the same name, if the operation at this place has it.
  #refocus(index, label) {
    this.#at(index)?.querySelector(`[aria-label="${label}"]`)?.focus();
  }

  #slider(name, part, index) {
    const { store } = this;
    const output = element("output");
    const say = (value) => {
      output.textContent =
        name === "strength"
          ? store.operations[part.name].strengths[Math.round(200 * value)]
          : `${Math.round(100 * value)} %`;
      slide.input.setAttribute("aria-valuetext", output.textContent);
      fillTrack(slide.input);
    };
    const moved = () => {
      const { value } = slide;
      say(value);
      const set = (parts) => (parts[index] = { ...parts[index], [name]: value });
      store.edit(set, { group: `${index} ${name}` });
    };
    const bounds = { min: 0, max: 1, step: 0.01, value: part[name], "aria-label": `${name} of ${part.name}` };
    const slide = new Slide(bounds, moved, (ended) => store.settle(ended));
    say(part[name]);
    return element("label", {}, element("span", {}, name), slide.input, output);
  }

  #add() {
    const name = this.adding.value;
    this.adding.value = "";
    if (!name) return;
    const { strength, group } = this.store.operations[name];
    for (const key of this.closed) if (key.startsWith(group)) this.closed.delete(key);
    const add = (parts) => parts.push({ name, strength, probability: 1 });
    this.store.edit(add, { announcement: `${name} added` });
  }

  // The focus stays on the same button of the operation that moves, where it can still move on.
  #move(from, to, label) {
    const announcement = `${nameOf(this.store.parts[from])} is now number ${to + 1}`;
    this.store.edit((parts) => parts.splice(to, 0, ...parts.splice(from, 1)), { announcement });
    const item = this.#at(to);
    const same = label && item?.querySelector(`button[aria-label^="${label}"]:enabled`);
    (same || item?.querySelector('button[aria-label^="Move"]:enabled'))?.focus();
  }

  #remove(index) {
    const announcement = `${nameOf(this.store.parts[index])} removed`;
    this.store.edit((parts) => parts.splice(index, 1), { announcement });
    const next = this.#at(Math.min(index, this.store.parts.length - 1));
    (next?.querySelector('button[aria-label^="Remove"]') ?? this.adding).focus();
  }

  #drop(event) {
    event.preventDefault();
    const onto = indexOf(event.target);
    if (onto != null && this.dragged != null && this.dragged !== onto) this.#move(this.dragged, onto);
    this.dragged = null;
  }
}

// The options of a menu: a title, and names with what they do.
export function optionsOf(title, named) {
  const names = Object.entries(named).map(([name, { text }]) =>
    element("option", { value: name, title: text }, spaced(name)),
  );
  return [element("option", { value: "" }, title), ...names];
}

function nameOf(part) {
  if (part.choice) return `${part.times} of ${part.choice.length} operations`;
  return part.mix ? `mix of ${part.mix.length} operations` : spaced(part.name);
}

function spaced(name) {
  return name.replace("_", " ");
}

function indexOf(target) {
  const item = target.closest("[data-index]");
  return item ? Number(item.dataset.index) : null;
}
