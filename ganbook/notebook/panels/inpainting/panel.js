// The inpainting panel: the image to paint on at the left, the methods and their results at the right.

import { ProgressBar, button, element, liveRegion, setFigure, setText } from "../shared/dom.js";
import { count } from "../shared/format.js";
import { mount } from "../shared/mount.js";
import { MaskEditor } from "../shared/mask_editor.js";
import { MaskFiles } from "./mask_files.js";
import { Methods } from "./methods.js";
import { Results } from "./results.js";
import { InpaintingStore } from "./store.js";

const NARROW = 720;
const FILL = "Fill the mask with every chosen method (F)";

class InpaintingView {
  constructor(store) {
    this.store = store;
    this.editor = new MaskEditor(store, "paint the mask");
    this.files = new MaskFiles(store);
    this.methods = new Methods(store);
    this.results = new Results(store);
    this.el = this.#make();
    this.unwatchMask = store.watchMask((box) => this.editor.touch(box));
    this.sized = new ResizeObserver(() => this.#resized());
    this.sized.observe(this.el);
  }

  close() {
    this.unwatchMask();
    this.sized.disconnect();
    this.editor.close();
  }

  #make() {
    const { store, files } = this;
    this.summary = element("span", { class: "gb-options" });
    const turn = (text, label, by) => button(text, label, () => this.#turn(by), { "aria-label": label });
    this.previous = turn("◂", "Previous image", -1);
    this.next = turn("▸", "Next image", 1);
    this.state = element("span", { class: "gb-state" });
    this.upload = button("Upload image", "Open an image file; you can also drop one onto the panel", () =>
      files.file.ask("image"),
    );
    this.fill = button("Fill", FILL, () => store.fill());
    this.stop = button("Stop", "Keep the best result so far", () => store.press("stop"));
    this.progress = new ProgressBar("Filling");
    this.note = element("p", { class: "gb-note", hidden: true });
    this.figures = ["mask", "size", "time"].map((name) => element("span", { class: `gb-${name}` }));
    this.live = liveRegion();
    this.editor.el.append(files.el);
    const side = element("div", { class: "gb-side" }, this.methods.el, this.results.el);
    const title = element(
      "div",
      { class: "gb-title" },
      element("h3", {}, "Inpaint"),
      this.summary,
      element("span", { class: "gb-turn" }, this.previous, this.next),
    );
    const controls = element("div", { class: "gb-controls" }, this.upload, this.fill, this.stop);
    return element(
      "section",
      {
        class: "gb gb-imaging gb-inpainting",
        tabindex: "-1",
        "aria-label": "Inpainting",
        "data-lm-suppress-shortcuts": "true", // JupyterLab's shortcuts would take the keys of the tools
        onkeydown: (event) => this.#key(event),
        ondragover: (event) => event.preventDefault(),
        ondrop: (event) => files.file.dropped(event),
      },
      element("header", {}, title, this.state, controls),
      this.progress.el,
      this.note,
      element("div", { class: "gb-body" }, this.editor.el, side),
      element("footer", {}, ...this.figures),
      this.live,
    );
  }

  draw() {
    for (const part of [this.editor, this.files, this.methods, this.results]) part.draw();
    this.#header();
    this.#figures();
    this.#note();
  }

  #resized() {
    this.el.classList.toggle("gb-narrow", this.el.clientWidth < NARROW);
    this.editor.size();
  }

  #header() {
    const { image, working, silent, about, missing } = this.store;
    const off = silent || !about;
    this.summary.textContent = image ? [image.name, ...image.runs].join(" · ") : "";
    this.previous.hidden = this.next.hidden = !image || image.of < 2;
    this.previous.disabled = off || !image?.index;
    this.next.disabled = off || !image || image.index === image.of - 1;
    this.upload.disabled = off;
    this.upload.classList.toggle("gb-primary", !image);
    this.fill.classList.toggle("gb-primary", Boolean(image));
    this.fill.disabled = off || Boolean(working) || missing !== "";
    this.fill.title = missing || FILL;
    this.stop.disabled = off || !working || working.stopping;
    this.state.textContent = silent ? "no kernel" : working ? stateOf(working) : "";
    this.progress.show(working && !working.fraction && !silent ? null : (working?.fraction ?? 0));
  }

  #figures() {
    const { mask, image, working, results } = this.store;
    if (!mask) return;
    const [area, size, time] = this.figures;
    setFigure(area, `${((100 * mask.count) / mask.bits.length).toFixed(1)} %`, ` mask (${count(mask.count)} px)`);
    setFigure(size, `${image.width}×${image.height}`, image.channels === 1 ? " grey" : " colour");
    const seconds = results.reduce((sum, result) => sum + (result.seconds ?? 0), 0);
    time.hidden = !results.length || Boolean(working);
    setFigure(time, seconds < 10 ? seconds.toFixed(2) : seconds.toFixed(0), " s to fill");
  }

  #note() {
    const { silent, note, working, results, heard } = this.store;
    const gone = "The kernel does not answer: it is busy with a cell, or has stopped; then run the cell again.";
    const text = silent ? gone : (note?.text ?? "");
    this.note.hidden = !text;
    if (this.noted !== text) {
      this.noted = text;
      const offer =
        note?.offer && element("button", { type: "button", onclick: () => this.store.resizeMask() }, note.offer);
      this.note.replaceChildren(...[text, offer].filter(Boolean));
    }
    this.note.classList.toggle("gb-note-failed", Boolean(note?.failed));
    const done = results.length ? `${results.length} results` : heard ? "ready" : "";
    setText(this.live, text || (working ? `Filling by ${working.method}` : done));
  }

  #turn(by) {
    const { index } = this.store.image;
    this.store.press("go", { index: (index ?? (by > 0 ? -1 : 1)) + by });
  }

  #key(event) {
    const typing = event.target.closest("select, input:not([type=checkbox])");
    const command = event.ctrlKey || event.metaKey;
    if (typing && !command) return;
    if (event.key.toLowerCase() === "f" && !command && !this.fill.disabled) this.store.fill();
    else if (!this.editor.key(event)) return;
    event.preventDefault();
  }
}

function stateOf({ stopping, method, fraction }) {
  return stopping ? "stopping…" : `filling by ${method} · ${Math.round(100 * fraction)} %`;
}

export default mount(InpaintingStore, InpaintingView);
