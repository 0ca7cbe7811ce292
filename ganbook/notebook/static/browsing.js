// The browsing panel. One store for each model, any number of views.

import { Atlas } from "./atlas.js";
import { Browsed } from "./browsed.js";
import { Combine } from "./combine.js";
import { Gallery } from "./gallery.js";
import { Steer } from "./steer.js";
import { Through } from "./through.js";
import { OURS, count, element } from "./words.js";
import { crisp } from "./sprites.js";

const NARROW = 720, SIDE = 316, GAP = 20;
const KEPT = 36;
const EXPORTS = { png: "starred as a PNG sheet", zip: "starred as a ZIP of PNGs", npz: "starred with z, as .npz", gif: "gallery through training, GIF", webp: "gallery through training, WebP", mp4: "gallery through training, MP4", "strip-gif": "walk from a to b, GIF", "strip-webp": "walk from a to b, WebP", "strip-mp4": "walk from a to b, MP4" };
const SORTS = { drawn: "as drawn", score: "D's score", nearest: "distance to real" };

class View {
  constructor(store, root) {
    this.store = store;
    this.gallery = new Gallery(store);
    this.steer = new Steer(store, () => this.gallery.start);
    this.combine = new Combine(store, { lend: (sheet, i) => this.steer.lend(sheet, i), giveBack: () => this.steer.giveBack() });
    this.through = new Through(store, (step, lasting) => this.#look({ step }, lasting));
    this.atlas = new Atlas(store, () => this.selection.value.trim());
    this.steer.selection = () => this.selection.value.trim();
    this.card = this.#card();
    root.append(this.card);
    this.stop = store.watch(() => this.draw());
    this.sized = new ResizeObserver(() => this.#layOut());
    this.sized.observe(this.card);
    this.#layOut();
  }

  close() {
    this.stop();
    this.sized.disconnect();
    this.through.close();
    this.combine.close();
  }

  #card() {
    const { store } = this;
    const choose = (label, choices, changed) => {
      const select = element("select", { "aria-label": label, onchange: () => changed(select.value) }, ...Object.entries(choices).map(([value, text]) => element("option", { value }, text)));
      return select;
    };
    this.name = element("h3");
    this.summary = element("span", { class: "gb-options" });
    this.map = element("button", { type: "button", "aria-pressed": "false", onclick: () => this.#toggleMap() }, "Map");
    this.exports = choose("Export", { "": "Export", ...EXPORTS }, (kind) => {
      this.exports.value = "";
      this.exporting = performance.now();
      store.send({ do: "export", as: kind });
    });
    this.seed = element("input", { type: "number", min: "0", max: "2147483647", step: "1", "aria-label": "Seed", onchange: () => this.#sow() });
    this.fresh = element("button", { type: "button", class: "gb-small", title: "The next seed", onclick: () => this.#look({ seed: store.view.look.seed + 1 }) }, "New");
    this.label = choose("Class", { "": "all classes" }, (label) => this.#look({ label: label === "" ? null : Number(label) }));
    this.weights = choose("Weights", { ema: "EMA weights", raw: "raw weights" }, (weights) => this.#look({ weights }));
    this.sort = choose("Sort", Object.fromEntries(Object.entries(SORTS).map(([value, text]) => [value, `Sort: ${text}`])), (sort) => this.#look({ sort }));
    this.note = element("p", { class: "gb-note" });
    this.working = element("p", { class: "gb-note gb-working" });
    this.bar = element("div", { class: "gb-progress" }, element("i"));
    this.kept = element("div", { class: "gb-kept", role: "group", "aria-label": "Starred samples" });
    this.selection = element("input", { type: "text", maxlength: "60", value: "kept", "aria-label": "Name of the selection", title: "Samples are starred under this name: browser.picked_images(name)" });
    this.selection.value = "kept";
    this.took = element("span", { class: "gb-took" });
    this.live = element("div", { class: "gb-unseen", role: "status", "aria-live": "polite" });
    this.toolbar = element("div", { class: "gb-toolbar" }, element("label", {}, "Seed ", this.seed), this.fresh, this.label, this.weights, this.sort);
    this.left = element("div", { class: "gb-left" }, this.gallery.el, this.atlas.el, this.through.el, this.combine.el);
    this.atlas.el.hidden = true;
    this.body = element("div", { class: "gb-body" }, this.left, element("div", { class: "gb-side" }, this.working, this.note, this.steer.el));
    this.foot = element("footer", {}, element("b", { class: "gb-count" }), element("label", {}, "in ", this.selection), this.kept, this.took);
    return element("section", { class: "gb gb-browsing", tabindex: "-1", [OURS]: "true", onkeydown: (event) => this.#key(event) },
      element("header", {}, element("div", { class: "gb-title" }, this.name, this.summary), element("div", { class: "gb-controls" }, this.map, this.exports)),
      this.bar, this.toolbar, this.body, this.foot, this.live);
  }

  draw() {
    const { store } = this;
    const { head, view, working, silent } = store;
    this.name.textContent = head ? `Browse ${head.name}` : "Browse";
    this.card.setAttribute("aria-label", this.name.textContent);
    this.#say(this.working, working ? `${working[0].toUpperCase()}${working.slice(1)} …` : "");
    this.#say(this.note, silent ? "No kernel answers: it is gone, or busy with a cell. What is shown is the last that was known." : store.said);
    this.bar.classList.toggle("gb-waiting", Boolean(working) && !silent);
    // What has the focus keeps it while the kernel is only slow.
    for (const control of this.card.querySelectorAll("button, select, input")) control.disabled = !view || (silent && control !== document.activeElement);
    if (!head || !view) return;
    this.#header(head, view);
    this.gallery.draw();
    this.atlas.draw();
    this.through.draw();
    this.steer.draw();
    this.combine.draw();
    this.#drawKept(head, view);
    this.#drawTook();
    const spoken = [store.said, store.parts.sample && `${this.steer.title.textContent}. ${this.steer.facts.textContent}`].filter(Boolean).join(". ");
    if (this.live.textContent !== spoken) this.live.textContent = spoken;
    if (!this.laidOut) this.#layOut();
  }

  #header(head, view) {
    const { look } = view;
    const step = head.run ? `checkpoint ${count(view.step)} · ${look.weights === "ema" ? "EMA" : "raw"} weights · ` : "";
    this.summary.textContent = `${step}seed ${look.seed}`;
    const set = (control, value) => document.activeElement !== control && control.value !== String(value) && (control.value = value);
    set(this.seed, look.seed);
    if (this.label.children.length === 1 && head.classes.length) this.label.append(...head.classes.map((name, i) => element("option", { value: i }, name)));
    set(this.label, look.label ?? "");
    set(this.weights, look.weights);
    set(this.sort, look.sort);
    this.label.hidden = !head.classes.length;
    this.weights.hidden = !head.run;
    this.sort.querySelector("[value=score]").disabled = !head.judges;
    this.sort.querySelector("[value=nearest]").disabled = !view.ready.includes("pixels");
    this.map.disabled ||= !view.ready.includes("pixels");
    const stars = view.kept.length;
    this.exports.firstChild.textContent = stars ? `Export ${stars} ★` : "Export";
    for (const option of this.exports.children) {
      const kind = option.value;
      option.disabled = kind.startsWith("strip") ? view.slots < 2 : ["gif", "webp", "mp4"].includes(kind) ? view.steps.length < 2 : kind && !stars;
    }
  }

  #drawKept(head, view) {
    const { kept } = this.store.parts;
    this.foot.querySelector(".gb-count").textContent = `${view.kept.length} ★`;
    const key = `${kept?.sheet.url} ${view.kept.length}`;
    if (key === this.drawnKept) return;
    this.drawnKept = key;
    const width = crisp(head.width, KEPT);
    this.kept.replaceChildren(...view.kept.map((title, i) => {
      const picture = element("button", { type: "button", class: "gb-thumb", "aria-label": `starred sample ${title}`, title: `sample ${title}`, onclick: () => this.store.send({ do: "pick", from: "kept", which: i }) });
      kept.sheet.dress(picture, i, width);
      return picture;
    }));
  }

  #drawTook() {
    const { took } = this.store;
    if (!took) return;
    this.took.textContent = `${took.ms.toFixed(0)} ms`;
    this.took.title = "From the last press to the picture";
    Object.assign(this.card.dataset, { answered: took.n, took: took.ms });
  }

  #say(el, text) {
    el.hidden = !text;
    if (el.textContent !== text) el.textContent = text;
  }

  #look(changes, lasting = true) {
    if ("seed" in changes || "sort" in changes || "label" in changes) this.gallery.toTop();
    this.store.wish("look", { do: "look", changes, lasting, start: this.gallery.start });
  }

  #sow() {
    const seed = Math.max(0, Math.floor(Number(this.seed.value)));
    if (seed !== this.store.view.look.seed) this.#look({ seed });
  }

  #toggleMap() {
    const shown = this.atlas.el.hidden;
    this.atlas.el.hidden = !shown;
    this.gallery.el.hidden = shown;
    this.map.setAttribute("aria-pressed", String(shown));
    this.#layOut();
  }

  #layOut() {
    const wide = this.card.clientWidth;
    this.laidOut = Boolean(wide && this.store.head);
    if (!this.laidOut) return;
    const narrow = wide < NARROW;
    this.card.classList.toggle("gb-narrow", narrow);
    const left = narrow ? wide - 30 : wide - 30 - GAP - SIDE;
    this.body.style.gridTemplateColumns = narrow ? "minmax(0, 1fr)" : `minmax(0, 1fr) ${SIDE}px`;
    this.gallery.size(left);
    this.atlas.size(left, Math.max(300, Math.min(360, 0.6 * left)));
    this.draw();
  }

  #key(event) {
    event.stopPropagation(); // the notebook would take the focus back to its cell
    if (event.target === this.seed && event.key === "Enter") this.#sow();
    const typing = event.target.closest("input[type=text], input[type=number], select");
    if (typing) return;
    const key = event.key.toLowerCase();
    const undo = key === "z" && (event.ctrlKey || event.metaKey);
    if (!undo && (event.ctrlKey || event.metaKey || event.altKey)) return;
    if (undo) this.store.send({ do: "undo", start: this.gallery.start });
    else if (key === "s") this.steer.toggleStar();
    else if (key === "a" && this.store.view?.at != null) this.store.send({ do: "combine" });
    else return;
    event.preventDefault();
  }
}

export default () => {
  let store;
  return {
    initialize({ model }) {
      store = new Browsed(model);
      return () => store.close();
    },
    render({ model, el }) {
      // The picture for pages without a kernel is not shown beside a live panel.
      const still = `.ganbook-still-${CSS.escape(model.get("key"))}`;
      el.append(element("style", {}, `${still}, .jp-OutputArea-child:has(${still}) { display: none; }`));
      const view = new View(store, el);
      view.draw();
      store.send({ do: "hello" });
      return () => view.close();
    },
  };
};
