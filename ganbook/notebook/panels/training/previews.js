// The samples, a slider through their past that ends in the latest preview, and what they are compared with.

import { button, element, fillTrack, playButton, setText, showPlaying } from "../shared/dom.js";
import { count } from "../shared/format.js";
import { Lines, markedLines } from "../shared/lines.js";

const FRAMES = 40; // as many as the store keeps, so that a second showing asks for nothing
const LONGEST_MS = 6000;
const FETCH_MS = 2000;

export class Previews {
  constructor(store) {
    this.store = store;
    this.at = null; // a step of the past, or null for the latest
    this.lent = null; // a step that is shown for a moment
    this.compared = null; // the name of what is shown instead: the input, real images
    this.image = element("img", { class: "gb-sheet", draggable: "false" });
    this.lines = new Lines();
    this.empty = element("div", { class: "gb-sheet gb-sheet-empty" });
    this.slider = element("input", {
      type: "range",
      min: "0",
      max: "0",
      value: "0",
      step: "1",
      "aria-label": "Samples through training",
      oninput: () => this.#dragged(),
    });
    this.play = playButton(() => this.#toggle());
    this.label = element("span", { class: "gb-when" });
    this.views = element("div", { class: "gb-views", role: "group", "aria-label": "What is shown" });
    const time = element("div", { class: "gb-time" }, this.play, this.slider, this.label, this.views);
    this.el = element("figure", { class: "gb-previews" }, this.image, this.lines.el, this.empty, time);
    this.image.addEventListener("pointermove", (event) => this.#nameClass(event));
  }

  close() {
    clearTimeout(this.timer);
  }

  draw() {
    const { previews, silent } = this.store;
    if (this.at != null && !previews.includes(this.at)) this.at = null;
    const last = Math.max(0, previews.length - 1);
    this.slider.max = String(last);
    this.slider.value = String(this.at == null ? last : previews.indexOf(this.at));
    this.play.disabled = previews.length < 2 || silent;
    this.slider.disabled = this.play.disabled && !this.slider.matches(":focus"); // the focus stays where it is
    fillTrack(this.slider);
    const step = this.lent ?? this.at ?? previews.at(-1);
    this.#drawViews();
    setText(
      this.label,
      step == null ? "" : `${this.at == null && this.lent == null ? "latest · " : ""}step ${count(step)}`,
    );
    this.slider.setAttribute("aria-valuetext", this.label.textContent || "no samples yet");
    showPlaying(this.play, Boolean(this.timer), "Play the samples through training");
    if (this.compared) this.#showReference();
    else if (step != null) this.#show(step);
    this.image.hidden = step == null || !this.image.src;
    this.lines.el.hidden = step == null || !this.lines.drawn;
    this.empty.hidden = !(this.image.hidden && this.lines.el.hidden);
  }

  // Show the preview nearest to a step for a moment, or, with null, what was shown before.
  lend(step) {
    const { previews } = this.store;
    const before = previews.filter((each) => each <= step);
    const lent = step == null || !previews.length ? null : (before.at(-1) ?? previews[0]);
    if (lent === this.lent) return;
    this.lent = lent;
    this.draw();
  }

  #drawViews() {
    const { about } = this.store;
    if (!about || this.drawnAbout === about) return;
    this.drawnAbout = about;
    const views = [[null, "Samples"], ...about.references];
    this.views.hidden = views.length < 2;
    const made = ([name, label]) => {
      const press = () => {
        this.compared = name;
        for (const other of this.views.children) other.setAttribute("aria-pressed", String(other === control));
        this.draw();
      };
      const title = { null: "Show the samples", input: "What the generator is given", real: "Training images" }[name];
      const control = button(label, title, press, { "aria-pressed": String(name === this.compared) });
      return control;
    };
    this.views.replaceChildren(...views.map(made));
  }

  #showReference() {
    const shown = this.store.reference(this.compared);
    if (!shown) return;
    if (this.store.about.text) {
      this.lines.draw(markedLines(shown), "Training lines");
      this.lines.el.dataset.step = this.compared;
    } else if (this.image.dataset.step !== this.compared) {
      this.image.src = shown;
      this.image.dataset.step = this.compared;
      this.image.alt = this.compared === "real" ? "Real images" : "What the generator is given";
    }
  }

  // The class of the cell under the pointer.
  #nameClass(event) {
    const { classes } = this.store.about ?? {};
    if (!classes?.length) return;
    const side = Math.round(Math.sqrt(classes.length));
    const column = Math.floor((side * event.offsetX) / this.image.clientWidth);
    const row = Math.floor((side * event.offsetY) / this.image.clientHeight);
    this.image.title = classes[side * row + column] ?? "";
  }

  // Fit the sheet into so many pixels: whole multiples of its own where that wastes little.
  size(most) {
    if (this.store.about?.text) return this.#sizeLines(most);
    const [width, height] = this.#natural();
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

  #sizeLines(most) {
    this.el.style.width = `${most}px`;
    Object.assign(this.empty.style, { width: `${most}px`, height: "260px" });
    return most;
  }

  #natural() {
    if (this.image.naturalWidth) return [this.image.naturalWidth, this.image.naturalHeight];
    return this.store.about ? this.store.about.sheet : [238, 238];
  }

  #show(step) {
    const url = this.store.preview(step);
    if (!url) {
      this.#fetch(step);
      return;
    }
    if (this.store.about.text) {
      this.lines.draw(markedLines(url), this.#alternative(step));
      this.lines.el.dataset.step = String(step);
      return;
    }
    if (this.image.dataset.step === String(step) && this.image.src === url) return;
    this.image.src = url;
    this.image.dataset.step = String(step);
    this.image.alt = this.#alternative(step);
  }

  #alternative(step) {
    const name = this.store.about?.name ?? "the run";
    return `Samples of ${name} at step ${count(step)}, from the same noise each time`;
  }

  // One question at a time: while it is open only the newest wish is kept.
  #fetch(step) {
    const { wanted, store } = this;
    if (wanted && !store.preview(wanted.step) && performance.now() - wanted.since < FETCH_MS) return;
    this.wanted = { step, since: performance.now() };
    if (!store.silent) store.send({ do: "preview", step });
  }

  #dragged() {
    this.#halt();
    this.#samples();
    this.#to(Number(this.slider.value));
  }

  #to(index) {
    const { previews } = this.store;
    this.at = index >= previews.length - 1 ? null : previews[index];
    this.draw();
  }

  // Show samples again.
  #samples() {
    if (this.compared) this.views.firstChild.click();
  }

  #toggle() {
    this.#samples();
    if (this.timer) {
      this.#halt();
      this.draw();
      return;
    }
    const { previews } = this.store;
    const begin = this.at == null ? 0 : previews.indexOf(this.at);
    const stride = Math.max(1, Math.ceil((previews.length - begin) / FRAMES));
    const wait = Math.max(90, Math.min(400, (LONGEST_MS * stride) / (previews.length - begin)));
    const next = (index, since) => {
      this.#to(index);
      if (this.at == null) {
        this.#halt();
        this.draw();
        return;
      }
      const shown = this.store.preview(this.at) || performance.now() - since > FETCH_MS;
      const then = () => (shown ? next(index + stride, performance.now()) : next(index, since));
      this.timer = setTimeout(then, shown ? wait : 40);
    };
    this.timer = setTimeout(() => next(begin, performance.now()), 0);
    this.draw();
  }

  #halt() {
    clearTimeout(this.timer);
    this.timer = null;
  }
}
