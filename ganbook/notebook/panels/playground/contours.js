// Contour lines of values on a square grid: marching squares.

// Calls segment(x0, y0, x1, y1) in units of cells; values has side × side numbers, row after row.
export function contours(values, side, level, segment) {
  for (let row = 0; row + 1 < side; row++) {
    for (let column = 0; column + 1 < side; column++) {
      const at = row * side + column;
      const below = values[at] < level;
      const cut = below !== values[at + 1] < level || below !== values[at + side + 1] < level;
      if (!cut && below === values[at + side] < level) continue;
      const corners = [values[at], values[at + 1], values[at + side + 1], values[at + side]];
      const ends = [];
      for (let i = 0; i < 4; i++) {
        const [from, to] = [corners[i], corners[(i + 1) % 4]];
        if (from < level === to < level) continue;
        const share = (level - from) / (to - from);
        ends.push(...edge(i, share, column, row));
      }
      if (ends.length >= 4) segment(...ends.slice(0, 4));
      if (ends.length === 8) segment(...ends.slice(4));
    }
  }
}

// A place on the i-th edge of a cell, going round from its first corner.
function edge(i, share, x, y) {
  if (i === 0) return [x + share, y];
  if (i === 1) return [x + 1, y + share];
  return i === 2 ? [x + 1 - share, y + 1] : [x, y + 1 - share];
}
