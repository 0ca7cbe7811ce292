// The state of a run, and the buttons that steer it.

import { button, element, setText } from "../shared/dom.js";
import { count } from "../shared/format.js";

const UNDER_WAY = {
  pause: "pausing…",
  stop: "stopping…",
  save: "saving…",
  resume: "resuming…",
  step: "stepping…",
  extend: "starting…",
};

export class Controls {
  constructor(store, ratesToggle) {
    this.store = store;
    this.main = button("Pause", "Space", () => this.pressMain());
    this.main.classList.add("gb-primary");
    this.step = button("Step", "Train one step, then pause", () => store.press("step"));
    this.stop = button("Stop", "Save a checkpoint and end; Resume continues from there", () => store.press("stop"));
    this.save = button("Save checkpoint", "Write a checkpoint now", () => store.press("save"));
    this.state = element("span", { class: "gb-state" });
    const buttons = element("div", { class: "gb-controls" }, this.main, this.step, this.stop, this.save, ratesToggle);
    this.el = element("div", { class: "gb-steering" }, this.state, buttons);
  }

  draw() {
    const { store } = this;
    const { now, pressed } = store;
    if (!now) {
      this.word = "connecting…";
      this.state.textContent = this.word;
      for (const control of [this.main, this.step, this.stop, this.save]) control.disabled = true;
      return;
    }
    this.word = store.silent ? "no kernel" : store.gone ? "folder gone" : pressed ? UNDER_WAY[pressed] : now.state;
    setText(this.state, this.word);
    const { state } = now;
    const off = store.silent || !store.heard || Boolean(store.gone) || ["pause", "stop"].includes(pressed);
    const idle = state === "finished" ? `Train ${this.#more} more` : "Resume";
    const going = !store.gone && (store.going || state === "queued");
    setText(this.main, going ? "Pause" : idle);
    this.main.title = state === "finished" ? "Continue the training beyond its end" : "Space";
    this.main.disabled = off || state === "queued";
    this.step.disabled = off || !["training", "paused", "stopped", "failed"].includes(state);
    this.stop.disabled = off || !store.active;
    this.save.disabled = off || pressed === "save" || !["training", "paused"].includes(state);
  }

  pressMain() {
    const { store } = this;
    if (this.main.disabled) return;
    if (store.now.state === "finished" && !store.going) {
      store.press("extend", store.about.more);
    } else store.press(store.going ? "pause" : "resume");
  }

  // What the button adds to a finished run, in words.
  get #more() {
    const { budget, count: amount } = this.store.about.more;
    return `${count(amount)} ${budget === "seconds" ? "s" : amount === 1 ? "step" : "steps"}`;
  }
}
