// Columns of history that never grow beyond POINTS points: when full, neighbours are averaged. Each point is the mean of
// as many reports; one that has come to fewer is filled up with the point before it.

const POINTS = 1000;
const ALARMS = 50;
const LAST = new Set(["step", "seconds"]);

export class Curves {
  constructor() {
    this.replace({ per: 1, columns: { step: [] }, alarms: [] });
  }

  replace({ per, columns, alarms }) {
    this.per = per;
    this.names = Object.keys(columns);
    this.columns = Object.fromEntries(this.names.map((name) => [name, [...columns[name]]]));
    this.alarms = [...alarms];
    this.open = 0; // reports in the last point, if it is not full yet
    this.means = {}; // of these
    this.latest = null;
  }

  get length() {
    return this.columns.step.length;
  }

  last(name) {
    return this.latest ? this.latest[name] : this.columns[name].at(-1);
  }

  add(row) {
    if (row.warning) this.alarms = [...this.alarms, [row.step, row.seconds, row.warning]].slice(-ALARMS);
    const last = this.last("step") ?? -1;
    if (row.step === last) this.#complete(row);
    if (row.step <= last || (row.d_loss == null && row.g_loss == null)) return; // older ones came with "all" already
    this.latest = row;
    const weight = this.open;
    for (const name of this.names) {
      const column = this.columns[name];
      if (weight === 0) column.push(null);
      const own = weight === 0 ? row[name] : mean(this.means[name], weight, row[name], 1);
      this.means[name] = own;
      const before = own == null || LAST.has(name) ? null : column.at(-2);
      column[column.length - 1] = LAST.has(name) ? row[name] : mean(before, this.per - weight - 1, own, weight + 1);
    }
    this.open = (weight + 1) % this.per;
    if (this.length >= POINTS && this.open === 0) this.#halve();
  }

  // What was measured after the last report, at the same step: at the end of a training.
  #complete(row) {
    for (const name of this.names) {
      if (row[name] == null || this.last(name) != null) continue;
      this.columns[name][this.length - 1] = row[name];
      if (this.latest) this.latest = { ...this.latest, [name]: row[name] };
    }
  }

  #halve() {
    for (const name of this.names) {
      const old = this.columns[name];
      const half = [];
      for (let i = 0; i + 1 < old.length; i += 2)
        half.push(LAST.has(name) ? old[i + 1] : mean(old[i], 1, old[i + 1], 1));
      if (old.length % 2) half.push(old.at(-1));
      this.columns[name] = half;
    }
    this.per *= 2;
  }
}

function mean(a, weightA, b, weightB) {
  if (a == null) return b;
  return b == null ? a : (a * weightA + b * weightB) / (weightA + weightB);
}
