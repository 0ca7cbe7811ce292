// Run, pause, steps, slow motion.

import { button, choice, element, setText } from "../shared/dom.js";

const WORDS = { preparing: "building the networks…", stopped: "ready" };

export class Controls {
  constructor(store, slowMotion) {
    Object.assign(this, { store, slowMotion });
    this.main = button("Run", "Space", () => this.pressMain(), { class: "gb-primary" });
    this.stepD = button("Step D", "Update the discriminator once", () => this.#step("discriminator"));
    this.stepG = button("Step G", "Update the generator once", () => this.#step("generator"));
    this.stepBoth = button("Step both", "One training step: D, then G", () => this.#step("both"));
    this.slow = button("Slow motion", "One training step in six parts, over and over", () => this.#toggleSlow());
    this.speed = choice("Seconds a part", { 2: "2 s", 1: "1 s", 0.4: "0.4 s" }, (s) => slowMotion.pace(Number(s)));
    this.restart = button("Restart", "Begin anew with the same seed", () => this.#restart());
    this.compare = button("Compare", "A second recipe beside this one, from the same seed", () => this.#compare());
    this.state = element("span", { class: "gb-state" });
    this.el = element(
      "div",
      { class: "gb-controls" },
      this.state,
      this.main,
      this.stepD,
      this.stepG,
      this.stepBoth,
      this.slow,
      this.speed,
      this.restart,
      this.compare,
    );
  }

  get word() {
    const { store } = this;
    if (store.silent) return "no kernel";
    if (!store.now) return "connecting…";
    if (store.restarting) return "restarting…";
    if (this.slowMotion.on) return "slow motion";
    if (store.pressed === "run") return "starting…";
    if (store.pressed === "pause") return "pausing…";
    const { state } = store.now;
    return WORDS[state] ?? state;
  }

  draw() {
    const { store, slowMotion } = this;
    setText(this.state, this.word);
    setText(this.main, store.going ? "Pause" : "Run");
    setText(this.slow, slowMotion.on ? "Stop" : "Slow motion");
    this.main.disabled = !store.ready || slowMotion.on;
    const still = !store.ready || store.going || slowMotion.on;
    for (const control of [this.stepD, this.stepG, this.stepBoth]) control.disabled = still;
    this.slow.disabled = !store.ready || store.going;
    this.speed.hidden = !slowMotion.on;
    setText(this.compare, store.paired ? "One recipe" : "Compare");
    this.compare.title = store.paired ? "End the right one" : "A second recipe beside this one, from the same seed";
    this.compare.disabled = this.restart.disabled = store.silent || !store.now || store.restarting;
  }

  pressMain() {
    if (this.main.disabled) return;
    if (this.store.going) this.store.pause();
    else this.store.run();
  }

  #step(network) {
    this.store.step(network);
  }

  #toggleSlow() {
    if (this.slowMotion.on) this.slowMotion.stop();
    else this.slowMotion.start();
  }

  #compare() {
    this.slowMotion.stop();
    this.store.beside(!this.store.paired);
  }

  #restart() {
    this.slowMotion.stop();
    this.store.restart({});
  }
}
