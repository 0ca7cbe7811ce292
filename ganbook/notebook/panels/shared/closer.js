// A closer look at a pair of images: by buttons, or Ctrl and the wheel; the wheel alone moves what is enlarged.

import { button, element } from "./dom.js";

const STEP = 1.5;
const NEAREST = 16; // times

export class Closer {
  // centre() gives the place that buttons zoom in on, as fractions of width and height; changed() is called
  // when a button was pressed, which may rest then.
  constructor(el, centre, changed) {
    Object.assign(this, { image: el, centre });
    const act = (what) => () => {
      what();
      changed();
    };
    this.out = button(
      "−",
      "Zoom out of the result",
      act(() => this.#zoomBy(1 / STEP)),
      {
        "aria-label": "Zoom out of the result",
      },
    );
    this.in = button(
      "+",
      "Zoom in on the mask (or Ctrl-wheel)",
      act(() => this.#zoomBy(STEP)),
      {
        "aria-label": "Zoom in on the result",
      },
    );
    this.whole = button(
      "Fit",
      "Show the whole result",
      act(() => this.fit()),
      { "aria-label": "Show the whole result" },
    );
    this.el = element("span", { class: "gb-zooming" }, this.out, this.in, this.whole);
    el.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.fit();
  }

  fit() {
    this.place = null; // what buttons keep in the middle, once that was chosen
    this.#look(1, 0, 0);
  }

  #zoomBy(factor) {
    const [x, y] = (this.place ??= this.centre());
    const scale = Math.max(1, Math.min(NEAREST, this.scale * factor));
    if (scale === 1) this.fit();
    else this.#look(scale, 0.5 - x * scale, 0.5 - y * scale);
  }

  #look(scale, left, top) {
    const within = (offset) => Math.min(0, Math.max(1 - scale, offset));
    Object.assign(this, { scale, left: within(left), top: within(top) });
    const { style, classList } = this.image;
    classList.toggle("gb-closer", scale > 1);
    style.setProperty("--gb-scale", scale);
    style.setProperty("--gb-left", `${100 * this.left}%`);
    style.setProperty("--gb-top", `${100 * this.top}%`);
    this.out.disabled = this.whole.disabled = scale === 1;
    this.in.disabled = scale === NEAREST;
  }

  #wheel(event) {
    const zooms = event.ctrlKey || event.metaKey;
    if (!zooms && this.scale === 1) return;
    event.preventDefault();
    const box = this.image.getBoundingClientRect();
    if (!zooms) {
      this.#look(this.scale, this.left - event.deltaX / box.width, this.top - event.deltaY / box.height);
      this.#stay();
      return;
    }
    const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    const scale = Math.max(1, Math.min(NEAREST, this.scale * Math.exp(-event.deltaY * 0.003)));
    const times = scale / this.scale;
    this.#look(scale, x - (x - this.left) * times, y - (y - this.top) * times);
    this.#stay();
  }

  #stay() {
    this.place = [this.left, this.top].map((offset) => (0.5 - offset) / this.scale);
  }
}
