// The frame of a panel that works on one image: title and buttons, progress, a note, the figures below, files and keys.

import { ProgressBar, button, element, liveRegion, setText } from "./dom.js";
import { FileInput } from "./file_input.js";

const NARROW = 720;
const GONE = "The kernel does not answer: it is busy with a cell, or has stopped; then run the cell again.";

export class ImageView {
  // A view has `store`, `editor`, and `words`: name, title, line (that opens a file), act (text, title, press), stop,
  // doing, figures. What it has beside the editor it draws in drawParts(); actKey(event) tells its key for `act`.
  frame(...body) {
    const { store, words } = this;
    this.file = new FileInput(store, words.line);
    this.summary = element("span", { class: "gb-options" });
    const turn = (text, label, by) => button(text, label, () => this.#turn(by), { "aria-label": label });
    this.previous = turn("◂", "Previous image", -1);
    this.next = turn("▸", "Next image", 1);
    this.state = element("span", { class: "gb-state" });
    this.upload = button(
      "Upload image",
      "Open an image file; you can also drop one onto the panel, or paste it (Ctrl-V)",
      () => this.file.ask("image"),
    );
    this.act = button(words.act.text, words.act.title, words.act.press);
    this.stop = button("Stop", words.stop, () => store.press("stop"));
    this.progress = new ProgressBar(words.title);
    this.note = element("p", { class: "gb-note", hidden: true });
    this.figures = words.figures.map((name) => element("span", { class: `gb-${name}` }));
    this.live = liveRegion();
    const title = element(
      "div",
      { class: "gb-title" },
      element("h3", {}, words.title),
      this.summary,
      element("span", { class: "gb-turn" }, this.previous, this.next),
    );
    this.el = element(
      "section",
      {
        class: `gb gb-imaging gb-${words.name}`,
        tabindex: "-1",
        "aria-label": words.title,
        "data-lm-suppress-shortcuts": "true", // JupyterLab's shortcuts would take the keys of the tools
        onkeydown: (event) => this.#key(event),
        ondragover: (event) => event.preventDefault(),
        ondrop: (event) => this.file.dropped(event),
        onpaste: (event) => this.file.pasted(event),
      },
      element(
        "header",
        {},
        title,
        this.state,
        element("div", { class: "gb-controls" }, this.upload, this.act, this.stop),
      ),
      this.progress.el,
      this.note,
      element("div", { class: "gb-body" }, ...body),
      element("footer", {}, ...this.figures),
      this.file.el,
      this.live,
    );
    this.unwatchMask = store.watchMask((box) => this.editor.touch(box));
    this.sized = new ResizeObserver(() => this.#resized());
    this.sized.observe(this.el);
  }

  close() {
    this.unwatchMask();
    this.sized.disconnect();
    this.editor.close();
  }

  draw() {
    this.editor.draw();
    this.drawParts();
    this.#header();
    this.#note();
  }

  #resized() {
    this.el.classList.toggle("gb-narrow", this.el.clientWidth < NARROW);
    this.editor.size();
  }

  #header() {
    const { image, working, silent, about, missing, runs } = this.store;
    const off = silent || !about;
    this.summary.textContent = image ? [image.name, ...runs].join(" · ") : "";
    this.previous.hidden = this.next.hidden = !image || image.of < 2;
    this.previous.disabled = off || !image?.index;
    this.next.disabled = off || !image || image.index === image.of - 1;
    this.upload.disabled = off;
    this.upload.classList.toggle("gb-primary", !image);
    this.act.classList.toggle("gb-primary", Boolean(image));
    this.act.disabled = off || Boolean(working) || missing !== "";
    this.act.title = missing || this.words.act.title;
    this.stop.disabled = off || !working || working.stopping;
    this.state.textContent = silent ? "no kernel" : working ? this.#doing(working) : "";
    this.progress.show(working && !working.fraction && !silent ? null : (working?.fraction ?? 0));
  }

  #doing({ stopping, method, fraction }) {
    return stopping ? "stopping…" : `${this.words.doing} by ${method} · ${Math.round(100 * fraction)} %`;
  }

  #note() {
    const { silent, note, working, results, heard } = this.store;
    const text = silent ? GONE : (note?.text ?? "");
    this.note.hidden = !text;
    if (this.noted !== text) {
      this.noted = text;
      const accept = () => this.store.accept();
      const offer = note?.offer && element("button", { type: "button", onclick: accept }, note.offer);
      this.note.replaceChildren(...[text, offer].filter(Boolean));
    }
    this.note.classList.toggle("gb-note-failed", Boolean(note?.failed));
    const done = results.length ? `${results.length} results` : heard ? "ready" : "";
    setText(this.live, text || (working ? `${this.words.doing} by ${working.method}` : done));
  }

  #turn(by) {
    const { index } = this.store.image;
    this.store.press("go", { index: (index ?? (by > 0 ? -1 : 1)) + by });
  }

  #key(event) {
    const typing = event.target.closest("select, input:not([type=checkbox])");
    const command = event.ctrlKey || event.metaKey;
    if (typing && !command) return;
    if (!command && this.actKey(event) && !this.act.disabled) this.words.act.press();
    else if (!this.editor.key(event)) return;
    event.preventDefault();
  }
}
