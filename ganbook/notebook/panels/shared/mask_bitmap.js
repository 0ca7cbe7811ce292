// The bits of a mask that is painted, with undo: one byte a pixel, 1 where the image is filled. It needs no page.
// Positions are in pixels, (0, 0) the outer corner of the first; a pixel belongs to a shape that its centre lies in. Every
// change returns the box it touched.

const HISTORY_BYTES = 64e6;

export class Box {
  constructor(left = Infinity, top = Infinity, right = -Infinity, bottom = -Infinity) {
    [this.left, this.top, this.right, this.bottom] = [left, top, right, bottom];
  }

  get empty() {
    return this.right <= this.left || this.bottom <= this.top;
  }

  get width() {
    return this.right - this.left;
  }

  get height() {
    return this.bottom - this.top;
  }

  add(box) {
    this.left = Math.min(this.left, box.left);
    this.top = Math.min(this.top, box.top);
    this.right = Math.max(this.right, box.right);
    this.bottom = Math.max(this.bottom, box.bottom);
  }
}

export class MaskBitmap {
  #committed; // the bits as of the last commit
  #dirty = new Box(); // where they may differ from that

  constructor(width, height) {
    [this.width, this.height] = [width, height];
    this.bits = new Uint8Array(width * height);
    this.#committed = new Uint8Array(width * height);
    this.count = 0; // pixels of the mask, as of the last commit
    this.done = []; // steps to undo, newest last
    this.undone = [];
  }

  get everything() {
    return new Box(0, 0, this.width, this.height);
  }

  // All within size / 2 of the line between two points: two discs and the band between them.
  line(x0, y0, x1, y1, size, value) {
    const radius = size / 2;
    const long = Math.hypot(x1 - x0, y1 - y0) || 1;
    const [nx, ny] = [(-(y1 - y0) / long) * radius, ((x1 - x0) / long) * radius];
    const band = [
      [x0 + nx, y0 + ny],
      [x1 + nx, y1 + ny],
      [x1 - nx, y1 - ny],
      [x0 - nx, y0 - ny],
    ];
    return this.#rows(Math.min(y0, y1) - radius, Math.max(y0, y1) + radius, value, (y) => {
      const ends = crossings(band, y);
      for (const [ex, ey] of [
        [x0, y0],
        [x1, y1],
      ]) {
        const half = Math.sqrt(radius * radius - (y - ey) ** 2);
        if (half >= 0) ends.push(ex - half, ex + half);
      }
      return ends.length ? [Math.min(...ends), Math.max(...ends)] : [];
    });
  }

  // The whole pixels between two corners, both included.
  rectangle(x0, y0, x1, y1, value) {
    const [left, right] = [Math.floor(Math.min(x0, x1)), Math.floor(Math.max(x0, x1)) + 1];
    return this.#rows(Math.floor(Math.min(y0, y1)), Math.floor(Math.max(y0, y1)) + 1, value, () => [left, right]);
  }

  // The inside of a closed line [[x, y], …], even-odd.
  polygon(points, value) {
    const heights = points.map(([, y]) => y);
    const [top, bottom] = heights.reduce(
      ([low, high], y) => [Math.min(low, y), Math.max(high, y)],
      [Infinity, -Infinity],
    );
    return this.#rows(top, bottom, value, (y) => crossings(points, y).sort((a, b) => a - b));
  }

  // The middle of what is painted, as fractions of width and height; that of the image if nothing is.
  get middle() {
    const { bits, width, height } = this;
    const first = bits.indexOf(1);
    if (first < 0) return [0.5, 0.5];
    const last = bits.lastIndexOf(1);
    let [left, right] = [width, 0];
    for (let i = first; i <= last; i++) {
      if (!bits[i]) continue;
      const x = i % width;
      if (x < left) left = x;
      if (x >= right) right = x + 1;
    }
    const [top, bottom] = [Math.floor(first / width), Math.floor(last / width) + 1];
    return [(left + right) / 2 / width, (top + bottom) / 2 / height];
  }

  fill(value) {
    this.bits.fill(value);
    return this.#touched(this.everything);
  }

  invert() {
    for (let i = 0; i < this.bits.length; i++) this.bits[i] ^= 1;
    return this.#touched(this.everything);
  }

  replace(bits) {
    this.bits.set(bits);
    return this.#touched(this.everything);
  }

  // Make one step for undo of all changes since the last; false if nothing is different.
  commit() {
    const box = this.#dirty;
    this.#dirty = new Box();
    if (box.empty) return false;
    const flips = new Uint8Array(box.width * box.height);
    let differs = false;
    this.#visit(box, (at, i) => {
      flips[i] = this.bits[at] ^ this.#committed[at];
      differs ||= flips[i] === 1;
    });
    if (!differs) return false;
    const step = { box, flips };
    this.#take(step);
    this.done.push(step);
    this.undone = [];
    while (this.done.length > 1 && this.done.reduce((sum, { flips: f }) => sum + f.length, 0) > HISTORY_BYTES)
      this.done.shift();
    return true;
  }

  // Take back what has not been committed.
  cancel() {
    const box = this.#dirty;
    this.#dirty = new Box();
    if (!box.empty) this.#visit(box, (at) => (this.bits[at] = this.#committed[at]));
    return box;
  }

  undo() {
    return this.#move(this.done, this.undone);
  }

  redo() {
    return this.#move(this.undone, this.done);
  }

  #move(from, to) {
    const step = from.pop();
    if (!step) return new Box();
    to.push(step);
    this.#visit(step.box, (at, i) => (this.bits[at] ^= step.flips[i]));
    this.#take(step);
    return step.box;
  }

  #take({ box, flips }) {
    this.#visit(box, (at, i) => {
      if (!flips[i]) return;
      this.#committed[at] = this.bits[at];
      this.count += this.bits[at] ? 1 : -1;
    });
  }

  #visit(box, visitor) {
    let i = 0;
    for (let y = box.top; y < box.bottom; y++) {
      for (let at = y * this.width + box.left; at < y * this.width + box.right; at++) visitor(at, i++);
    }
  }

  // Set the pixels whose centres lie between the pairs of ends that `ends(y)` gives for a row's middle.
  #rows(from, to, value, ends) {
    const box = new Box();
    const [top, bottom] = [Math.max(0, Math.ceil(from - 0.5)), Math.min(this.height, Math.floor(to - 0.5) + 1)];
    for (let y = top; y < bottom; y++) {
      const xs = ends(y + 0.5);
      for (let i = 0; i + 1 < xs.length; i += 2) {
        const left = Math.max(0, Math.ceil(xs[i] - 0.5));
        const right = Math.min(this.width, Math.floor(xs[i + 1] - 0.5) + 1);
        if (right <= left) continue;
        this.bits.fill(value, y * this.width + left, y * this.width + right);
        box.add(new Box(left, y, right, y + 1));
      }
    }
    return this.#touched(box);
  }

  #touched(box) {
    this.#dirty.add(box);
    return box;
  }
}

// Where the edges of a closed line cross a height.
function crossings(points, y) {
  const xs = [];
  let [x0, y0] = points.at(-1);
  for (const [x1, y1] of points) {
    if (y0 <= y !== y1 <= y) xs.push(x0 + ((y - y0) * (x1 - x0)) / (y1 - y0));
    [x0, y0] = [x1, y1];
  }
  return xs;
}

// Eight pixels a byte, the first in the highest bit, deflated: what travels to the kernel.
export function packBits(bits) {
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  for (let i = 0; i < bits.length; i++) bytes[i >> 3] |= bits[i] << (7 - (i & 7));
  return piped(bytes, new CompressionStream("deflate"));
}

export function unpackBits(bytes, length) {
  const bit = (flat) => (_, i) => (flat[i >> 3] >> (7 - (i & 7))) & 1;
  return piped(bytes, new DecompressionStream("deflate")).then((flat) => Uint8Array.from({ length }, bit(flat)));
}

function piped(bytes, stream) {
  return new Response(new Blob([bytes]).stream().pipeThrough(stream))
    .arrayBuffer()
    .then((flat) => new Uint8Array(flat));
}
