// The dashboard of runs: the table, curves over each other, and below them the panel of a run that was opened.

import { KEEPS_KEYS, button, element, liveRegion, setText } from "../shared/dom.js";
import { mount } from "../shared/mount.js";
import { Overlay } from "./overlay.js";
import { RunsStore } from "./store.js";
import { RunsTable } from "./table.js";

const SILENT =
  "The kernel does not answer: it has stopped, or is busy with a cell. The panel shows the last known state.";

const NARROW = 1060;

class RunsView {
  constructor(store) {
    this.store = store;
    this.shown = null; // what was opened below
    this.summary = element("span", { class: "gb-options" }, "connecting…");
    this.filter = element("input", {
      type: "text",
      placeholder: "Filter",
      "aria-label": "Filter by any word of a row",
      oninput: () => this.table.draw(this.filter.value),
    });
    this.undo = button("Undo", "Bring back the run that was deleted last", () => store.send({ do: "undo" }));
    this.refresh = button("Refresh", "Read the folder again", () => store.send({ do: "news" }));
    this.note = element("p", { class: "gb-note", hidden: true });
    this.table = new RunsTable(store);
    this.overlay = new Overlay(store);
    this.close_ = button("Close", "Remove the panel below", () => this.#open(null), { class: "gb-small" });
    this.host = element("div", { class: "gb-below" });
    this.live = liveRegion();
    this.el = element(
      "section",
      { class: "gb gb-runs", tabindex: "-1", "aria-label": "Runs", [KEEPS_KEYS]: "true" },
      element(
        "header",
        {},
        element("div", { class: "gb-title" }, element("h3", {}, "Runs"), this.summary),
        element("div", { class: "gb-controls" }, this.filter, this.undo, this.refresh),
      ),
      this.note,
      this.table.el,
      this.overlay.el,
      element("div", { class: "gb-closing" }, this.close_),
      this.host,
      this.live,
    );
    this.sized = new ResizeObserver(() => {
      this.el.classList.toggle("gb-narrow", this.el.clientWidth < NARROW);
      this.overlay.draw();
    });
    this.sized.observe(this.el);
  }

  close() {
    this.sized.disconnect();
  }

  draw() {
    const { store } = this;
    const text = store.silent ? SILENT : (store.note?.text ?? "");
    setText(this.note, text);
    this.note.hidden = !text;
    setText(this.live, text);
    this.undo.disabled = !store.undo || store.silent;
    this.refresh.disabled = store.silent;
    if (!store.listed) return;
    const { rows } = store;
    setText(this.summary, `${rows.length} ${rows.length === 1 ? "run" : "runs"} in ${store.folder}`);
    this.table.draw(this.filter.value);
    this.overlay.draw();
    if (store.below !== this.shown) this.#open(store.below);
    this.close_.hidden = !this.host.hasChildNodes();
  }

  async #open(below) {
    this.shown = this.store.below = below;
    this.host.replaceChildren();
    const view = below && (await this.store.viewOf(below.model));
    if (view && this.shown === below) this.host.append(view);
    this.store.changed();
  }
}

export default mount(RunsStore, RunsView);
