// Random masks, and images and masks from and into files.

import { button, element } from "../shared/dom.js";

const FIRST_KIND = "thick";

export class MaskFiles {
  constructor(store) {
    this.store = store;
    this.kind = element("select", { "aria-label": "Kind of random mask" });
    const draw = () => store.press("random_mask", { kind: this.kind.value });
    const save = (what) => () => store.press("download", { what });
    this.random = button("Random mask", "Draw a random mask of this kind", draw);
    this.upload = button("Upload mask", "Open an image file as the mask: white is filled", () => this.ask("mask"));
    this.download = button("Download mask", "Save the mask as a PNG file: white is filled", save("mask"));
    this.downloadImage = button("Download image", "Save the image as a PNG file", save("image"));
    this.file = element("input", {
      type: "file",
      accept: "image/*",
      hidden: true,
      "aria-label": "Image file",
      onchange: () => this.#chosen(),
    });
    this.controls = [this.random, this.kind, this.upload, this.download, this.downloadImage];
    const group = { class: "gb-row", role: "group", "aria-label": "Mask" };
    this.el = element("div", group, ...this.controls, this.file);
  }

  draw() {
    const { about, image, silent } = this.store;
    for (const control of this.controls) control.disabled = silent || !about || !image;
    if (!about || this.drawn === about) return;
    this.drawn = about;
    const kinds = about.mask_kinds.map((kind) =>
      element("option", { value: kind, selected: kind === FIRST_KIND }, kind),
    );
    this.kind.replaceChildren(...kinds);
  }

  // Ask the user for a file that becomes the image, or the mask.
  ask(what) {
    this.what = what;
    this.file.click();
  }

  dropped(event) {
    event.preventDefault();
    const [file] = event.dataTransfer.files;
    if (file) this.#send("image", file);
  }

  #chosen() {
    const [file] = this.file.files;
    if (file) this.#send(this.what, file);
    this.file.value = "";
  }

  async #send(what, file) {
    const { upload_bytes: most } = this.store.about;
    if (file.size <= most) {
      this.store.upload(what, file.name, await file.arrayBuffer());
      return;
    }
    const text =
      `${file.name} has ${megabytes(file.size)}; an upload may have at most ${megabytes(most)}. ` +
      `Put the file beside the notebook and run %gan_inpaint ${file.name}`;
    this.store.say({ text, failed: true });
  }
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
