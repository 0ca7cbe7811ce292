// One training step in six parts with a caption each: what the boxes of the algorithm look like.

const PARTS = [
  { text: "1 · Draw latent vectors z from the noise: no image yet, only numbers.", shown: ["real"] },
  { text: "2 · G maps each z to a point: the blue samples.", shown: ["real", "samples"] },
  {
    text: "3 · D judges real points and samples: orange where it says real, blue where it says generated.",
    shown: ["real", "samples", "heat"],
  },
  {
    text: "4 · Update D: a little surer of what is real and what is not. Watch the colours.",
    shown: ["real", "samples", "heat"],
    step: "discriminator",
  },
  {
    text: "5 · The gradient of G's loss, through D: where each sample should go to look more real.",
    shown: ["real", "samples", "heat", "slopes"],
  },
  {
    text: "6 · Update G: all samples move at once, for they share the weights of one network.",
    shown: ["real", "samples", "heat", "paths"],
    step: "generator",
  },
];

export class SlowMotion {
  constructor(store, planes, look, changed) {
    Object.assign(this, { store, planes, look, changed });
    this.on = false;
    this.seconds = 2;
  }

  start() {
    this.before = { ...this.look.layers };
    this.on = true;
    this.part = -1;
    for (const side of this.store.sides) side.trail.length = 0;
    this.#next();
  }

  stop() {
    if (!this.on) return;
    clearTimeout(this.timer);
    this.on = false;
    this.look.layers = this.before;
    for (const plane of this.planes) plane.say("");
    this.changed();
  }

  pace(seconds) {
    this.seconds = seconds;
  }

  #next() {
    if (this.store.silent || this.store.now?.state === "failed") {
      this.stop();
      return;
    }
    this.part = (this.part + 1) % PARTS.length;
    const { text, shown, step } = PARTS[this.part];
    for (const layer of Object.keys(this.look.layers)) this.look.layers[layer] = shown.includes(layer);
    this.planes[0].say(text);
    if (step) this.store.step(step);
    for (const plane of this.planes) plane.draw();
    this.changed();
    this.timer = setTimeout(() => this.#next(), 1000 * this.seconds);
  }
}
