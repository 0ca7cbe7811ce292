// How values of a chart become heights: smoothed, or logarithmic.

const NEIGHBOURS = 0.02; // of all points, that a smooth curve averages over on each side
const LEAST_NEIGHBOURS = 2;

// A moving average that leaves gaps where the column has them.
export function smoothed(column) {
  const reach = Math.max(LEAST_NEIGHBOURS, Math.round(NEIGHBOURS * column.length));
  const sums = [0];
  const counts = [0];
  for (const value of column) {
    sums.push(sums.at(-1) + (value ?? 0));
    counts.push(counts.at(-1) + (value == null ? 0 : 1));
  }
  return column.map((value, i) => {
    if (value == null) return null;
    const [from, to] = [Math.max(0, i - reach), Math.min(column.length, i + reach + 1)];
    return (sums[to] - sums[from]) / (counts[to] - counts[from]);
  });
}

// The logarithm of positive columns; of others one that is linear near 0 and odd.
export function logarithmic(columns) {
  const sizes = columns
    .flat()
    .filter((v) => v)
    .map(Math.abs)
    .sort((a, b) => a - b);
  const positive = columns.flat().every((v) => v == null || v > 0);
  if (positive) return (v) => Math.log10(Math.max(v, sizes[0] ?? 1));
  const unit = sizes[Math.floor(sizes.length / 4)] || 1;
  return (v) => Math.sign(v) * Math.log10(1 + Math.abs(v) / unit);
}

// Three values, evenly spaced on the scale, that hold all columns.
export function logTicks(columns, scale) {
  const values = columns.flat().filter((v) => v != null);
  const [low, high] = values.length ? [Math.min(...values), Math.max(...values)] : [1, 10];
  const inverse = (height) => {
    let [from, to] = [Math.min(low, 0), high];
    for (let i = 0; i < 60; i++) {
      const middle = (from + to) / 2;
      if (scale(middle) < height) from = middle;
      else to = middle;
    }
    return to;
  };
  const middle = inverse((scale(low) + scale(high)) / 2);
  return high > low ? [low, middle, high] : [low, low + 1];
}
