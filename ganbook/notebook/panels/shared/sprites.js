// Many images in one file, each shown by its position in it: a sprite sheet.

const LINGER_MS = 5000; // an element may still be loading it

export class Sheet {
  constructor(facts, bytes) {
    Object.assign(this, facts); // count, columns, rows, width, height
    this.url = URL.createObjectURL(new Blob([bytes]));
    this.image = new Image();
    this.image.src = this.url;
    this.ready = this.image.decode().catch(() => {});
  }

  close() {
    setTimeout(() => URL.revokeObjectURL(this.url), LINGER_MS);
  }

  // Show the i-th image as the ground of an element, so many pixels wide.
  dress(el, i, width) {
    const height = (width * this.height) / this.width;
    const [column, row] = [i % this.columns, Math.floor(i / this.columns)];
    const times = (width * (window.devicePixelRatio || 1)) / this.width;
    el.style.imageRendering = times < 1 || times % 1 > 0.01 ? "auto" : "pixelated";
    el.style.width = `${width}px`;
    el.style.height = `${height}px`;
    el.style.backgroundImage = `url("${this.url}")`;
    el.style.backgroundSize = `${width * this.columns}px ${height * this.rows}px`;
    el.style.backgroundPosition = `${-column * width}px ${-row * height}px`;
  }

  // Draw the i-th image on a canvas.
  paint(context, i, x, y, width) {
    const { columns, width: w, height: h } = this;
    context.imageSmoothingEnabled = false;
    context.drawImage(this.image, (i % columns) * w, Math.floor(i / columns) * h, w, h, x, y, width, (width * h) / w);
  }
}

// A width near the wanted one that is a whole multiple of the image's own, where that is possible.
export function crisp(natural, wanted, most = 1.5 * wanted) {
  const ratio = window.devicePixelRatio || 1;
  const times = Math.max(1, Math.round((wanted * ratio) / natural));
  const width = (natural * times) / ratio;
  return width <= most ? width : wanted;
}
