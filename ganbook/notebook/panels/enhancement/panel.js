// The enhancement panel: the image at the left, with what stays as it is; settings and what came out at the right.

import { ProgressBar, button, element, liveRegion, setFigure, setText } from "../shared/dom.js";
import { FileInput } from "../shared/file_input.js";
import { MaskEditor } from "../shared/mask_editor.js";
import { mount } from "../shared/mount.js";
import { BeforeAfter } from "./before_after.js";
import { Settings } from "./settings.js";
import { EnhancementStore } from "./store.js";

const NARROW = 720;
const ENHANCE = "Enhance the whole image by every chosen method (Shift-E)";
const PAINTS = "a click looks at a part; Brush paints what stays as it is";
const FOLDED = "Keep parts as they are: paint them";

class EnhancementView {
  constructor(store) {
    this.store = store;
    this.editor = new MaskEditor(store, PAINTS, FOLDED);
    this.file = new FileInput(store, "%gan_enhance");
    this.settings = new Settings(store);
    this.results = new BeforeAfter(store);
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
    const { store, file } = this;
    this.summary = element("span", { class: "gb-options" });
    const turn = (text, label, by) => button(text, label, () => this.#turn(by), { "aria-label": label });
    this.previous = turn("◂", "Previous image", -1);
    this.next = turn("▸", "Next image", 1);
    this.state = element("span", { class: "gb-state" });
    this.upload = button("Upload image", "Open an image file; you can also drop one onto the panel", () =>
      file.ask("image"),
    );
    this.enhance = button("Enhance", ENHANCE, () => store.enhance());
    this.stop = button("Stop", "End soon; the rest is enlarged by bicubic interpolation", () => store.press("stop"));
    this.progress = new ProgressBar("Enhancing");
    this.note = element("p", { class: "gb-note", hidden: true });
    this.figures = ["size", "larger", "noise"].map((name) => element("span", { class: `gb-${name}` }));
    this.live = liveRegion();
    const title = element(
      "div",
      { class: "gb-title" },
      element("h3", {}, "Enhance"),
      this.summary,
      element("span", { class: "gb-turn" }, this.previous, this.next),
    );
    const controls = element("div", { class: "gb-controls" }, this.upload, this.enhance, this.stop);
    const side = element("div", { class: "gb-side" }, this.editor.el, this.settings.el);
    return element(
      "section",
      {
        class: "gb gb-imaging gb-enhancement",
        tabindex: "-1",
        "aria-label": "Enhancement",
        "data-lm-suppress-shortcuts": "true", // JupyterLab's shortcuts would take the keys of the tools
        onkeydown: (event) => this.#key(event),
        ondragover: (event) => event.preventDefault(),
        ondrop: (event) => file.dropped(event),
      },
      element("header", {}, title, this.state, controls),
      this.progress.el,
      this.note,
      element("div", { class: "gb-body" }, side, this.results.el),
      element("footer", {}, ...this.figures),
      file.el,
      this.live,
    );
  }

  draw() {
    for (const part of [this.editor, this.settings, this.results]) part.draw();
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
    this.summary.textContent = image ? [image.name, about?.run].filter(Boolean).join(" · ") : "";
    this.previous.hidden = this.next.hidden = !image || image.of < 2;
    this.previous.disabled = off || !image?.index;
    this.next.disabled = off || !image || image.index === image.of - 1;
    this.upload.disabled = off;
    this.upload.classList.toggle("gb-primary", !image);
    this.enhance.classList.toggle("gb-primary", Boolean(image));
    this.enhance.disabled = off || Boolean(working) || missing !== "";
    this.enhance.title = missing || ENHANCE;
    this.stop.disabled = off || !working || working.stopping;
    this.state.textContent = silent ? "no kernel" : working ? stateOf(working) : "";
    this.progress.show(working && !working.fraction && !silent ? null : (working?.fraction ?? 0));
  }

  #figures() {
    const { image, settings, mask } = this.store;
    if (!image || !settings) return;
    const [size, larger, noise] = this.figures;
    const { scale } = settings;
    const depth = image.bits === 16 ? ", 16 bits" : "";
    setFigure(size, `${image.width}×${image.height}`, `${image.channels < 3 ? " grey" : " colour"}${depth}`);
    larger.hidden = scale === 1;
    setFigure(larger, `${scale * image.width}×${scale * image.height}`, " enlarged");
    const kept = mask.count ? `, ${((100 * mask.count) / mask.bits.length).toFixed(1)} % kept as it is` : "";
    setFigure(noise, `σ ${image.noise}`, ` of noise, estimated${kept}`);
  }

  #note() {
    const { silent, note, working, results, heard } = this.store;
    const gone = "The kernel does not answer: it is busy with a cell, or has stopped; then run the cell again.";
    const text = silent ? gone : (note?.text ?? "");
    this.note.hidden = !text;
    setText(this.note, text);
    this.note.classList.toggle("gb-note-failed", Boolean(note?.failed));
    const done = results.length ? `${results.length} results` : heard ? "ready" : "";
    setText(this.live, text || (working ? `Enhancing by ${working.method}` : done));
  }

  #turn(by) {
    const { index } = this.store.image;
    this.store.press("go", { index: (index ?? (by > 0 ? -1 : 1)) + by });
  }

  #key(event) {
    const typing = event.target.closest("select, input:not([type=checkbox])");
    const command = event.ctrlKey || event.metaKey;
    if (typing && !command) return;
    const chosen = event.key.toLowerCase() === "e" && event.shiftKey;
    if (chosen && !command && !this.enhance.disabled) this.store.enhance();
    else if (!this.editor.key(event)) return;
    event.preventDefault();
  }
}

function stateOf({ stopping, method, fraction }) {
  return stopping ? "stopping…" : `enhancing by ${method} · ${Math.round(100 * fraction)} %`;
}

export default mount(EnhancementStore, EnhancementView);
