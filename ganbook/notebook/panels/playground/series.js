// Columns of numbers for a chart. When full, every second row is left out.

const MOST_ROWS = 1200;

export class Series {
  constructor(names) {
    this.names = names;
    this.alarms = [];
    this.clear();
  }

  clear() {
    this.columns = Object.fromEntries(this.names.map((name) => [name, []]));
    this.version = (this.version ?? 0) + 1;
  }

  get length() {
    return this.columns[this.names[0]].length;
  }

  last(name) {
    return this.columns[name]?.findLast((value) => value != null);
  }

  add(row) {
    for (const name of this.names) this.columns[name].push(row[name] ?? null);
    if (this.length > MOST_ROWS)
      for (const name of this.names) this.columns[name] = this.columns[name].filter((_, i) => i % 2);
    this.version += 1;
  }
}
