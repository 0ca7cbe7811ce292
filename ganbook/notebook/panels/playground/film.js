// The time slider: every moment that was kept of the training.

import { button, element, fillTrack, playButton, setText, showPlaying } from "../shared/dom.js";
import { count } from "../shared/format.js";

const FRAME_MS = 60;

export class Film {
  constructor(store) {
    this.store = store;
    this.play = playButton(() => this.#toggle());
    this.slider = element("input", {
      type: "range",
      min: 0,
      max: 0,
      value: 0,
      "aria-label": "Time",
      oninput: () => this.#go(Number(this.slider.value)),
    });
    this.when = element("span", { class: "gb-when" });
    this.save = button("GIF", "Save the training as an animation", () => store.send({ do: "film" }));
    this.el = element("div", { class: "gb-time" }, this.play, this.slider, this.when, this.save);
  }

  close() {
    clearInterval(this.timer);
  }

  draw() {
    const { store, slider } = this;
    const last = Math.max(0, (store.past?.of ?? store.now?.frames ?? 1) - 1);
    slider.max = String(last);
    if (!store.looksBack) slider.value = String(last);
    else if (store.past && (document.activeElement !== slider || this.timer)) slider.value = String(store.past.index);
    // A slow kernel does not take the slider away: a control that is disabled loses the focus.
    slider.disabled = this.play.disabled = last < 1;
    this.save.disabled = last < 1 || store.silent;
    fillTrack(slider);
    const step = count(store.frame?.step);
    setText(this.when, store.past ? `step ${step}` : `latest · step ${step}`);
    slider.setAttribute("aria-valuetext", this.when.textContent);
    showPlaying(this.play, Boolean(this.timer), "Play the training as a film");
  }

  #go(index) {
    if (index >= Number(this.slider.max)) {
      this.#stop();
      this.store.leavePast();
    } else this.store.showPast(index);
    fillTrack(this.slider);
  }

  #toggle() {
    if (this.timer) {
      this.#stop();
      return;
    }
    let index = Number(this.slider.value) >= Number(this.slider.max) ? 0 : Number(this.slider.value);
    const hop = Math.max(1, Math.round(Number(this.slider.max) / 200));
    this.timer = setInterval(() => {
      if (this.store.awaits("past")) return;
      this.#go(index);
      index += hop;
    }, FRAME_MS);
    this.store.changed();
  }

  #stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.store.changed();
  }
}
