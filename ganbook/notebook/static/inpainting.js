// The inpainting panel: paint a hole, fill it in several ways, compare, pick one, paint on.

import { Painting } from "./painting.js";
import { Easel } from "./easel.js";
import { Results } from "./results.js";
import { count, element } from "./words.js";

const NARROW = 720;

class View {
  constructor(painting, root) {
    this.painting = painting;
    this.easel = new Easel(painting);
    this.results = new Results(painting);
    this.card = this.#card();
    root.append(this.card);
    this.stop = painting.watch(this);
    this.sized = new ResizeObserver(() => this.#resized());
    this.sized.observe(this.card);
    this.draw();
  }

  close() {
    this.stop();
    this.sized.disconnect();
    this.easel.close();
  }

  #card() {
    const { painting } = this;
    const button = (text, title, press, label = null) => element("button", { type: "button", title, "aria-label": label, onclick: press }, text);
    this.name = element("h3", {}, "Inpaint");
    this.summary = element("span", { class: "gb-options" });
    this.previous = button("◂", "Picture before", () => painting.press("go", { index: (painting.picture.index ?? 1) - 1 }), "Picture before");
    this.next = button("▸", "Next picture", () => painting.press("go", { index: (painting.picture.index ?? -1) + 1 }), "Next picture");
    this.state = element("span", { class: "gb-state" });
    this.upload = button("Upload", "Take a picture from a file; dropping one onto the panel does it too", () => this.#ask("picture"), "Upload a picture");
    this.random = button("Random mask", "Draw a mask of the kind chosen below", () => painting.press("random", { kind: this.kind.value }));
    this.fill = button("Fill", "Fill the hole with every ticked method (F)", () => painting.fill());
    this.end = button("Stop", "Keep the best so far", () => painting.press("stop"));
    this.bar = element("i");
    this.progress = element("div", { class: "gb-progress", role: "progressbar", "aria-label": "Filling", "aria-valuemin": "0", "aria-valuemax": "100" }, this.bar);
    this.kind = element("select", { "aria-label": "Kind of random mask" });
    this.putMask = button("Upload", "Take the mask from a picture file: white is the hole", () => this.#ask("mask"), "Upload a mask");
    this.getMask = button("Download", "Save the mask as a PNG file: white is the hole", () => painting.press("download", { what: "mask" }), "Download the mask");
    this.getPicture = button("Download picture", "Save the picture as a PNG file", () => painting.press("download", { what: "picture" }));
    const masks = element("div", { class: "gb-row", role: "group", "aria-label": "Mask" }, "Mask", this.kind, this.putMask, this.getMask, this.getPicture);
    this.methods = element("div", { class: "gb-row gb-methods", role: "group", "aria-label": "Methods" });
    this.scored = element("input", { type: "checkbox", onchange: () => painting.press("score", { known: this.scored.checked }) });
    const scored = element("label", { class: "gb-check", title: "Turn this off where the hole hides what is to disappear" }, this.scored, "score in the hole: the picture is the truth");
    this.note = element("p", { class: "gb-note", hidden: true });
    this.foot = ["hole", "size", "took"].map((name) => element("span", { class: `gb-${name}` }));
    this.live = element("div", { class: "gb-unseen", role: "status", "aria-live": "polite" });
    this.file = element("input", { type: "file", accept: "image/*", hidden: true, "aria-label": "Picture file", onchange: () => this.#chosen() });
    this.easel.el.append(masks);
    this.side = element("div", { class: "gb-side" }, this.methods, scored, this.results.el);
    this.body = element("div", { class: "gb-body" }, this.easel.el, this.side);
    // JupyterLab's shortcuts would take the keys of the tools.
    return element(
      "section",
      {
        class: "gb gb-inpainting", tabindex: "-1", "aria-label": "Inpainting", "data-lm-suppress-shortcuts": "true",
        onkeydown: (event) => this.#key(event), ondragover: (event) => event.preventDefault(), ondrop: (event) => this.#dropped(event),
      },
      element("header", {}, element("div", { class: "gb-title" }, this.name, this.summary, element("span", { class: "gb-turn" }, this.previous, this.next)), this.state,
        element("div", { class: "gb-controls" }, this.upload, this.random, this.fill, this.end)),
      this.progress,
      this.note,
      this.body,
      element("footer", {}, ...this.foot),
      this.live,
      this.file,
    );
  }

  touch(box) {
    this.easel.touch(box);
  }

  draw() {
    const { painting } = this;
    this.easel.draw();
    this.results.draw();
    this.#methods();
    this.#header();
    this.#foot();
    this.#say();
  }

  #resized() {
    this.card.classList.toggle("gb-narrow", this.card.clientWidth < NARROW);
    this.easel.size();
  }

  #header() {
    const { picture, filling, silent, head } = this.painting;
    const off = silent || !head;
    this.summary.textContent = picture ? [picture.name, ...picture.runs].join(" · ") : "";
    this.previous.hidden = this.next.hidden = !picture || picture.of < 2;
    this.previous.disabled = off || !picture || !picture.index;
    this.next.disabled = off || !picture || picture.index === picture.of - 1;
    this.upload.disabled = off;
    this.upload.classList.toggle("gb-primary", !picture);
    this.fill.classList.toggle("gb-primary", Boolean(picture));
    this.random.disabled = this.kind.disabled = this.putMask.disabled = this.getMask.disabled = this.getPicture.disabled = off || !picture;
    const { missing } = this.painting;
    this.fill.disabled = off || Boolean(filling) || missing !== "";
    this.fill.title = missing || "Fill the hole with every ticked method (F)";
    this.end.disabled = off || !filling || filling.stopping;
    this.state.textContent = silent ? "no kernel" : filling ? (filling.stopping ? "stopping…" : `filling by ${filling.method} · ${Math.round(100 * filling.share)} %`) : "";
    const percent = filling ? 100 * filling.share : 0;
    this.bar.style.width = filling && !filling.share ? "" : `${percent}%`;
    this.progress.classList.toggle("gb-waiting", Boolean(filling) && !filling.share && !silent);
    this.progress.setAttribute("aria-valuenow", percent.toFixed(0));
  }

  #methods() {
    const { painting } = this;
    const { head, picture } = painting;
    if (picture) this.scored.checked = picture.scored;
    this.scored.disabled = !picture || !picture.scorable || painting.silent;
    if (!head || this.drawnHead === head) return;
    this.drawnHead = head;
    this.kind.replaceChildren(...head.kinds.map((kind) => element("option", { value: kind, selected: kind === "thick" }, kind)));
    const candidates = element("select", { "aria-label": "Candidates of the methods that make several", title: "Candidates of each method that makes several", onchange: () => (painting.candidates = Number(candidates.value)) },
      ...[1, 2, 4, 8].map((n) => element("option", { value: n, selected: n === painting.candidates }, `×${n}`)));
    this.methods.replaceChildren(...head.methods.map(({ name, why }) => {
      const box = element("input", { type: "checkbox", disabled: Boolean(why), checked: painting.ticked.has(name), onchange: () => this.#tick(name, box.checked) });
      return element("label", { class: "gb-check", title: why || null }, box, name);
    }), candidates);
  }

  #tick(name, on) {
    this.painting.ticked[on ? "add" : "delete"](name);
    this.painting.tell();
  }

  #foot() {
    const { mask, picture, filling, results } = this.painting;
    const [hole, size, took] = this.foot;
    const fill = (el, strong, rest) => el.replaceChildren(element("b", {}, strong), rest);
    if (!mask) return;
    fill(hole, `${((100 * mask.count) / mask.bits.length).toFixed(1)} %`, ` hole · ${count(mask.count)} pixels`);
    fill(size, `${picture.width}×${picture.height}`, picture.channels === 1 ? " grey" : " colour");
    const seconds = results.reduce((sum, result) => sum + (result.seconds ?? 0), 0);
    took.hidden = !results.length || Boolean(filling);
    fill(took, seconds < 10 ? seconds.toFixed(2) : seconds.toFixed(0), " s to fill");
  }

  #say() {
    const { silent, said, filling, results, heard } = this.painting;
    const text = silent ? "No kernel answers: it is busy with a cell, or gone; then run the cell again." : said ? said.text : "";
    this.note.hidden = !text;
    const offer = said?.offer && element("button", { type: "button", onclick: () => this.painting.resizeMask() }, said.offer);
    if (this.noted !== text) this.note.replaceChildren(...[(this.noted = text), offer].filter(Boolean));
    this.note.classList.toggle("gb-note-failed", Boolean(said?.failed));
    const spoken = text || (filling ? `Filling by ${filling.method}` : results.length ? `${results.length} results` : heard ? "ready" : "");
    if (this.live.textContent !== spoken) this.live.textContent = spoken;
  }

  #key(event) {
    const typing = event.target.closest("select, input:not([type=checkbox])");
    if (typing && !event.ctrlKey && !event.metaKey) return;
    if (event.key.toLowerCase() === "f" && !event.ctrlKey && !event.metaKey && !this.fill.disabled) this.painting.fill();
    else if (!this.easel.key(event)) return;
    event.preventDefault();
  }

  #ask(what) {
    this.asked = what;
    this.file.click();
  }

  #chosen() {
    if (this.file.files.length) this.#send(this.asked, this.file.files[0]);
    this.file.value = "";
  }

  #dropped(event) {
    event.preventDefault();
    if (event.dataTransfer.files.length) this.#send("picture", event.dataTransfer.files[0]);
  }

  async #send(what, file) {
    const { head } = this.painting;
    const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
    if (file.size > head.upload_bytes) {
      const text = `${file.name} is ${megabytes(file.size)}; an upload may be ${megabytes(head.upload_bytes)}: put it beside the notebook and give its path, %gan_inpaint ${file.name}`;
      this.painting.said = { text, failed: true };
      this.painting.tell();
      return;
    }
    this.painting.upload(what, file.name, await file.arrayBuffer());
  }
}

export default () => {
  let painting;
  return {
    initialize({ model }) {
      painting = new Painting(model);
      return () => painting.close();
    },
    render({ model, el }) {
      const view = new View(painting, el);
      // The picture for pages without a kernel gives way to a panel that has one.
      const still = `.ganbook-still-${CSS.escape(model.get("key"))}`;
      const hides = element("style", {}, `${still}, .jp-OutputArea-child:has(${still}) { display: none; }`);
      const hide = { touch() {}, draw: () => painting.heard && !hides.isConnected && el.append(hides) };
      const stop = painting.watch(hide);
      hide.draw();
      painting.ask("hello");
      return () => {
        stop();
        view.close();
      };
    },
  };
};
