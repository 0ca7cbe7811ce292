// What the pointer does to a mask with each tool, between press and release. Positions are in pixels of the image;
// to() and end() return the box of the mask that they changed.

import { Box } from "./mask_bitmap.js";

export const TOOLS = {
  brush: { label: "Brush", key: "b", title: "Paint the mask" },
  eraser: { label: "Eraser", key: "e", title: "Erase from the mask" },
  rectangle: { label: "Rectangle", key: "r", title: "Drag from corner to corner" },
  lasso: { label: "Lasso", key: "l", title: "Draw around the area to remove" },
  hand: { label: "Move", key: "h", title: "Drag the image; the middle button and two fingers do it with any tool" },
};

export class Stroke {
  constructor(mask, value, size) {
    Object.assign(this, { mask, value, size });
  }

  to(x, y) {
    const [sx, sy] = [this.#snapped(x), this.#snapped(y)];
    const [fx, fy] = this.last ?? [sx, sy];
    this.last = [sx, sy];
    return this.mask.line(fx, fy, sx, sy, this.size, this.value);
  }

  end() {
    return new Box();
  }

  // Onto the middle of a pixel or between pixels, so that a brush of n pixels always is n wide.
  #snapped(v) {
    return this.size % 2 ? Math.floor(v) + 0.5 : Math.round(v);
  }
}

export class Rectangle {
  constructor(mask, value) {
    Object.assign(this, { mask, value });
  }

  to(x, y) {
    this.first ??= [x, y];
    this.last = [x, y];
    return new Box();
  }

  get outline() {
    const [[x0, y0], [x1, y1]] = [this.first, this.last];
    return [
      [x0, y0],
      [x1, y0],
      [x1, y1],
      [x0, y1],
    ];
  }

  end() {
    return this.mask.rectangle(...this.first, ...this.last, this.value);
  }
}

export class Lasso {
  constructor(mask, value) {
    Object.assign(this, { mask, value, outline: [] });
  }

  to(x, y) {
    this.outline.push([x, y]);
    return new Box();
  }

  end() {
    return this.mask.polygon(this.outline, this.value);
  }
}

export function gesture(tool, mask, value, size) {
  if (tool === "rectangle") return new Rectangle(mask, value);
  if (tool === "lasso") return new Lasso(mask, value);
  return new Stroke(mask, value, size);
}
