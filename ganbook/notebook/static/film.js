// The samples, and a slider through their past that ends in "now".

import { count, element } from "./words.js";

const FRAMES = 40; // as many as are kept, so that a second showing asks for nothing
const LONGEST_MS = 6000;

export class Film {
  constructor(store) {
    this.store = store;
    this.at = null; // a step of the past, or null for now
    this.image = element("img", { class: "gb-sheet", draggable: "false" });
    this.empty = element("div", { class: "gb-sheet gb-sheet-empty" });
    this.slider = element("input", { type: "range", min: "0", max: "0", value: "0", step: "1", "aria-label": "Samples through training", oninput: () => this.#dragged() });
    this.play = element("button", { type: "button", class: "gb-play", onclick: () => this.#toggle() }, element("i", { "aria-hidden": "true" }));
    this.label = element("span", { class: "gb-when" });
    this.el = element(
      "figure",
      { class: "gb-film" },
      this.image,
      this.empty,
      element("div", { class: "gb-time" }, this.play, this.slider, this.label),
    );
  }

  close() {
    clearTimeout(this.timer);
  }

  draw() {
    const { film, head } = this.store;
    if (this.at != null && !film.includes(this.at)) this.at = null;
    const last = Math.max(0, film.length - 1);
    this.slider.max = String(last);
    this.slider.value = String(this.at == null ? last : film.indexOf(this.at));
    this.play.disabled = film.length < 2 || this.store.silent;
    this.slider.disabled = this.play.disabled && document.activeElement !== this.slider; // the focus stays where it is
    this.slider.style.setProperty("--gb-filled", last ? this.slider.value / last : 0);
    const step = this.at ?? film.at(-1);
    const when = step == null ? "" : `step ${count(step)}${this.at == null ? " · now" : ""}`;
    if (this.label.textContent !== when) this.label.textContent = when;
    this.slider.setAttribute("aria-valuetext", this.label.textContent || "no samples yet");
    this.play.classList.toggle("gb-playing", Boolean(this.timer));
    this.play.setAttribute("aria-label", this.timer ? "Stop playing" : "Play the samples through training");
    this.play.title = this.play.getAttribute("aria-label");
    this.image.hidden = step == null || !this.image.src;
    this.empty.hidden = !this.image.hidden;
    if (step != null) this.#show(step, head);
    if (step != null && this.image.src) this.image.hidden = !(this.empty.hidden = true);
  }

  // Fit the sheet into so many pixels: whole multiples of its own where that wastes little.
  size(most) {
    const [width, height] = this.natural();
    const ratio = window.devicePixelRatio || 1;
    const whole = Math.floor((most * ratio) / width) / ratio;
    const crisp = whole * width >= 0.72 * most;
    const scale = crisp ? whole : most / width;
    const shown = Math.round(width * scale);
    for (const box of [this.image, this.empty]) {
      box.style.width = `${shown}px`;
      box.style.height = `${Math.round(height * scale)}px`;
    }
    this.image.classList.toggle("gb-smooth", !crisp);
    this.el.style.width = `${shown}px`;
    return shown;
  }

  natural() {
    if (this.image.naturalWidth) return [this.image.naturalWidth, this.image.naturalHeight];
    return this.store.head ? this.store.head.sheet : [238, 238];
  }

  #show(step, head) {
    const url = this.store.picture(step);
    if (!url) {
      this.#fetch(step);
      return;
    }
    if (this.image.dataset.step === String(step) && this.image.src === url) return;
    this.image.src = url;
    this.image.dataset.step = String(step);
    this.image.alt = `Samples of ${head ? head.name : "the run"} at step ${count(step)}, from the same noise each time`;
  }

  // One question at a time: while it is open only the newest wish is kept.
  #fetch(step) {
    const asked = this.asked;
    if (asked && !this.store.picture(asked.step) && performance.now() - asked.when < 2000) return;
    this.asked = { step, when: performance.now() };
    if (!this.store.silent) this.store.send({ do: "picture", step });
  }

  #dragged() {
    this.#halt();
    this.#to(Number(this.slider.value));
  }

  #to(index) {
    const { film } = this.store;
    this.at = index >= film.length - 1 ? null : film[index];
    this.draw();
  }

  #toggle() {
    if (this.timer) {
      this.#halt();
      this.draw();
      return;
    }
    const { film } = this.store;
    const begin = this.at == null ? 0 : film.indexOf(this.at);
    const stride = Math.max(1, Math.ceil((film.length - begin) / FRAMES));
    const wait = Math.max(90, Math.min(400, (LONGEST_MS * stride) / (film.length - begin)));
    const next = (index, since) => {
      this.#to(index);
      if (this.at == null) {
        this.#halt();
        this.draw();
        return;
      }
      const shown = this.store.picture(this.at) || performance.now() - since > 2000;
      this.timer = setTimeout(() => (shown ? next(index + stride, performance.now()) : next(index, since)), shown ? wait : 40);
    };
    this.timer = setTimeout(() => next(begin, performance.now()), 0);
    this.draw();
  }

  #halt() {
    clearTimeout(this.timer);
    this.timer = null;
  }
}
