// The sweep panel: progress and Stop above, the verdict and the figure, and the table of all trials.

import { ProgressBar, button, element, liveRegion, setText } from "../shared/dom.js";
import { help } from "../shared/help.js";
import { mount } from "../shared/mount.js";
import { Picture } from "../shared/picture.js";
import { SweepStore } from "./store.js";

const STATES = {
  running: "running",
  stopping: "stopping: trainings are being saved",
  finished: "finished",
  stopped: "stopped",
  failed: "failed",
};
const SILENT =
  "The kernel does not answer: it has stopped, or is busy with a cell. The panel shows the last known state.";

class SweepView {
  constructor(store) {
    this.store = store;
    this.name = element("h3", {}, "Sweep");
    this.summary = element("span", { class: "gb-options" }, "connecting…");
    this.button = button("Stop", "", () => this.#press());
    this.progress = new ProgressBar("Progress of the sweep");
    this.note = element("p", { class: "gb-note", hidden: true });
    this.verdict = element("div", { class: "gb-verdict" });
    this.figure = element("img", {
      alt: "Best value so far, the options of all trials as parallel coordinates, importance of each option",
      hidden: true,
    });
    this.picture = new Picture(this.figure);
    this.trials = element("table", { "aria-label": "Trials, the best first" });
    this.seeds = element("table", { "aria-label": "The best trials with other seeds" });
    this.seedsBlock = element(
      "div",
      { class: "gb-seeds", hidden: true },
      element("h4", {}, "The best, and the defaults, with other seeds", help("sweep_seeds")),
      element("div", { class: "gb-scroll" }, this.seeds),
    );
    this.folder = element("code");
    this.live = liveRegion();
    this.el = element(
      "section",
      { class: "gb gb-sweep", tabindex: "-1", "aria-label": "Sweep" },
      element(
        "header",
        {},
        element("div", { class: "gb-title" }, this.name, help("sweep"), this.summary),
        element("div", { class: "gb-controls" }, this.button),
      ),
      this.progress.el,
      element(
        "div",
        { class: "gb-found" },
        this.note,
        this.verdict,
        element("h4", {}, "Trials", help("sweep_figure")),
        this.figure,
        element("div", { class: "gb-scroll" }, this.trials),
        this.seedsBlock,
        element("p", { class: "gb-folder" }, "Folder ", this.folder),
      ),
      this.live,
    );
  }

  close() {
    this.picture.close();
  }

  draw() {
    const { store } = this;
    const { sweep } = store;
    const text = store.silent ? SILENT : (store.note?.text ?? sweep?.error ?? "");
    setText(this.note, text || (sweep?.note ?? ""));
    this.note.hidden = !this.note.textContent;
    if (!sweep) return;
    const working = sweep.state === "running" || sweep.state === "stopping";
    setText(this.name, sweep.name);
    const failed = sweep.failed ? ` · ${sweep.failed} failed` : "";
    setText(this.summary, `${STATES[sweep.state]} · ${Math.floor(sweep.done)} of ${sweep.wanted} trainings${failed}`);
    this.progress.show(sweep.wanted ? sweep.done / sweep.wanted : null);
    setText(this.button, working ? "Stop" : "Continue");
    this.button.title = working
      ? "Save the trainings that run here, and end; Continue goes on"
      : "Go on with the trials that are left";
    this.button.disabled = store.silent || sweep.state === "stopping";
    this.button.hidden = sweep.state === "finished";
    setText(this.folder, sweep.folder);
    this.#verdict(sweep);
    this.#figure();
    this.#table(this.trials, sweep.columns, sweep.rows);
    this.seedsBlock.hidden = !sweep.seeds;
    if (sweep.seeds) {
      const rows = sweep.seeds.rows.map((cells) => ({ cells }));
      this.#table(this.seeds, sweep.seeds.columns, rows);
    }
    setText(this.live, working ? "" : `${STATES[sweep.state]}. ${sweep.verdict[0]}`);
  }

  #press() {
    const { sweep } = this.store;
    if (sweep?.state === "running") this.store.stop();
    else this.store.resume();
  }

  #verdict({ verdict }) {
    const key = verdict.join("\n");
    if (key === this.drawnVerdict) return;
    this.drawnVerdict = key;
    this.verdict.replaceChildren(...verdict.map((line) => element("p", {}, line)));
  }

  #figure() {
    const { figure } = this.store;
    if (!figure || figure === this.drawnFigure) return;
    this.drawnFigure = figure;
    this.picture.show(figure);
    this.figure.hidden = false;
  }

  #table(table, columns, rows) {
    const key = JSON.stringify([columns, rows]);
    if (table.dataset.key === key) return;
    table.dataset.key = key;
    const { best } = this.store.sweep;
    const head = element("tr", {}, ...columns.map((name) => element("th", { scope: "col" }, name)));
    const body = rows.map(({ cells, state }) => {
      const kind = `${state ? `gb-state-${state}` : ""} ${state && cells[0] === best ? "gb-best" : ""}`;
      return element("tr", { class: kind }, ...cells.map((cell) => element("td", {}, cell)));
    });
    table.replaceChildren(element("thead", {}, head), element("tbody", {}, ...body));
  }
}

export default mount(SweepStore, SweepView);
