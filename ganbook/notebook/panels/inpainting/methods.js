// The methods to fill with, and whether their results are scored.

import { element, setText } from "../shared/dom.js";
import { help, withHelp } from "../shared/help.js";

export class Methods {
  constructor(store) {
    this.store = store;
    this.boxes = new Map(); // by method
    this.list = element("div", { class: "gb-row gb-methods", role: "group", "aria-label": "Methods" });
    this.scored = element("input", {
      type: "checkbox",
      onchange: () => store.press("score", { known: this.scored.checked }),
    });
    const scored = element(
      "label",
      { class: "gb-check", title: "Turn off if you are removing something" },
      this.scored,
      "Score against the original (PSNR, SSIM)",
    );
    this.times = element("p", { class: "gb-advice gb-times" });
    this.el = element("div", { class: "gb-choices" }, this.list, this.times, withHelp(scored, help("score")));
  }

  draw() {
    const { about, image, silent, ticked, candidates } = this.store;
    if (image) this.scored.checked = image.scored;
    this.scored.disabled = !image?.scorable || silent;
    if (!about) return;
    if (this.drawn !== about) {
      this.drawn = about;
      this.list.replaceChildren(...about.methods.map((method) => this.#method(method)), this.#candidates());
    }
    for (const [name, box] of this.boxes) box.checked = ticked.has(name);
    setText(this.times, this.store.timesInWords);
    this.#offer(candidates);
    this.select.value = String(candidates);
  }

  #method({ name, why }) {
    const box = element("input", {
      type: "checkbox",
      disabled: Boolean(why),
      onchange: () => this.store.tick(name, box.checked),
    });
    this.boxes.set(name, box);
    const label = element("label", { class: "gb-check", title: why || null }, box, name);
    return withHelp(label, help("method.", name));
  }

  #candidates() {
    const { store } = this;
    this.select = element("select", {
      "aria-label": "Candidates",
      title: "Candidates of each method that makes several",
      onchange: () => (store.candidates = Number(this.select.value)),
    });
    for (const count of [1, 2, 4, 8]) this.#offer(count);
    return withHelp(element("label", { class: "gb-check" }, "candidates", this.select), help("candidates"));
  }

  // Python may ask for any number of them.
  #offer(count) {
    const offered = [...this.select.options].map(({ value }) => Number(value));
    if (!offered.includes(count)) this.select.append(element("option", { value: count }, String(count)));
  }
}
