// Random masks, and images and masks from and into files.

import { button, element } from "../shared/dom.js";

const FIRST_KIND = "thick";

export class MaskFiles {
  // `file` asks the user for files.
  constructor(store, file) {
    this.store = store;
    this.kind = element("select", { "aria-label": "Kind of random mask" });
    const draw = () => store.press("random_mask", { kind: this.kind.value });
    const save = (what) => () => store.press("download", { what });
    this.random = button("Random mask", "Draw a random mask of this kind", draw);
    this.upload = button("Upload mask", "Open an image file as the mask: white is filled", () => file.ask("mask"));
    this.download = button("Download mask", "Save the mask as a PNG file: white is filled", save("mask"));
    this.downloadImage = button("Download image", "Save the image as a PNG file", save("image"));
    this.controls = [this.random, this.kind, this.upload, this.download, this.downloadImage];
    const group = { class: "gb-row", role: "group", "aria-label": "Mask" };
    this.el = element("div", group, ...this.controls);
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
}
