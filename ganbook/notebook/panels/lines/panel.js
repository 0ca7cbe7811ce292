// The panel of lines: those of a seed on the left, the line in focus on the right.

import { KEEPS_KEYS, button, choice, element, liveRegion, setText } from "../shared/dom.js";
import { count } from "../shared/format.js";
import { help } from "../shared/help.js";
import { Lines } from "../shared/lines.js";
import { mount } from "../shared/mount.js";
import { LinesStore } from "./store.js";

const NARROW = 720;

class LinesView {
  constructor(store) {
    this.store = store;
    this.name = element("h3");
    this.about = element("span", { class: "gb-options" });
    this.seed = element("input", {
      type: "number",
      min: "0",
      max: "2147483647",
      step: "1",
      "aria-label": "Seed",
      onchange: () => this.#look({ seed: Number(this.seed.value) }),
    });
    const next = () => this.#look({ seed: (store.look?.seed ?? 0) + 1 });
    this.newSeed = button("New seed", "Show other lines", next, { class: "gb-small" });
    this.label = choice("Class", {}, (label) => this.#look({ label: label === "" ? null : Number(label) }));
    this.lines = new Lines({ pick: (number) => store.pick(number) });
    this.more = button("More lines", "Write more lines of this seed", () =>
      store.send({ do: "more", start: store.lines.length }),
    );
    this.focus = element("div", { class: "gb-focus" });
    this.walkTitle = element("span");
    this.walk = new Lines({});
    const title = element("h4", {}, this.walkTitle, help("line_walk"));
    this.path = element("div", { class: "gb-path" }, title, this.walk.el);
    this.favourites = element("p", { class: "gb-favourite-lines" });
    this.exporting = button("Download", "Download the favourites, one a line", () => store.send({ do: "export" }));
    this.note = element("p", { class: "gb-note" });
    this.live = liveRegion();
    this.el = element(
      "section",
      { class: "gb gb-browsing-lines", tabindex: "-1", [KEEPS_KEYS]: "true" },
      element(
        "header",
        {},
        element("div", { class: "gb-title" }, this.name, this.about, help("line_marks")),
        element("label", {}, "Seed ", this.seed),
        this.newSeed,
        this.label,
      ),
      element(
        "div",
        { class: "gb-columns" },
        element("div", { class: "gb-all-lines" }, this.lines.el, this.more),
        element("div", { class: "gb-side" }, this.focus, this.path, this.note),
      ),
      element("footer", {}, this.favourites, this.exporting),
      this.live,
    );
    this.sized = new ResizeObserver(() => this.el.classList.toggle("gb-narrow", this.el.clientWidth < NARROW));
    this.sized.observe(this.el);
  }

  close() {
    this.sized.disconnect();
  }

  draw() {
    const { store } = this;
    const text = store.silent ? "No kernel answers: what is shown is as it was last." : (store.note?.text ?? "");
    setText(this.note, text);
    this.note.hidden = !text;
    if (!store.look) {
      setText(this.name, "Lines");
      return;
    }
    setText(this.name, store.name);
    setText(this.about, store.about);
    this.el.setAttribute("aria-label", `Lines of ${store.name}`);
    this.#controls();
    this.lines.draw(store.lines, `Lines of ${store.name}`, store.picked);
    this.#drawFocus();
    this.#drawWalk();
    const { favourites } = store;
    setText(this.favourites, favourites.length ? `★ ${favourites.join(" · ")}` : "There are no favourites yet.");
    this.exporting.disabled = !favourites.length || store.silent;
    for (const control of [this.more, this.newSeed, this.seed, this.label]) control.disabled = store.silent;
  }

  #look(changes) {
    this.store.wish("look", { do: "look", changes });
  }

  #controls() {
    const { look, classes } = this.store;
    if (this.store.awaits("look")) return;
    if (this.el.getRootNode().activeElement !== this.seed) this.seed.value = String(look.seed);
    this.label.hidden = !classes.length;
    if (this.label.children.length !== classes.length + 1)
      this.label.replaceChildren(
        element("option", { value: "" }, "all classes"),
        ...classes.map((name, i) => element("option", { value: String(i) }, name)),
      );
    this.label.value = look.label == null ? "" : String(look.label);
  }

  #drawFocus() {
    const { store } = this;
    const { picked, near, from, favourites } = store;
    const key = JSON.stringify([picked, store.lines[picked], near, from, favourites, store.silent]);
    if (key === this.drawnFocus) return;
    this.drawnFocus = key;
    if (picked == null || !store.lines[picked]) {
      this.focus.replaceChildren(element("p", { class: "gb-options" }, "Choose a line to see what is near it."));
      return;
    }
    const line = store.lines[picked][1];
    const kept = favourites.includes(line);
    const star = button(
      kept ? "Remove favourite" : "Favourite",
      kept ? "Remove this line from the favourites" : "Add this line to the favourites",
      () => store.send({ do: "star", number: picked }),
      { "aria-pressed": String(kept), disabled: store.silent },
    );
    const start = button(
      "Walk from here",
      "Begin a walk at this line",
      () => {
        store.from = picked;
        store.changed();
      },
      { disabled: store.silent },
    );
    const walks = from != null && from !== picked;
    const end = button(
      "Walk to here",
      walks ? `Walk here from ${store.lines[from]?.[1]}` : "First choose where a walk begins",
      () => store.send({ do: "walk", a: from, b: picked }),
      { class: walks ? "gb-primary" : "", disabled: !walks || store.silent },
    );
    const focused = [...this.focus.querySelectorAll("button")].indexOf(this.el.getRootNode().activeElement);
    this.focus.replaceChildren(
      element("h4", { class: "gb-line-in-focus" }, element("bdi", {}, line)),
      element("div", { class: "gb-controls" }, star, start, end),
      element("h4", {}, "Nearest in the training data", help("line_edits")),
      element(
        "ul",
        { class: "gb-near" },
        ...(near?.found ?? []).map(([other, edits]) =>
          element(
            "li",
            {},
            element("bdi", {}, other),
            element("span", {}, edits === 0 ? "the same" : `${count(edits)} ${edits === 1 ? "edit" : "edits"}`),
          ),
        ),
      ),
    );
    if (focused >= 0) this.focus.querySelectorAll("button")[focused]?.focus();
    setText(this.live, line);
  }

  #drawWalk() {
    const { walk, lines } = this.store;
    this.path.hidden = !walk;
    if (!walk) return;
    const title = `Walk from ${lines[walk.a]?.[1]} to ${lines[walk.b]?.[1]}`;
    setText(this.walkTitle, title);
    this.walk.draw(walk.lines, title);
  }
}

export default mount(LinesStore, LinesView);
