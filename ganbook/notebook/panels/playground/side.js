// What the page knows of one recipe: the only one, or the left or right of two.

import { Series } from "./series.js";

const TRAIL = 16; // frames whose samples are kept for their paths
const HISTORY = ["step", "seconds", "d_loss", "g_loss", "d_real", "d_fake"];
const SCORES = ["step", "seconds", "modes", "high_quality", "sliced_wasserstein", "js_divergence"];

export class Side {
  constructor() {
    this.history = new Series(HISTORY);
    this.scores = new Series(SCORES);
    this.forget();
  }

  forget() {
    this.recipe = null;
    this.frame = null; // the one that is shown
    this.latest = null;
    this.trail = []; // the last frames, oldest first
  }

  begin({ recipe, history, scores }) {
    this.forget();
    this.recipe = recipe;
    this.history.clear();
    this.scores.clear();
    for (const row of history) this.takeRow(row);
    for (const row of scores) this.scores.add(row);
  }

  takeRow(row) {
    if (row.d_real != null || row.g_loss != null) this.history.add(row);
  }

  takeFrame(frame, shown) {
    this.latest = frame;
    this.trail.push(frame);
    if (this.trail.length > TRAIL) this.trail.shift();
    if (shown) this.frame = frame;
  }
}
