// A lens over the large image: what is under the pointer, closer, before at the left and enhanced at the right.

import { element } from "../shared/dom.js";

const TIMES = 3;
const SIDE = 120; // screen pixels of each half

export class Lens {
  constructor({ el }) {
    this.image = el;
    this.halves = [0, 1].map(() => element("i"));
    this.el = element("div", { class: "gb-lens", hidden: true, "aria-hidden": "true" }, ...this.halves);
    el.append(this.el);
    el.addEventListener("pointermove", (event) => this.#move(event));
    el.addEventListener("pointerleave", () => (this.el.hidden = true));
  }

  over(after, before) {
    for (const [half, url] of [
      [this.halves[0], before],
      [this.halves[1], after],
    ])
      half.style.backgroundImage = `url("${url}")`;
  }

  #move(event) {
    const box = this.image.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    this.el.hidden = event.pointerType === "touch" || event.buttons > 0;
    const above = y > SIDE + 24;
    this.el.style.left = `${Math.max(0, Math.min(box.width - 2 * SIDE, x - SIDE))}px`;
    this.el.style.top = `${above ? y - SIDE - 16 : y + 16}px`;
    for (const half of this.halves) {
      half.style.backgroundSize = `${TIMES * box.width}px ${TIMES * box.height}px`;
      half.style.backgroundPosition = `${SIDE / 2 - TIMES * x}px ${SIDE / 2 - TIMES * y}px`;
    }
  }
}
