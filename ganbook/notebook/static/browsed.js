// What the page knows of a browser: filled by messages from the kernel, read by every view of the panel.

import { Sheet } from "./sprites.js";

const ANSWER_MS = 5000;

export class Browsed {
  constructor(model) {
    this.model = model;
    this.watchers = new Set();
    this.pages = new Map(); // start -> page of the gallery
    this.of = ""; // what the pages depend on
    this.parts = {}; // sample, slots, strip, mix, kept
    this.nearest = {};
    this.map = null;
    this.working = "";
    this.said = "";
    this.silent = false;
    this.open = new Map(); // channel -> number of the question that has no answer yet
    this.wishes = new Map(); // channel -> the newest wish, to be asked next
    this.asked = new Map(); // number -> when
    this.n = 0;
    const kept = model.get("at_rest");
    const bytes = model.get("picture_at_rest");
    if (kept && kept.head && bytes && bytes.byteLength) {
      [this.head, this.view] = [kept.head, kept.view];
      this.#keepPage({ ...kept.gallery, sheet: new Sheet(kept.gallery.sheet, bytes) });
    }
    model.on("msg:custom", (message, buffers) => this.#take(message, buffers || []));
  }

  close() {
    clearTimeout(this.waiting);
    for (const sheet of this.#sheets()) sheet.close();
  }

  watch(watcher) {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  tell() {
    for (const watcher of this.watchers) watcher();
  }

  // Say something that must not be lost; wishes made before it go first.
  send(content, channel = null) {
    for (const [earlier, wish] of [...this.wishes]) this.#put(earlier, wish);
    this.#put(channel, content);
  }

  // Wish for something: while a question of the channel is open only the newest wish is kept, with all its changes.
  wish(channel, content) {
    const changes = { ...this.wishes.get(channel)?.changes, ...content.changes };
    if (this.open.has(channel)) this.wishes.set(channel, { ...content, changes });
    else this.send(content, channel);
  }

  // Whether what a control of the channel says is newer than the view.
  awaits(channel) {
    return this.open.has(channel);
  }

  #put(channel, content) {
    const n = ++this.n;
    if (channel) {
      this.wishes.delete(channel);
      this.open.set(channel, n);
    }
    this.asked.set(n, performance.now());
    if (!["hello", "page", "map"].includes(content.do)) this.said = "";
    try {
      this.model.send({ ...content, n });
    } catch {
      this.#fallSilent();
      return;
    }
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.#fallSilent(), ANSWER_MS);
  }

  #take(message, buffers) {
    clearTimeout(this.waiting);
    this.silent = false;
    const parts = {};
    Object.entries(message.parts ?? {}).forEach(([name, facts], i) => {
      parts[name] = { ...facts, sheet: new Sheet(facts.sheet, buffers[i]) };
    });
    if (message.head) this.head = message.head;
    if (message.working != null) this.working = message.working;
    if (message.kind === "working") this.working = message.text;
    if (message.kind === "said") this.said = message.text;
    if (message.kind === "file") this.#save(message, buffers[0]);
    if (message.kind === "map") {
      for (const part of Object.values(this.map ?? {})) part.sheet.close();
      this.map = parts;
    }
    if (message.kind === "nearest") this.#keepNearest(message, parts);
    if (message.kind === "page") this.#keepPage(parts.gallery);
    if (message.view) this.#keepView(message.view, parts);
    this.#answered(message.n, Object.values(parts));
    this.#askNext();
    this.tell();
  }

  #keepView(view, parts) {
    this.view = view;
    const { gallery, ...others } = parts;
    if (gallery) this.#keepPage(gallery);
    for (const [name, part] of Object.entries(others)) {
      this.parts[name]?.sheet.close();
      this.parts[name] = part;
    }
    const gone = { sample: view.at == null, slots: !view.slots, strip: view.slots < 2, mix: view.slots < 3, kept: !view.kept.length };
    for (const name of Object.keys(gone)) if (gone[name]) delete this.parts[name];
  }

  #keepPage(page) {
    if (page.of !== this.of) {
      for (const old of this.pages.values()) old.sheet.close();
      this.pages.clear();
      this.of = page.of;
    }
    this.pages.get(page.start)?.sheet.close();
    this.pages.set(page.start, page);
  }

  #keepNearest({ ready }, parts) {
    for (const part of Object.values(this.nearest)) part.sheet.close();
    this.nearest = parts;
    if (this.view) this.view.ready = ready;
  }

  #answered(n, parts) {
    const when = this.asked.get(n);
    if (when == null) return;
    this.asked.delete(n);
    // How long it took until it could be seen.
    Promise.all(parts.map((part) => part.sheet.ready)).then(() => requestAnimationFrame(() => {
      this.took = { n, ms: performance.now() - when };
      this.tell();
    }));
    for (const [channel, number] of this.open) if (number === n) this.open.delete(channel);
  }

  // Ask what was wished for while a question was open, also one that fell silent in between.
  #askNext() {
    for (const [channel, wish] of [...this.wishes]) if (!this.open.has(channel)) this.#put(channel, wish);
  }

  #save({ name, type }, bytes) {
    const url = URL.createObjectURL(new Blob([bytes], { type }));
    const link = document.createElement("a");
    [link.href, link.download] = [url, name];
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }

  #fallSilent() {
    if (this.working) return; // it said that it is busy
    this.silent = true;
    this.open.clear();
    this.tell();
  }

  #sheets() {
    return [...this.pages.values(), ...Object.values(this.parts), ...Object.values(this.nearest), ...Object.values(this.map ?? {})].map((part) => part.sheet);
  }
}
