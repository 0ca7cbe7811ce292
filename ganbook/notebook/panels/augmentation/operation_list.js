// The operations of a policy in order, each with its sliders; and a menu to add one.

import { Slide, button, element, fillTrack } from "../shared/dom.js";
import { help } from "../shared/help.js";

export class OperationList {
  constructor(store) {
    this.store = store;
    this.list = element("ol", { class: "gb-operations", "aria-label": "Operations, in order" });
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
      this.adding.replaceChildren(...optionsOf("+ Add operation…", store.operations));
    }
    if (this.drawnVersion === store.version) return;
    this.drawnVersion = store.version;
    const focused = this.list.querySelector(":focus");
    this.list.replaceChildren(...store.parts.map((part, index) => this.#item(part, index)));
    if (focused) this.#refocus(indexOf(focused), focused.getAttribute("aria-label"));
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
      { class: "gb-operation", draggable: true, "data-index": index },
      element(
        "div",
        { class: "gb-operation-head" },
        element("b", { title }, nameOf(part)),
        group ? null : sweep,
        act("↑", "Move up", () => this.#move(index, index - 1, "Move up"), index === 0),
        act("↓", "Move down", () => this.#move(index, index + 1, "Move down"), last),
        act("×", "Remove", () => this.#remove(index)),
      ),
      group ? null : this.#slider("probability", part, index),
      group || operation?.fixed ? null : this.#slider("strength", part, index),
    );
  }

  // On the control of the same name, if the operation at this place has it.
  #refocus(index, label) {
    this.list.children[index]?.querySelector(`[aria-label="${label}"]`)?.focus();
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
    const { strength } = this.store.operations[name];
    const add = (parts) => parts.push({ name, strength, probability: 1 });
    this.store.edit(add, { announcement: `${name} added` });
  }

  // The focus stays on the same button of the operation that moves, where it can still move on.
  #move(from, to, label) {
    const announcement = `${nameOf(this.store.parts[from])} is now number ${to + 1}`;
    this.store.edit((parts) => parts.splice(to, 0, ...parts.splice(from, 1)), { announcement });
    const item = this.list.children[to];
    const same = label && item?.querySelector(`button[aria-label^="${label}"]:enabled`);
    (same || item?.querySelector('button[aria-label^="Move"]:enabled'))?.focus();
  }

  #remove(index) {
    const announcement = `${nameOf(this.store.parts[index])} removed`;
    this.store.edit((parts) => parts.splice(index, 1), { announcement });
    const next = this.list.children[Math.min(index, this.list.children.length - 1)];
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
    element("option", { value: name, title: text }, name.replace("_", " ")),
  );
  return [element("option", { value: "" }, title), ...names];
}

function nameOf(part) {
  if (part.choice) return `${part.times} of ${part.choice.length} operations`;
  return part.mix ? `mix of ${part.mix.length} operations` : part.name;
}

function indexOf(target) {
  const item = target.closest("li");
  return item ? Number(item.dataset.index) : null;
}
