// What the page knows of a run.

import { Store } from "../shared/store.js";
import { Curves } from "./curves.js";

const PREVIEWS = 40; // kept
const QUIET_MS = 10000;
const UNSEEN_MS = 5000; // after which a command that shows no effect is forgotten
const ACTIVE = new Set(["queued", "preparing", "training", "paused"]);
const ENDED = ["finished", "stopped", "failed"];
const STARTED = ["training", "preparing", "queued", ...ENDED];
// The states in which a command has had its effect; others are answered by any news.
const EFFECTS = { pause: ["paused", ...ENDED], stop: ENDED, resume: STARTED, extend: STARTED };

export class RunStore extends Store {
  #previews = new Map(); // step -> its preview, an object URL or lines of text, oldest use first
  #clock;

  constructor(model) {
    super(model);
    this.curves = new Curves();
    this.curvesVersion = 0; // counts up when they change
    this.previews = []; // steps
    this.gone = "";
    this.references = new Map(); // name -> what previews are compared with
    this.below = null; // { name, model } of a panel, or { name, html } of a report, that a next step opened
    this.refusedRates = ""; // why learning rates were not changed
    this.networks = ""; // their diagram, once it was asked for
    this.pressed = ""; // a command that has not shown its effect
    this.reported = false; // a report has come since the state changed
    this.#clock = setInterval(() => this.#tick(), 1000);
  }

  close() {
    super.close();
    clearInterval(this.#clock);
    for (const step of [...this.#previews.keys()]) this.#forget(step);
  }

  get active() {
    return Boolean(this.now) && ACTIVE.has(this.now.state);
  }

  // It trains, or is about to: what was pressed a moment ago counts.
  get going() {
    return ["resume", "extend"].includes(this.pressed) || ["training", "preparing"].includes(this.now.state);
  }

  get secondsInState() {
    return (performance.now() - this.stateAt) / 1000;
  }

  get secondsSinceNews() {
    return (performance.now() - this.nowAt) / 1000;
  }

  press(command, more = {}) {
    [this.pressed, this.pressedAt] = [command, performance.now()];
    this.note = null;
    this.send({ do: command, ...more });
    this.changed();
  }

  // A preview, if the page has it: the URL of an image, or lines of text.
  preview(step) {
    const kept = this.#previews.get(step);
    if (kept) {
      this.#previews.delete(step);
      this.#previews.set(step, kept);
    }
    return kept;
  }

  take(message, buffers) {
    if (message.kind === "all") this.#takeAll(message);
    if (message.kind === "news") this.#takeNews(message);
    if (message.kind === "reference") this.#keepReference(message.name, buffers[0]);
    if (message.kind === "opened" || message.kind === "report") this.below = message;
    if (message.kind === "rates") this.refusedRates = message.refused;
    if (message.kind === "networks") this.networks = message.html;
    if (message.kind === "gone") [this.gone, this.pressed] = [message.text, ""];
    if (message.preview == null || !buffers.length) return;
    this.#keep(message.preview, buffers[0]);
    if (message.kind === "news" && message.preview > (this.previews.at(-1) ?? -1)) this.previews.push(message.preview);
  }

  changed() {
    if (this.note || this.silent) this.pressed = "";
    super.changed();
  }

  #takeAll({ about, curves, previews, now }) {
    this.gone = "";
    this.about = about;
    this.curves.replace(curves);
    this.curvesVersion += 1;
    this.previews = [...previews];
    for (const step of [...this.#previews.keys()]) if (!this.previews.includes(step)) this.#forget(step);
    this.#takeNow(now);
  }

  #takeNews({ now, rows }) {
    for (const row of rows) this.curves.add(row);
    if (rows.length) this.curvesVersion += 1;
    const before = this.now?.state;
    this.#takeNow(now);
    if (rows.length && before === now.state) this.reported = true;
  }

  #takeNow(now) {
    const before = this.now?.state;
    this.now = now;
    this.nowAt = performance.now();
    if (before !== now.state) {
      this.stateAt = this.nowAt;
      this.reported = false;
    }
    const effects = EFFECTS[this.pressed];
    if (this.pressed !== "save" && (!effects || effects.includes(now.state))) this.pressed = "";
  }

  // What previews are compared with, as a preview; it is asked for once.
  reference(name) {
    if (!this.references.has(name)) {
      this.references.set(name, null);
      this.send({ do: "reference", name });
    }
    return this.references.get(name);
  }

  #keepReference(name, bytes) {
    this.references.set(name, this.#readable(bytes));
  }

  #readable(bytes) {
    return this.about.text ? new TextDecoder().decode(bytes) : URL.createObjectURL(new Blob([bytes]));
  }

  #keep(step, bytes) {
    this.#forget(step);
    this.#previews.set(step, this.#readable(bytes));
    while (this.#previews.size > PREVIEWS) this.#forget(this.#previews.keys().next().value);
  }

  #forget(step) {
    const kept = this.#previews.get(step);
    if (kept?.startsWith("blob:")) URL.revokeObjectURL(kept);
    this.#previews.delete(step);
  }

  #tick() {
    const quiet = performance.now() - Math.max(this.heardAt ?? 0, this.askedAt ?? 0) > QUIET_MS;
    const expected = (this.active && this.now.state !== "paused") || this.gone; // a folder that is gone may come back
    if (expected && this.watched && !this.silent && quiet) {
      this.askedAt = performance.now();
      this.send({ do: "news" });
    }
    const unseen = performance.now() - this.pressedAt > UNSEEN_MS;
    if (["resume", "extend"].includes(this.pressed) && unseen) this.pressed = "";
    if (this.active || this.pressed) this.changed();
  }
}
