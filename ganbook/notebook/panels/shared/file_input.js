// Files that the user chooses or drops become uploads.

import { element } from "./dom.js";

const PHOTO_BYTES = 2e6; // below this no file is looked into

export class FileInput {
  // `line` opens a file from the notebook, for what is too large to be sent. With `several`, each file is sent with
  // whether it is the first.
  constructor(store, line, { several = false } = {}) {
    Object.assign(this, { store, line, several });
    this.el = element("input", {
      type: "file",
      accept: "image/*",
      hidden: true,
      multiple: several,
      "aria-label": "Image file",
      onchange: () => this.#chosen(),
    });
  }

  // Ask the user for a file that becomes the image, or something else of this name.
  ask(what) {
    this.what = what;
    this.el.click();
  }

  dropped(event) {
    event.preventDefault();
    this.#sendAll("image", [...event.dataTransfer.files]);
  }

  pasted(event) {
    if (event.target.closest("input, textarea")) return;
    const files = [...event.clipboardData.files].filter(({ type }) => type.startsWith("image/"));
    event.preventDefault();
    if (files.length) this.#sendAll("image", files);
    else this.store.say({ text: "The clipboard holds no image: copy one, then paste it here.", failed: true });
  }

  #chosen() {
    const files = [...this.el.files];
    this.el.value = "";
    this.#sendAll(this.what, files);
  }

  async #sendAll(what, files) {
    let first = true;
    for (const file of this.several ? files : files.slice(0, 1))
      if (await this.#send(what, file, this.several ? { first } : {})) first = false;
  }

  // Whether it was small enough to be sent.
  async #send(what, file, more) {
    const { upload_bytes: most, upload_pixels: pixels } = this.store.about;
    const sent = what === "image" && file.size > PHOTO_BYTES ? await reduced(file, most, pixels) : file;
    const beside = `put the file beside the notebook and run ${this.line} ${file.name}`;
    if (sent.size <= most) {
      this.store.upload(what, file.name, await sent.arrayBuffer(), more);
      const text = `${file.name} was reduced to ${sent.size_text}, as JPEG, for the upload. To have all of it, ${beside}`;
      if (sent.size_text) this.store.say({ text });
      return true;
    }
    const limit = `an upload may have at most ${megabytes(most)}`;
    this.store.say({ text: `${file.name} has ${megabytes(file.size)}; ${limit}: ${beside}`, failed: true });
    return false;
  }
}

// The photograph itself if it is small enough, or else a JPEG of it that is; a file that no browser reads, as it is.
async function reduced(file, bytes, pixels) {
  const image = await createImageBitmap(file).catch(() => null);
  if (!image) return file;
  let scale = Math.min(1, Math.sqrt(pixels / (image.width * image.height)));
  if (scale === 1 && file.size <= bytes) return file;
  for (; ; scale *= 0.8) {
    const [width, height] = [Math.floor(scale * image.width), Math.floor(scale * image.height)];
    const canvas = new OffscreenCanvas(width, height);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "white"; // as the kernel shows what is transparent; a JPEG would make it black
    pen.fillRect(0, 0, width, height);
    pen.drawImage(image, 0, 0, width, height);
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.95 });
    if (blob.size <= bytes) return Object.assign(blob, { size_text: `${width}×${height}` });
  }
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
