// What a page knows of a panel, and its connection to the kernel. One store for each model, any number of views.
//
// A panel's own store extends this one: take(message, buffers) reads what its kernel side sends. Its views call
// watch(changed) and are called whenever something is new. The kernel side of the protocol is base.py.

import { download } from "./dom.js";

const TAKEN_MS = 5000; // after which a question that was not taken means that no kernel listens,
const DONE_MS = 120_000; // unless it is at work on another one
const BRIEFLY_MS = 5000;
const KERNEL_ENDED = new Set(["restarting", "autorestarting", "terminating", "dead"]); // a kernel, as JupyterLab calls it

export class Store {
  #model;
  #watchers = new Set();
  #number = 2 ** 20 * Math.floor(2 ** 32 * Math.random()); // of the last question; no other page has the same
  #asked = new Map(); // number -> when
  #open = new Map(); // channel -> number of its question that is not answered yet
  #wishes = new Map(); // channel -> the newest wish, to be asked next
  #taken = new Set(); // numbers of the questions, of any page, that the kernel works on
  #waiting;

  constructor(model) {
    this.#model = model;
    this.silent = false; // the kernel is gone, or busy
    this.heard = false; // something has come from the kernel
    this.note = null; // { text, failed, … }: one line for the user
    model.on("msg:custom", (message, buffers) => this.#receive(message, buffers ?? []));
    model.widget_manager?.kernel?.statusChanged?.connect(this.#follow, this);
  }

  // What was saved with the notebook is shown until the kernel answers.
  restore() {
    const saved = this.#model.get("saved");
    if (!saved?.kind) return;
    const file = this.#model.get("saved_file");
    this.take(saved, file?.byteLength ? [file] : []);
    this.restored = true;
  }

  close() {
    clearTimeout(this.#waiting);
    this.#model.widget_manager?.kernel?.statusChanged?.disconnect(this.#follow, this);
  }

  watch(changed) {
    this.#watchers.add(changed);
    return () => this.#watchers.delete(changed);
  }

  get watched() {
    return this.#watchers.size > 0;
  }

  changed() {
    for (const watcher of this.#watchers) watcher();
  }

  // Send something that must not be lost; wishes made before it go first. With a channel, the channel is open until the
  // kernel has answered. Without `answer`, no answer is waited for.
  send(content, { buffers = [], channel = null, answer = true } = {}) {
    for (const [earlier, wish] of [...this.#wishes]) this.#post(wish, [], earlier, true);
    this.#post(content, buffers, channel, answer);
  }

  // Wish for something: while the channel is open only the newest wish is kept, with all its changes.
  wish(channel, content) {
    const waiting = this.#wishes.get(channel);
    const changes = { ...waiting?.changes, ...content.changes };
    const wish = content.changes ? { ...content, changes } : content;
    if (this.#open.has(channel)) this.#wishes.set(channel, wish);
    else this.send(wish, { channel });
  }

  // Whether what a control of the channel shows is newer than what the kernel has sent.
  awaits(channel) {
    return this.#open.has(channel);
  }

  // Make a view of another widget of the kernel; its root. Null where the page cannot do that.
  async viewOf(model) {
    const manager = this.#model.widget_manager;
    if (!manager?.get_model || !manager.create_view) return null;
    const view = await manager.create_view(await manager.get_model(model));
    return view.el;
  }

  // Show one line, as the kernel's `say` does.
  say(note) {
    this.note = note;
    this.changed();
  }

  // For a panel's store: read a message; hear of an answer.
  take() {}

  answered() {}

  #post(content, buffers, channel, answer) {
    const n = ++this.#number;
    if (channel) {
      this.#wishes.delete(channel);
      this.#open.set(channel, n);
    }
    this.#asked.set(n, performance.now());
    try {
      this.#model.send({ ...content, n }, undefined, buffers);
    } catch {
      this.#fallSilent();
      return;
    }
    if (answer) this.#wait();
  }

  #wait() {
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => this.#fallSilent(), this.#taken.size ? DONE_MS : TAKEN_MS);
  }

  #receive(message, buffers) {
    clearTimeout(this.#waiting);
    if (message.kind === "taken") return this.#isTaken(message.n);
    this.silent = false;
    this.heard = true;
    this.heardAt = performance.now();
    if (message.kind === "done") this.#done(message.n);
    else if (message.kind === "message") this.#takeNote(message);
    else if (message.kind === "file") download(message.name, message.type, buffers);
    else this.take(message, buffers);
    this.changed();
  }

  #isTaken(n) {
    const back = this.silent;
    this.silent = false;
    this.#taken.add(n);
    this.#wait();
    if (back) this.changed();
  }

  #takeNote(message) {
    this.note = message.text ? message : null;
    if (message.briefly) setTimeout(() => this.note === message && this.say(null), BRIEFLY_MS);
  }

  // What was wished for while a question was open is asked now.
  #done(n) {
    this.#taken.delete(n);
    if (!this.#asked.has(n)) return; // a question of another page
    for (const [channel, number] of [...this.#open]) if (number === n) this.#open.delete(channel);
    this.answered(n, performance.now() - this.#asked.get(n));
    this.#asked.delete(n);
    for (const [channel, wish] of [...this.#wishes]) if (!this.#open.has(channel)) this.#post(wish, [], channel, true);
  }

  // That a kernel has ended need not show by its silence.
  #follow(_, status) {
    if (KERNEL_ENDED.has(status)) this.#fallSilent();
  }

  #fallSilent() {
    clearTimeout(this.#waiting);
    this.silent = true;
    this.#open.clear();
    this.#taken.clear();
    this.changed();
  }
}
