// The same noise through training: a slider over checkpoints that ends in "now".

import { count, element } from "./words.js";

const STEP_MS = 200;

export class Through {
  constructor(store, look) {
    Object.assign(this, { store, look });
    this.slider = element("input", { type: "range", min: "0", max: "0", value: "0", step: "1", "aria-label": "Through training", oninput: () => this.#dragged(false), onchange: () => this.#dragged(true) });
    this.play = element("button", { type: "button", class: "gb-play", onclick: () => this.#toggle() }, element("i", { "aria-hidden": "true" }));
    this.label = element("span", { class: "gb-when" });
    this.el = element("div", { class: "gb-time" }, this.play, this.slider, this.label);
  }

  close() {
    clearInterval(this.timer);
  }

  draw() {
    const { view, head } = this.store;
    this.el.hidden = !head.run;
    const { steps, look } = view, last = Math.max(0, steps.length - 1);
    this.slider.max = String(last);
    if (!this.dragging && !this.store.awaits("look")) this.slider.value = String(look.step == null ? last : steps.indexOf(look.step));
    if (steps.length < 2) this.slider.disabled = this.play.disabled = true;
    this.slider.style.setProperty("--gb-filled", last ? this.slider.value / last : 0);
    const at = steps[Number(this.slider.value)];
    this.label.textContent = at == null ? "" : `step ${count(at)}${Number(this.slider.value) === last ? " · newest" : ""}`;
    this.slider.setAttribute("aria-valuetext", this.label.textContent);
    this.play.classList.toggle("gb-playing", Boolean(this.timer));
    this.play.setAttribute("aria-label", this.timer ? "Stop playing" : "Play the samples through training");
    this.play.title = steps.length < 2 ? "One checkpoint was kept; --keep-checkpoints keeps more" : this.play.getAttribute("aria-label");
  }

  #dragged(lasting) {
    this.dragging = !lasting;
    this.#halt();
    this.#to(Number(this.slider.value), lasting);
  }

  #to(index, lasting) {
    const { steps } = this.store.view;
    this.slider.value = String(index);
    this.look(index >= steps.length - 1 ? null : steps[index], lasting);
  }

  #toggle() {
    if (this.timer) {
      this.#halt();
      this.draw();
      return;
    }
    const { steps } = this.store.view;
    let index = Number(this.slider.value) >= steps.length - 1 ? 0 : Number(this.slider.value);
    this.dragging = true;
    const next = () => {
      const last = index >= this.store.view.steps.length - 1;
      this.#to(index, last);
      index += 1;
      if (last) this.#halt();
    };
    this.timer = setInterval(next, STEP_MS);
    next();
    this.draw();
  }

  #halt() {
    clearInterval(this.timer);
    this.timer = null;
    this.dragging = false;
  }
}
