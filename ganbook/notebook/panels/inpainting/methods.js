// The methods to fill with, and whether their results are scored.

import { element } from "../shared/dom.js";
import { help, withHelp } from "../shared/help.js";

export class Methods {
  constructor(store) {
    this.store = store;
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
    this.el = element("div", { class: "gb-choices" }, this.list, withHelp(scored, help("score")));
  }

  draw() {
    const { about, image, silent } = this.store;
    if (image) this.scored.checked = image.scored;
    this.scored.disabled = !image?.scorable || silent;
    if (!about || this.drawn === about) return;
    this.drawn = about;
    this.list.replaceChildren(...about.methods.map((method) => this.#method(method)), this.#candidates());
  }

  #method({ name, why }) {
    const { ticked } = this.store;
    const box = element("input", {
      type: "checkbox",
      disabled: Boolean(why),
      checked: ticked.has(name),
      onchange: () => {
        ticked[box.checked ? "add" : "delete"](name);
        this.store.changed();
      },
    });
    const label = element("label", { class: "gb-check", title: why || null }, box, name);
    return withHelp(label, help("method.", name));
  }

  #candidates() {
    const { store } = this;
    const select = element("select", {
      "aria-label": "Candidates",
      title: "Candidates of each method that makes several",
      onchange: () => (store.candidates = Number(select.value)),
    });
    const option = (n) => element("option", { value: n, selected: n === store.candidates }, String(n));
    select.append(...[1, 2, 4, 8].map(option));
    return withHelp(element("label", { class: "gb-check" }, "candidates", select), help("candidates"));
  }
}
