// What the page knows of a playground.

import { Store } from "../shared/store.js";
import { Series } from "./series.js";

const DRAWN_EVERY = 3; // frames, after which the kernel hears how many have been drawn
const TRAIL = 16; // frames whose samples are kept for their paths
const HISTORY = ["step", "seconds", "d_loss", "g_loss", "d_real", "d_fake"];
const SCORES = ["step", "seconds", "modes", "high_quality", "sliced_wasserstein", "js_divergence"];
const GOING = new Set(["training", "preparing", "queued"]);
const COMMANDS = { run: GOING, pause: new Set(["paused", "stopped", "finished", "failed"]) };

export class PlaygroundStore extends Store {
  constructor(model) {
    super(model);
    this.history = new Series(HISTORY);
    this.scores = new Series(SCORES);
    this.trail = []; // samples of the last frames, oldest first
    this.warnings = [];
    this.about = null;
    this.frame = null; // the one that is shown
    this.latest = null;
    this.past = null; // { index, of } while a frame of the film is shown
    this.code = null;
    this.pressed = "";
    this.restarting = false;
    this.announcement = "";
  }

  get now() {
    return this.about?.now ?? null;
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

  restart(options) {
    this.#leave("restart", { options });
  }

  lesson(name) {
    this.#leave("lesson", { name });
  }

  // points: float32 pairs
  learnDrawing(points) {
    this.#leave("draw", {}, [points.buffer]);
  }

  showPast(index) {
    this.wish("past", { do: "past", index });
  }

  leavePast() {
    if (!this.past) return;
    this.past = null;
    this.frame = this.latest;
    this.changed();
  }

  askForCode() {
    this.send({ do: "code" });
  }

  announce(text) {
    this.announcement = text;
    this.changed();
  }

  take(message, buffers) {
    if (message.now) this.#takeNow(message.now);
    for (const row of message.rows ?? []) this.#takeRow(row);
    if (message.kind === "all") this.#takeAll(message, buffers);
    if (message.kind === "frame") this.#takeFrame(message, buffers);
    if (message.kind === "past") this.#takePast(message, buffers);
    if (message.kind === "scores") this.scores.add(message.row);
    if (message.kind === "code") this.code = message;
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
    this.about = { ...message, real: floats(buffers[0]) };
    this.history.clear();
    this.scores.clear();
    for (const row of message.scores) this.scores.add(row);
    [this.frame, this.latest, this.past, this.code] = [null, null, null, null];
    [this.trail, this.warnings, this.restarting] = [[], [], false];
  }

  #takeNow(now) {
    if (!this.about) return;
    this.about.now = now;
    if (COMMANDS[this.pressed]?.has(now.state)) this.pressed = "";
    if (now.state === "paused") this.single = false;
  }

  #takeRow(row) {
    if (row.warning) this.warnings = [...this.warnings, row.warning].slice(-10);
    if (row.d_real != null || row.g_loss != null) this.history.add(row);
  }

  #takeFrame(message, buffers) {
    this.latest = unpack(message, buffers);
    this.trail.push(this.latest);
    if (this.trail.length > TRAIL) this.trail.shift();
    if (!this.past) this.frame = this.latest;
    if (message.number % DRAWN_EVERY === 0) {
      this.send({ do: "drawn_frame", number: message.number }, { answer: false });
    }
  }

  #takePast(message, buffers) {
    this.past = { index: message.index, of: message.of };
    this.frame = unpack(message, buffers);
  }
}

function unpack(message, buffers) {
  const [samples, average, slopes, grid] = buffers.slice(0, 4).map(floats);
  const heat = new Uint16Array(bytes(buffers[4]));
  return { ...message, samples, average, slopes, grid, heat };
}

const floats = (buffer) => new Float32Array(bytes(buffer));

// A copy: a view may begin anywhere, an array of floats may not.
function bytes(buffer) {
  const from = buffer.byteOffset ?? 0;
  return (buffer.buffer ?? buffer).slice(from, from + buffer.byteLength);
}
