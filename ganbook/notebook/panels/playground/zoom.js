// Enlarge a part of the planes: wheel, drag, pinch, and the keys + − 0 and arrows. All planes show the same part.

import { button } from "../shared/dom.js";

const MOST = 60;
const KEY_STEP = 1.5;
const WHEEL = 0.0015; // of the logarithm for a pixel of the wheel
const HOP = 0.15; // of the part that is shown, for an arrow key

export class Zoom {
  // free() tells whether a plane is not drawn on.
  constructor(store, planes, look, free, changed) {
    Object.assign(this, { store, look, free, changed });
    this.buttons = planes.map((plane) => this.#on(plane));
  }

  draw() {
    const { zoom } = this.look;
    for (const reset of this.buttons) {
      reset.hidden = !zoom;
      reset.parentElement.classList.toggle("gb-zoomed", Boolean(zoom) && this.free());
    }
  }

  reset() {
    this.look.zoom = null;
    this.changed();
  }

  #on(plane) {
    const { canvas } = plane;
    const pointers = new Map(); // id -> place on the screen
    canvas.addEventListener("wheel", (event) => this.#wheel(event, plane), { passive: false });
    canvas.addEventListener("pointerdown", (event) => {
      if (!this.free()) return;
      pointers.set(event.pointerId, [event.clientX, event.clientY]);
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (pointers.has(event.pointerId) && this.free()) this.#drag(event, plane, pointers);
    });
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, (event) => pointers.delete(event.pointerId));
    }
    canvas.addEventListener("dblclick", () => this.free() && this.reset());
    canvas.addEventListener("keydown", (event) => this.#key(event));
    const reset = button("Whole plane", "Show all of it again (0)", () => this.reset(), { class: "gb-whole" });
    plane.el.append(reset);
    return reset;
  }

  // A page scrolls under the wheel, unless someone has chosen the plane or holds Ctrl.
  #wheel(event, plane) {
    const meant = event.ctrlKey || event.metaKey || document.activeElement === plane.canvas || this.#chosen(plane);
    if (!this.store.about || !this.free() || !meant) return;
    event.preventDefault();
    this.#enlarge(Math.exp(-event.deltaY * WHEEL * (event.ctrlKey ? 4 : 1)), plane.place(event));
  }

  // Inside a shadow root the document does not know what has the focus.
  #chosen(plane) {
    return plane.canvas.getRootNode().activeElement === plane.canvas;
  }

  // One pointer moves the part that is shown, two of them pinch.
  #drag(event, plane, pointers) {
    const before = [...pointers.values()];
    const moved = pointers.get(event.pointerId);
    const now = [event.clientX, event.clientY];
    pointers.set(event.pointerId, now);
    if (before.length === 1) {
      const unit = (2 * plane.window[2]) / plane.canvas.clientWidth;
      if (this.look.zoom) this.#move(-(now[0] - moved[0]) * unit, (now[1] - moved[1]) * unit);
      return;
    }
    const after = [...pointers.values()];
    const apart = ([[x0, y0], [x1, y1]]) => Math.hypot(x1 - x0, y1 - y0) || 1;
    const [clientX, clientY] = [0, 1].map((i) => (after[0][i] + after[1][i]) / 2);
    this.#enlarge(apart(after) / apart(before), plane.place({ clientX, clientY }));
  }

  #key(event) {
    if (!this.store.about || !this.free() || event.ctrlKey || event.metaKey || event.altKey) return;
    const hop = (2 * HOP * this.store.about.window[2]) / (this.look.zoom?.by ?? 1);
    const by = { ArrowLeft: [-hop, 0], ArrowRight: [hop, 0], ArrowUp: [0, hop], ArrowDown: [0, -hop] }[event.key];
    if (event.key === "+" || event.key === "=") this.#enlarge(KEY_STEP);
    else if (event.key === "-" || event.key === "−") this.#enlarge(1 / KEY_STEP);
    else if (event.key === "0") this.reset();
    else if (by && this.look.zoom) this.#move(...by);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // What is at a place of the plane stays where it is on the screen.
  #enlarge(factor, at) {
    const [x, y] = this.store.about.window;
    const zoom = this.look.zoom ?? { x, y, by: 1 };
    const by = Math.min(MOST, zoom.by * factor);
    if (by <= 1) {
      this.reset();
      return;
    }
    const [px, py] = at ?? [zoom.x, zoom.y];
    const share = zoom.by / by;
    this.#show({ x: px + (zoom.x - px) * share, y: py + (zoom.y - py) * share, by });
  }

  #move(dx, dy) {
    const { x, y, by } = this.look.zoom;
    this.#show({ x: x + dx, y: y + dy, by });
  }

  // Nothing lies outside the whole plane.
  #show({ x, y, by }) {
    const [x0, y0, half] = this.store.about.window;
    const room = half - half / by;
    const within = (v, middle) => Math.max(middle - room, Math.min(middle + room, v));
    this.look.zoom = { x: within(x, x0), y: within(y, y0), by };
    this.changed();
  }
}
