// What the page knows of the runs: the list, and the curves of those that are ticked.

import { Store } from "../shared/store.js";

const EVERY_MS = 2000; // between questions while a run trains
const SELDOM = 5; // times as long while none does: one may begin elsewhere
const BUSY = new Set(["queued", "preparing", "training", "training elsewhere"]);

export class RunsStore extends Store {
  #clock;
  #ticks = 0;

  constructor(model) {
    super(model);
    this.rows = [];
    this.shown = []; // [column, title]
    this.ticked = [];
    this.curves = {};
    this.below = null; // { name, model } of the panel that was opened
    this.#clock = setInterval(() => this.#tick(), EVERY_MS);
  }

  close() {
    super.close();
    clearInterval(this.#clock);
  }

  take(message) {
    if (message.kind === "runs") {
      const { rows, shown, ticked, undo, folder } = message;
      Object.assign(this, { rows, shown, ticked, undo, folder, listed: true });
    } else if (message.kind === "curves") this.curves = message.curves;
    else if (message.kind === "opened") this.below = message;
  }

  tick(name, on) {
    this.ticked = on ? [...this.ticked, name] : this.ticked.filter((each) => each !== name);
    this.send({ do: "tick", names: this.ticked });
    this.changed();
  }

  #tick() {
    const trains = this.rows.some(({ state }) => BUSY.has(state));
    const due = trains || ++this.#ticks % SELDOM === 0;
    if (due && this.watched && !this.silent && !document.hidden) this.wish("news", { do: "news" });
  }
}
