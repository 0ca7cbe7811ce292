// The study of a policy: what is asked, how far it is, and what was found.

import { element } from "./words.js";

export class Study {
  constructor(begin, halt) {
    const field = (label, name, value, more) => {
      this[name] = element("input", { value, "aria-label": label, ...more });
      return element("label", {}, label, this[name]);
    };
    this.button = element("button", { type: "button", class: "gb-primary", onclick: () => (this.running ? this.#halt(halt) : this.#begin(begin)) }, "Measure");
    this.bar = element("i");
    this.progress = element("div", { class: "gb-progress", role: "progressbar", "aria-label": "Study", "aria-valuemin": 0, "aria-valuemax": 100, hidden: true }, this.bar);
    this.said = element("div", { class: "gb-found", role: "status", "aria-live": "polite" });
    this.table = element("table");
    this.plot = element("img", { alt: "Accuracy on real test pictures, by share of the data and by arm", hidden: true });
    this.el = element("details", { class: "gb-study" },
      element("summary", {}, "Does it help? Measure it with a classifier"),
      element("p", {}, "A classifier learns from real pictures alone, with this policy, with a GAN's samples, with both, and from samples alone. Each is judged on real test pictures."),
      element("div", { class: "gb-asked" },
        field("fractions of the data (%)", "fractions", "5,100", { type: "text" }),
        field("seeds", "seeds", "3", { type: "number", min: 1, max: 20 }),
        field("minutes", "minutes", "10", { type: "number", min: 1, step: "any" }),
        this.button),
      this.progress, this.said, element("div", { class: "gb-outcome" }, this.table, this.plot));
  }

  close() {
    if (this.url) URL.revokeObjectURL(this.url);
  }

  #begin(begin) {
    this.#run(true);
    this.said.textContent = "Begun. The first part takes the longest; the notebook stays free.";
    begin({ fractions: this.fractions.value, seeds: this.seeds.value, minutes: this.minutes.value });
  }

  #halt(halt) {
    this.button.disabled = true;
    this.button.textContent = "Stopping…";
    halt();
  }

  #run(running) {
    this.running = running;
    this.button.disabled = false;
    this.button.textContent = running ? "Stop" : "Measure";
    this.progress.hidden = !running;
    if (running) this.#share(0);
  }

  #share(share) {
    this.bar.style.width = `${100 * share}%`;
    this.progress.setAttribute("aria-valuenow", Math.round(100 * share));
  }

  take({ share, error, verdict, rows }, bytes) {
    this.el.open = true;
    if (share != null) {
      if (!this.running) this.#run(true);
      return this.#share(share);
    }
    this.#run(false);
    this.said.replaceChildren(...(error ? [error] : verdict).map((line) => element("p", { class: error ? "gb-note" : "" }, line)));
    if (error) return;
    const head = element("tr", {}, ...["share", "learned from", "right", "gain, points (95 %)", "verdict"].map((name) => element("th", {}, name)));
    this.table.replaceChildren(...(rows.length ? [head] : []), ...rows.map((row) => element("tr", {}, ...row.map((cell) => element("td", {}, cell)))));
    this.close();
    this.plot.hidden = !bytes;
    if (bytes) this.plot.src = this.url = URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
  }
}
