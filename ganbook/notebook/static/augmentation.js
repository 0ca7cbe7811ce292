// The augmentation panel: the list of operations on the left, what they do on the right.

import { Study } from "./study.js";
import { count, element } from "./words.js";

const ANSWER_MS = 4000;
const STEPS = 60; // how far one can undo

// One operation of the list, with its sliders.
function operation(view, part, place, kinds, last) {
  const several = part.choice || part.mix;
  const name = several ? (part.choice ? `${part.times} of ${several.length} operations` : `mix of ${several.length} operations`) : part.name;
  const button = (text, label, press, disabled) =>
    element("button", { type: "button", title: label, "aria-label": `${label}: ${name}`, onclick: press, disabled }, text);
  const slider = (what) => {
    const shown = element("output", {}, twoDigits(part[what]));
    const input = element("input", {
      type: "range", min: 0, max: 1, step: 0.01, value: part[what], "aria-label": `${what} of ${name}`,
      oninput: () => {
        fillIn(input);
        shown.textContent = twoDigits(Number(input.value));
        view.edit((parts) => (parts[place] = { ...parts[place], [what]: Number(input.value) }), `${place} ${what}`);
      },
      onchange: () => view.settle(),
    });
    fillIn(input);
    return element("label", {}, element("span", {}, what), input, shown);
  };
  const kind = kinds[part.name];
  return element("li", { class: "gb-operation", draggable: true, "data-place": place },
    element("div", { class: "gb-operation-head" }, element("b", { title: several ? several.map((p) => p.name).join(", ") : kind?.text }, name),
      several ? null : button("Sweep", "Show five strengths", () => view.sweep(place), kind?.fixed),
      button("↑", "Earlier", () => view.move(place, place - 1), place === 0),
      button("↓", "Later", () => view.move(place, place + 1), last),
      button("×", "Remove", () => view.remove(place))),
    several ? null : slider("probability"),
    several || kind?.fixed ? null : slider("strength"));
}

function fillIn(input) {
  input.style.setProperty("--gb-filled", input.value);
}

const twoDigits = (value) => value.toFixed(2);

class View {
  constructor(model, root) {
    this.model = model;
    this.stamp = 0; // of the newest question
    this.waiting = false;
    this.undone = [];
    this.past = [];
    this.parts = [];
    this.kinds = {};
    this.card = this.#card();
    root.append(this.card);
    this.take = (message, buffers) => this.#take(message, buffers || []);
    model.on("msg:custom", this.take);
    this.#send({ do: "hello" });
  }

  close() {
    this.model.off("msg:custom", this.take);
    clearTimeout(this.clock);
    if (this.url) URL.revokeObjectURL(this.url);
    this.study.close();
  }

  #card() {
    const button = (text, title, press) => element("button", { type: "button", title, onclick: press }, text);
    this.name = element("span", { class: "gb-options" }, "connecting…");
    this.presets = element("select", { "aria-label": "Ready policies", onchange: () => this.#preset() });
    this.undo = button("Undo", "Ctrl-Z", () => this.#back());
    this.redo = button("Redo", "Ctrl-Shift-Z", () => this.#forth());
    this.again = button("Draw again", "Another seed", () => this.#reseed());
    this.list = element("ol", { class: "gb-operations", "aria-label": "Operations, in order" });
    this.adding = element("select", { "aria-label": "Add an operation", onchange: () => this.#add() });
    this.heading = element("h4");
    this.back = button("Back to the draws", "", () => this.#change("change"));
    this.back.hidden = true;
    this.words = element("input", { type: "checkbox", onchange: () => this.card.classList.toggle("gb-wordy", this.words.checked) });
    this.sheet = element("img", { class: "gb-sheet", alt: "" });
    this.cells = element("div", { class: "gb-cells" });
    this.speed = element("meter", { min: 2, max: 6, "aria-label": "Speed" });
    this.foot = element("span");
    this.note = element("p", { class: "gb-note", hidden: true });
    this.code = element("pre");
    this.as = element("select", { "aria-label": "Language", onchange: () => this.#showCode() }, element("option", {}, "Python"), element("option", {}, "JSON"));
    this.copy = button("Copy", "Copy to the clipboard", () => this.#copyCode());
    this.live = element("div", { class: "gb-unseen", role: "status", "aria-live": "polite" });
    this.study = new Study((asked) => this.#send({ do: "study", asked, policy: this.#policy() }), () => this.model.send({ do: "halt" }));
    const drop = (event) => this.#drop(event);
    this.list.addEventListener("dragstart", (event) => (this.dragged = Number(event.target.closest("li").dataset.place)));
    this.list.addEventListener("dragover", (event) => event.preventDefault());
    this.list.addEventListener("drop", drop);
    return element("section", { class: "gb gb-augmentation", tabindex: "-1", "aria-label": "Augmentation", onkeydown: (event) => this.#key(event), onfocusin: (event) => this.#focus(event) },
      element("header", {}, element("div", { class: "gb-title" }, element("h3", {}, "Augment"), this.name),
        element("div", { class: "gb-controls" }, this.presets, this.undo, this.redo, this.again)),
      element("div", { class: "gb-body" },
        element("div", {}, this.list, this.adding),
        element("div", { class: "gb-view" },
          element("div", { class: "gb-heading" }, this.heading, this.back, element("label", { class: "gb-words" }, this.words, "what was done")),
          element("div", { class: "gb-stage" }, this.sheet, this.cells), this.note)),
      element("footer", {}, this.speed, this.foot),
      this.study.el,
      element("details", { class: "gb-code" }, element("summary", {}, "Copy as Python or JSON"), this.as, this.copy, this.code),
      this.live);
  }

  // Editing. What happens in one place in a row is undone in one step.

  edit(change, place = null) {
    const before = JSON.stringify(this.parts);
    if (place === null || place !== this.lastPlace) {
      this.past.push(before);
      this.past.splice(0, this.past.length - STEPS);
      this.undone = [];
    }
    this.lastPlace = place;
    change(this.parts);
    if (place === null) this.#list();
    this.#buttons();
    this.#change(place === null ? "settled" : "change");
  }

  settle() {
    this.lastPlace = null;
    this.#change("settled");
  }

  move(from, to) {
    this.edit((parts) => parts.splice(to, 0, ...parts.splice(from, 1)));
    this.#say(`${this.parts[to].name ?? "group"} is number ${to + 1} now`);
    this.list.children[to]?.querySelector("button:enabled")?.focus();
  }

  remove(place) {
    this.edit((parts) => parts.splice(place, 1));
    this.#say("removed");
  }

  #add() {
    const name = this.adding.value;
    this.adding.value = "";
    if (!name) return;
    this.edit((parts) => parts.push({ name, strength: this.kinds[name].strength, probability: 1 }));
    this.#say(`${name} added`);
  }

  #preset() {
    const name = this.presets.value;
    this.presets.value = "";
    if (name) this.edit((parts) => parts.splice(0, parts.length, ...structuredClone(this.ready[name])));
  }

  #back() {
    if (!this.past.length) return;
    this.undone.push(JSON.stringify(this.parts));
    this.#restore(this.past.pop(), "undone");
  }

  #forth() {
    if (!this.undone.length) return;
    this.past.push(JSON.stringify(this.parts));
    this.#restore(this.undone.pop(), "redone");
  }

  #restore(text, said) {
    this.parts = JSON.parse(text);
    this.lastPlace = null;
    this.#list();
    this.#change("settled");
    this.#say(said);
  }

  #reseed() {
    this.seed = (this.seed + 1) % 2 ** 31;
    this.#change("settled");
  }

  #drop(event) {
    event.preventDefault();
    const onto = event.target.closest("li");
    if (onto && this.dragged != null && this.dragged !== Number(onto.dataset.place)) this.move(this.dragged, Number(onto.dataset.place));
    this.dragged = null;
  }

  #key(event) {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
    event.preventDefault();
    event.stopPropagation();
    if (event.shiftKey) this.#forth();
    else this.#back();
  }

  #focus(event) {
    if (event.target.closest("input")) this.card.setAttribute("data-lm-suppress-shortcuts", "true");
    else this.card.removeAttribute("data-lm-suppress-shortcuts");
  }

  // Asking. One question is on its way at a time; while it is, only the newest next one is kept.

  #change(what) {
    this.#ask({ do: what });
  }

  sweep(place) {
    this.#ask({ do: "sweep", part: place });
  }

  #ask(question) {
    if (this.waiting) {
      const settled = this.next?.do === "settled" && question.do === "change";
      this.next = settled ? this.next : question;
      return;
    }
    this.waiting = true;
    this.stamp += 1;
    this.#send({ ...question, stamp: this.stamp, policy: this.#policy() });
  }

  #policy() {
    return JSON.stringify({ ganbook_policy: 1, seed: this.seed, operations: this.parts });
  }

  #send(content) {
    clearTimeout(this.clock);
    this.clock = setTimeout(() => this.#tell("No kernel answers. What is shown is the last that was known."), ANSWER_MS);
    try {
      this.model.send(content);
    } catch {
      this.#tell("No kernel answers. What is shown is the last that was known.");
    }
  }

  #take(message, buffers) {
    clearTimeout(this.clock);
    if (message.kind === "all") return this.#takeAll(message);
    if (message.kind === "study") return this.study.take(message, buffers[0]);
    if (message.stamp === this.stamp) this.waiting = false;
    this.#tell(message.kind === "said" ? message.text : "");
    if (message.kind === "shown") this.#takeShown(message, buffers[0]);
    if (message.kind === "sweep") this.#takeSweep(message, buffers[0]);
    if (!this.waiting && this.next) {
      const next = this.next;
      this.next = null;
      this.#ask(next);
    }
  }

  #takeAll({ data, kinds, presets }) {
    [this.data, this.kinds, this.ready] = [data, kinds, presets];
    const choices = (title, names) => [element("option", { value: "" }, title), ...names.map((name) => element("option", { value: name, title: kinds[name]?.text }, name.replace("_", " ")))];
    this.presets.replaceChildren(...choices("Presets…", Object.keys(presets)));
    this.adding.replaceChildren(...choices("+ Add operation…", Object.keys(kinds)));
  }

  #takeShown(shown, bytes) {
    if (shown.stamp === null) {
      // Set from Python, or this is the first one.
      [this.parts, this.seed] = [shown.policy.operations, shown.policy.seed];
      this.#list();
    }
    this.name.textContent = `${this.data} · seed ${shown.policy.seed}`;
    this.heading.textContent = `original, and ${shown.columns - 1} draws of each`;
    this.back.hidden = true;
    this.#picture(bytes, shown, shown.done);
    const safe = shown.leaks.length ? `a GAN could draw: ${shown.leaks.join(", ")}` : "safe for a GAN";
    this.speed.value = Math.log10(shown.speed);
    this.speed.title = `${count(shown.speed)} pictures a second`;
    this.foot.replaceChildren(element("b", {}, count(shown.speed)), ` pictures/s · ${shown.labels ? "keeps labels" : "mixes labels"} · `,
      element("span", { class: shown.leaks.length ? "" : "gb-safe" }, safe));
    [this.python, this.json] = [shown.python, shown.json];
    this.#showCode();
    this.#buttons();
    this.card.dataset.shown = shown.stamp ?? 0;
  }

  #takeSweep(sweep, bytes) {
    this.heading.textContent = `${sweep.name}: original, then strength ${sweep.strengths.join(" · ")}`;
    this.back.hidden = false;
    const said = Array.from({ length: sweep.rows * sweep.columns }, (_, i) => (i % sweep.columns ? `strength ${sweep.strengths[(i % sweep.columns) - 1]}` : ""));
    this.#picture(bytes, sweep, said);
  }

  #picture(bytes, { rows, columns }, said) {
    if (this.url) URL.revokeObjectURL(this.url);
    this.url = URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
    this.sheet.src = this.url;
    this.sheet.alt = `${rows} pictures, each as it is and ${columns - 1} times augmented`;
    this.cells.style.gridTemplate = `repeat(${rows}, 1fr) / repeat(${columns}, 1fr)`;
    this.cells.replaceChildren(...said.map((text, i) => element("div", { title: text || "as it is", class: i % columns ? "" : "gb-original" }, element("span", {}, text))));
  }

  // Drawing

  #list() {
    this.list.replaceChildren(...this.parts.map((part, i) => operation(this, part, i, this.kinds, i === this.parts.length - 1)));
  }

  #buttons() {
    this.undo.disabled = !this.past.length;
    this.redo.disabled = !this.undone.length;
  }

  #tell(text) {
    this.note.textContent = text;
    this.note.hidden = !text;
    if (text) this.waiting = false;
  }

  #say(text) {
    this.live.textContent = text;
  }

  #showCode() {
    this.code.textContent = this.as.value === "Python" ? this.python : this.json;
  }

  async #copyCode() {
    try {
      await navigator.clipboard.writeText(this.code.textContent);
      this.#say("copied");
    } catch {
      getSelection().selectAllChildren(this.code);
      this.#say("selected: copy with Ctrl-C");
    }
  }
}

export default () => ({
  render({ model, el }) {
    const still = `.ganbook-still-${CSS.escape(model.get("key"))}`;
    el.append(element("style", {}, `${still}, .jp-OutputArea-child:has(${still}) { display: none; }`));
    const view = new View(model, el);
    return () => view.close();
  },
});
