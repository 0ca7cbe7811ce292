// What the page knows of a run: filled by messages from the kernel, read by every view of the panel.

import { Curves } from "./curves.js";

const PICTURES = 40;
const ANSWER_MS = 4000;
const QUIET_MS = 10000;
const BRIEFLY_MS = 5000;
const ACTIVE = new Set(["queued", "preparing", "training", "paused"]);

export class Store {
  constructor(model) {
    this.model = model;
    this.curves = new Curves();
    this.curvesVersion = 0; // counts up when they change
    this.pictures = new Map(); // step -> object URL, oldest use first
    this.watchers = new Set();
    this.film = [];
    this.said = "";
    this.gone = "";
    this.silent = false;
    this.heard = false; // a word has come from the kernel
    this.pressed = ""; // a command that has not been answered
    this.reported = false; // a report has come since the state changed
    const kept = model.get("at_rest");
    if (kept && kept.head) {
      this.#takeAll(kept);
      const bytes = model.get("picture_at_rest");
      if (this.film.length && bytes && bytes.byteLength) this.#keepPicture(this.film.at(-1), bytes);
    }
    model.on("msg:custom", (message, buffers) => this.#take(message, buffers || []));
    this.clock = setInterval(() => this.#tick(), 1000);
  }

  close() {
    clearInterval(this.clock);
    clearTimeout(this.waiting);
    for (const url of this.pictures.values()) URL.revokeObjectURL(url);
    this.pictures.clear();
  }

  get active() {
    return Boolean(this.now) && ACTIVE.has(this.now.state);
  }

  // Seconds since the state last changed, and since the last word from the kernel.
  get inState() {
    return (performance.now() - this.stateAt) / 1000;
  }

  get sinceHeard() {
    return (performance.now() - this.heardAt) / 1000;
  }

  send(content) {
    try {
      this.model.send(content);
    } catch {
      this.#fallSilent();
      return;
    }
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.#fallSilent(), ANSWER_MS);
  }

  // It trains, or is about to: what was pressed a moment ago counts.
  get going() {
    return ["resume", "extend"].includes(this.pressed) || ["training", "preparing"].includes(this.now.state);
  }

  press(what, more = {}) {
    [this.pressed, this.pressedAt] = [what, performance.now()];
    this.said = "";
    this.send({ do: what, ...more });
    this.#tell();
  }

  picture(step) {
    const url = this.pictures.get(step);
    if (url) {
      this.pictures.delete(step);
      this.pictures.set(step, url);
    }
    return url;
  }

  watch(watcher) {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  #tell() {
    for (const watcher of this.watchers) watcher();
  }

  #take(message, buffers) {
    clearTimeout(this.waiting);
    this.silent = false;
    this.heard = true;
    this.heardAt = performance.now();
    if (message.kind === "all") this.#takeAll(message);
    if (message.kind === "news") this.#takeNews(message);
    if (message.kind === "said") this.#takeWord(message);
    if (message.kind === "gone") [this.gone, this.pressed] = [message.text, ""];
    if (message.preview != null && buffers.length) {
      this.#keepPicture(message.preview, buffers[0]);
      if (message.kind === "news" && message.preview > (this.film.at(-1) ?? -1)) this.film.push(message.preview);
    }
    this.#tell();
  }

  #takeAll(all) {
    this.gone = "";
    this.head = all.head;
    this.curves.replace(all.curves);
    this.curvesVersion += 1;
    this.film = [...all.film];
    for (const step of [...this.pictures.keys()]) if (!this.film.includes(step)) this.#forget(step);
    this.#takeNow(all.now);
  }

  #takeNews({ now, rows }) {
    for (const row of rows) this.curves.add(row);
    if (rows.length) this.curvesVersion += 1;
    const before = this.now && this.now.state;
    this.#takeNow(now);
    if (rows.length && before === now.state) this.reported = true;
  }

  #takeWord({ text, briefly }) {
    [this.said, this.pressed] = [text, ""];
    if (briefly) setTimeout(() => this.said === text && this.#tell((this.said = "")), BRIEFLY_MS);
  }

  #takeNow(now) {
    const before = this.now && this.now.state;
    this.now = now;
    this.nowAt = performance.now();
    this.heardAt ??= this.nowAt;
    if (before !== now.state) {
      this.stateAt = this.nowAt;
      this.reported = false;
    }
    const goes = ["training", "preparing", "queued", "finished"];
    const answered = { pause: ["paused"], stop: ["stopped", "finished"], save: [], resume: goes, extend: goes }[this.pressed];
    if (!answered || answered.includes(now.state) || now.state === "failed") this.pressed = "";
  }

  #keepPicture(step, bytes) {
    this.#forget(step);
    this.pictures.set(step, URL.createObjectURL(new Blob([bytes])));
    while (this.pictures.size > PICTURES) this.#forget(this.pictures.keys().next().value);
  }

  #forget(step) {
    const url = this.pictures.get(step);
    if (url) URL.revokeObjectURL(url);
    this.pictures.delete(step);
  }

  #fallSilent() {
    this.silent = true;
    this.pressed = "";
    this.#tell();
  }

  #tick() {
    if (this.active && this.watchers.size && !this.silent && this.sinceHeard * 1000 > QUIET_MS && this.now.state !== "paused") {
      this.send({ do: "ask" });
      this.heardAt = performance.now();
    }
    if (["resume", "extend"].includes(this.pressed) && performance.now() - this.pressedAt > BRIEFLY_MS) this.pressed = "";
    if (this.active || this.pressed) this.#tell();
  }
}
