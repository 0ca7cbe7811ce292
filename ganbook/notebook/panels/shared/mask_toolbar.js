// The tools below the image: how to paint, undo, zoom, and the size of the brush.

import { button, element, fillTrack } from "./dom.js";
import { TOOLS } from "./drawing_tools.js";

export class MaskToolbar {
  constructor(store, editor) {
    this.store = store;
    const act = (text, label, press) => button(text, label, press, { "aria-label": label });
    this.tools = Object.entries(TOOLS).map(([name, { label, key, title }]) => {
      const face = name === "rectangle" ? element("i", { class: "gb-frame", "aria-hidden": "true" }) : label;
      const tool = act(face, `${label} (${key.toUpperCase()}): ${title}`, () => store.choose(name));
      tool.dataset.tool = name;
      return tool;
    });
    this.undo = act("↶", "Undo (Ctrl-Z)", () => store.change("undo"));
    this.redo = act("↷", "Redo (Ctrl-Shift-Z)", () => store.change("redo"));
    this.clear = act("Clear", "Clear the mask (Delete)", () => store.change("fill", 0));
    this.invert = act("Invert", "Invert the mask (I)", () => store.change("invert"));
    this.closer = act("+", "Zoom in (+ or Ctrl-wheel)", () => editor.zoom(1.5));
    this.farther = act("−", "Zoom out (−)", () => editor.zoom(1 / 1.5));
    this.fit = act("Fit", "Show the whole image (0)", () => editor.fit());
    this.zoomed = element("span", { class: "gb-zoomed" });
    this.brush = element("input", {
      type: "range",
      min: "1",
      step: "1",
      "aria-label": "Brush size in pixels",
      title: "[ and ], or the wheel over the image",
      oninput: () => store.resize(Number(this.brush.value)),
    });
    this.size = element("output");
    const tools = { class: "gb-row", role: "toolbar", "aria-label": "Tools" };
    const gap = element("span", { class: "gb-gap" });
    this.el = element(
      "div",
      { class: "gb-toolbox" },
      element("div", tools, ...this.tools, this.undo, this.redo),
      element(
        "div",
        { class: "gb-row" },
        this.clear,
        this.invert,
        gap,
        this.farther,
        this.zoomed,
        this.closer,
        this.fit,
      ),
      element("label", { class: "gb-row" }, "Brush size", this.brush, this.size),
    );
  }

  draw() {
    const { image, mask, silent, tool, size, largest } = this.store;
    const off = !image || silent;
    const always = [this.clear, this.invert, this.closer, this.farther, this.fit, this.brush];
    for (const control of [...this.tools, ...always]) control.disabled = off;
    this.undo.disabled = off || !mask.done.length;
    this.redo.disabled = off || !mask.undone.length;
    for (const other of this.tools) other.setAttribute("aria-pressed", String(other.dataset.tool === tool));
    if (!image) return;
    this.brush.max = String(largest);
    this.brush.value = String(size);
    fillTrack(this.brush);
    this.size.textContent = `${size} px`;
  }

  showZoom(scale) {
    this.zoomed.textContent = `${Math.round(100 * scale)} %`;
  }
}
