// The same noise through training: a slider over checkpoints that ends in the latest.

import { Slide, element, fillTrack, playButton, setText, showPlaying } from "../shared/dom.js";
import { count } from "../shared/format.js";

const STEP_MS = 200;

export class CheckpointSlider {
  constructor(store, look) {
    Object.assign(this, { store, look });
    const bounds = { min: 0, max: 0, value: 0, step: 1, "aria-label": "Checkpoint" };
    this.slide = new Slide(
      bounds,
      () => this.#moved(false),
      (ended) => ended && this.#moved(true),
    );
    this.slider = this.slide.input;
    this.play = playButton(() => this.#toggle());
    this.label = element("span", { class: "gb-when" });
    this.el = element("div", { class: "gb-time" }, this.play, this.slider, this.label);
  }

  close() {
    clearInterval(this.timer);
  }

  draw() {
    const { view, about } = this.store;
    this.el.hidden = !about.run;
    const { steps, look } = view;
    const last = Math.max(0, steps.length - 1);
    this.slider.max = String(last);
    if (!this.timer && !this.slide.dragged && !this.store.awaits("look"))
      this.slider.value = String(look.step == null ? last : steps.indexOf(look.step));
    if (steps.length < 2) this.slider.disabled = this.play.disabled = true;
    fillTrack(this.slider);
    const at = steps[Number(this.slider.value)];
    const latest = Number(this.slider.value) === last ? "latest · " : "";
    setText(this.label, at == null ? "" : `${latest}step ${count(at)}`);
    this.slider.setAttribute("aria-valuetext", this.label.textContent);
    showPlaying(this.play, Boolean(this.timer), "Play the samples through training");
    if (steps.length < 2) this.play.title = "Only one checkpoint was saved; --keep-checkpoints keeps more";
  }

  #moved(lasting) {
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
  }
}
