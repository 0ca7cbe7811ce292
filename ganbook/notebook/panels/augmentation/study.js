// The study of a policy: its options, its progress, and its result.

import { ProgressBar, element, setText } from "../shared/dom.js";
import { help } from "../shared/help.js";
import { Picture } from "../shared/picture.js";

const HEADINGS = ["fraction of the data", "trained on", "accuracy", "gain (95% CI)", "verdict"];

export class Study {
  constructor(store) {
    this.store = store;
    const field = (label, name, value, more) => {
      this[name] = element("input", { value, "aria-label": label, ...more });
      return element("label", {}, label, this[name]);
    };
    this.button = element("button", { type: "button", class: "gb-primary", onclick: () => this.#press() }, "Measure");
    this.progress = new ProgressBar("Study");
    this.progress.el.hidden = true;
    this.impossible = element("p", { class: "gb-note", hidden: true });
    this.changed = element("p", { class: "gb-note", hidden: true });
    this.of = element("p", { class: "gb-studied" });
    this.verdict = element("div", { class: "gb-verdict", role: "status", "aria-live": "polite" });
    this.table = element("table");
    this.plot = element("img", { alt: "Accuracy on real test images, by fraction of the data", hidden: true });
    this.picture = new Picture(this.plot);
    const explanation =
      "A classifier is trained on real images alone, with this policy, with a GAN's samples, with both, and on samples " +
      "alone. Each is tested on real test images.";
    this.el = element(
      "details",
      { class: "gb-study" },
      element("summary", {}, "Does it help? Measure it with a classifier", help("study")),
      element("p", {}, explanation),
      element(
        "div",
        { class: "gb-study-options" },
        field("fractions of the data (%)", "fractions", "5, 100", { type: "text" }),
        field("seeds", "seeds", "3", { type: "number", min: 1, max: 20 }),
        field("minutes", "minutes", "10", { type: "number", min: 1, step: "any" }),
        this.button,
      ),
      this.impossible,
      this.progress.el,
      this.changed,
      this.of,
      this.verdict,
      element("div", { class: "gb-study-result" }, this.table, this.plot),
    );
  }

  close() {
    this.picture.close();
  }

  draw() {
    const { about, study, studyPlot } = this.store;
    if (about?.no_study) {
      this.button.disabled = true;
      this.impossible.hidden = false;
      setText(this.impossible, about.no_study);
    }
    this.#drawOutdated();
    if (!study || study === this.drawn) return;
    this.drawn = study;
    this.el.open = true;
    if (study.of) setText(this.of, `Policy: ${study.of}`);
    if (study.progress != null) {
      if (!this.running) this.#setRunning(true);
      this.progress.show(study.progress);
      return;
    }
    this.#setRunning(false);
    const { error, verdict, rows } = study;
    const lines = error ? [error] : verdict;
    this.verdict.replaceChildren(...lines.map((line) => element("p", { class: error ? "gb-note" : "" }, line)));
    if (!error) this.#result(rows, studyPlot);
  }

  // A result is of the policy that it was made with.
  #drawOutdated() {
    const { study, preview } = this.store;
    if (preview?.message.kind === "preview") this.outdated = Boolean(study?.rows) && !preview.message.studied;
    this.el.classList.toggle("gb-outdated", Boolean(this.outdated));
    setText(
      this.changed,
      this.outdated ? "The policy has changed since: press Measure for a result of what it is now." : "",
    );
    this.changed.hidden = !this.outdated;
  }

  #press() {
    if (this.running) {
      this.button.disabled = true;
      this.button.textContent = "Stopping…";
      this.store.stopStudy();
      return;
    }
    this.#setRunning(true);
    this.verdict.textContent = "Running: the first part is the slowest. You can keep working in the notebook.";
    const [fractions, seeds, minutes] = [this.fractions.value, this.seeds.value, this.minutes.value];
    this.store.startStudy({ fractions, seeds, minutes });
  }

  #setRunning(running) {
    this.running = running;
    this.button.disabled = false;
    this.button.textContent = running ? "Stop" : "Measure";
    this.progress.el.hidden = !running;
    if (!running) return;
    this.progress.show(0);
    this.#result([], null);
  }

  #result(rows, bytes) {
    const row = (cells, tag) => element("tr", {}, ...cells.map((cell) => element(tag, {}, cell)));
    const head = rows.length ? [row(HEADINGS, "th")] : [];
    this.table.replaceChildren(...head, ...rows.map((cells) => row(cells, "td")));
    this.plot.hidden = !bytes;
    if (bytes) this.picture.show(bytes);
  }
}
