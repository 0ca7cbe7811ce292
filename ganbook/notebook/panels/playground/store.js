// What the page knows of a playground.

import { Store } from "../shared/store.js";
import { Side } from "./side.js";

const DRAWN_EVERY = 15; // frames, after which the kernel hears how many: Jupyter draws much anew for each message
export const SIDES = ["Left", "Right"];
const GOING = new Set(["training", "preparing", "queued"]);
const COMMANDS = { run: GOING, pause: new Set(["paused", "stopped", "finished", "failed"]) };

export class PlaygroundStore extends Store {
  constructor(model) {
    super(model);
    this.sides = [new Side(), new Side()]; // the second is used while there are two recipes
    this.warnings = [];
    this.about = null;
    this.past = null; // { index, of } while a frame of the film is shown
    this.looksBack = false; // or waits for one: an answer that comes after it was left is not shown
    this.code = null;
    this.portrait = null; // of a Dirac-GAN
    this.pressed = "";
    this.restarting = false;
    this.announcement = "";
    this.moved = false; // nothing is new but a frame
  }

  get now() {
    return this.about?.now ?? null;
  }

  // Two recipes side by side.
  get paired() {
    return this.about?.sides.length > 1;
  }

  get shown() {
    return this.paired ? this.sides : this.sides.slice(0, 1);
  }

  // The frame that is shown of the first recipe.
  get frame() {
    return this.sides[0].frame;
  }

  // It trains, or is about to: what was pressed a moment ago counts.
  get going() {
    if (this.pressed === "run") return true;
    return this.pressed !== "pause" && this.now?.state === "training" && !this.single;
  }

  get ready() {
    return Boolean(this.now) && !this.silent && !this.restarting && this.now.state !== "preparing";
  }

  run() {
    this.#press("run");
  }

  pause() {
    this.#press("pause");
  }

  // Update one network, or both; the promise is kept when the kernel shows what came of it.
  step(network) {
    this.leavePast();
    this.single = true; // it will say "training" for a moment
    this.note = null;
    this.send({ do: "step", network });
  }

  // side: 0 or 1 of two recipes; null is both of them
  restart(options, side = null) {
    this.#leave("restart", { options, side });
  }

  beside(on) {
    this.#leave("beside", { on });
  }

  lesson(name) {
    this.#leave("lesson", { name });
  }

  // points: float32 pairs
  learnDrawing(points) {
    this.#leave("draw", {}, [points.buffer]);
  }

  showPast(index) {
    this.looksBack = true;
    this.wish("past", { do: "past", index });
  }

  leavePast() {
    this.looksBack = false;
    if (!this.past) return;
    this.past = null;
    for (const side of this.sides) side.frame = side.latest;
    this.changed();
  }

  askForCode() {
    this.send({ do: "code" });
  }

  announce(text) {
    this.announcement = text;
    this.changed();
  }

  changed() {
    super.changed();
    this.moved = false;
  }

  take(message, buffers) {
    this.moved = message.kind === "frame";
    if (message.now) this.#takeNow(message.now);
    for (const row of message.rows ?? []) this.#takeRow(row, message.side);
    if (message.kind === "all") this.#takeAll(message, buffers);
    if (message.kind === "frame") this.#takeFrame(message, buffers);
    if (message.kind === "past") this.#takePast(message, buffers);
    if (message.kind === "scores") this.sides[message.side].scores.add(message.row);
    if (message.kind === "code") this.code = message;
    if (message.kind === "dirac") this.portrait = unpackPortrait(message, buffers);
  }

  answered() {
    this.restarting = false;
  }

  #press(command) {
    this.leavePast();
    [this.pressed, this.single, this.note] = [command, false, null];
    this.send({ do: command });
    this.changed();
  }

  #leave(verb, more, buffers = []) {
    this.leavePast();
    [this.restarting, this.note] = [true, null];
    this.send({ do: verb, ...more }, { buffers });
    this.changed();
  }

  #takeAll(message, buffers) {
    const [real, probes] = buffers.map(floats);
    this.about = { ...message, real, probes };
    this.sides.forEach((side, i) => (message.sides[i] ? side.begin(message.sides[i]) : side.forget()));
    [this.past, this.looksBack, this.code, this.warnings, this.restarting] = [null, false, null, [], false];
  }

  #takeNow(now) {
    if (!this.about) return;
    this.about.now = now;
    if (COMMANDS[this.pressed]?.has(now.state)) this.pressed = "";
    if (now.state === "paused") this.single = false;
  }

  #takeRow(row, side) {
    if (row.warning) {
      const where = this.paired ? `${SIDES[side]}: ` : "";
      this.warnings = [...this.warnings, where + row.warning].slice(-10);
    }
    this.sides[side].takeRow(row);
  }

  #takeFrame(message, buffers) {
    this.sides[message.side].takeFrame(unpack(message, buffers), !this.past);
    if (message.number % DRAWN_EVERY === 0) {
      this.send({ do: "drawn_frame", number: message.number }, { answer: false });
    }
  }

  #takePast(message, buffers) {
    if (!this.looksBack) return;
    this.past = { index: message.index, of: message.of };
    this.sides[message.side].frame = { ...unpack(message, buffers), trail: floats(buffers.at(-1)) };
  }
}

function unpack(message, buffers) {
  const [samples, average, slopes, grid, field, steepness] = buffers.slice(0, 6).map(floats);
  const heat = new Uint16Array(bytes(buffers[6]));
  return { ...message, samples, average, slopes, grid, field, steepness, heat };
}

function unpackPortrait(message, buffers) {
  const [places, directions, path] = buffers.map(floats);
  return { ...message, places, directions, path };
}

const floats = (buffer) => new Float32Array(bytes(buffer));

// A copy: a view may begin anywhere, an array of floats may not.
function bytes(buffer) {
  const from = buffer.byteOffset ?? 0;
  return (buffer.buffer ?? buffer).slice(from, from + buffer.byteLength);
}
