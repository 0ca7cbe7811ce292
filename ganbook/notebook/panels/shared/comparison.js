// Images before and after, one over the other, cut where a slider stands; dragging over any of them moves it.

import { element, fillTrack } from "./dom.js";

const DRAG_PIXELS = 3; // a shorter one is a click

export class Comparison {
  // `el` holds all of the images; `before` and `after` are words for both ends of the slider.
  constructor(el, before, after) {
    this.holder = el;
    this.slider = element("input", {
      type: "range",
      min: "0",
      max: "100",
      step: "1",
      "aria-label": `How much of the ${after} image is shown`,
      oninput: () => this.show(this.slider.value / 100),
    });
    this.el = element("label", { class: "gb-row gb-compare" }, before, this.slider, after);
    this.show(1);
  }

  // The image after, and over it the one before.
  pair(name) {
    const after = element("img", { draggable: "false" });
    const before = element("img", { class: "gb-before", alt: "", draggable: "false" });
    const drag = (event) => {
      if (!event.buttons) return;
      const box = el.getBoundingClientRect();
      if (event.type === "pointerdown") this.pressed = event.clientX;
      if (Math.abs(event.clientX - this.pressed) < DRAG_PIXELS) return;
      el.setPointerCapture(event.pointerId);
      this.holder.classList.remove("gb-held");
      this.show((event.clientX - box.left) / box.width);
    };
    const el = element("div", { class: `gb-pair ${name}`, onpointerdown: drag, onpointermove: drag }, after, before);
    return { el, after, before };
  }

  // A button that shows the image before for as long as it is pressed, by pointer or key; `also` does so, too.
  holdButton(text, also) {
    const hold = (held) => () => this.holder.classList.toggle("gb-held", held);
    let byKey = false; // then it ends with the focus, which a pointer takes away, too
    const key = (held) => (event) => {
      if (![" ", "Enter"].includes(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      byKey = held;
      hold(held)();
    };
    const made = element(
      "button",
      { type: "button", title: "Press and hold: pointer, space or enter", onkeydown: key(true), onkeyup: key(false) },
      text,
    );
    for (const el of [made, also]) {
      el.addEventListener("pointerdown", hold(true));
      for (const end of ["pointerup", "pointerleave", "pointercancel"]) el.addEventListener(end, hold(false));
    }
    made.addEventListener("blur", () => byKey && hold(false)());
    return made;
  }

  // Show this fraction of each image, from the left, as it is after; the rest as before.
  show(fraction) {
    const shown = Math.max(0, Math.min(1, fraction));
    this.slider.value = String(Math.round(100 * shown));
    fillTrack(this.slider);
    this.holder.style.setProperty("--gb-cut", `${100 * shown}%`);
    this.holder.classList.toggle("gb-cut", shown < 1);
  }
}
