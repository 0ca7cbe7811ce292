// Random masks, and images and masks from and into files.

import { button, element } from "../shared/dom.js";
import { FileInput } from "../shared/file_input.js";

const FIRST_KIND = "thick";

export class MaskFiles {
  constructor(store) {
    this.store = store;
    this.kind = element("select", { "aria-label": "Kind of random mask" });
    const draw = () => store.press("random_mask", { kind: this.kind.value });
    const save = (what) => () => store.press("download", { what });
    this.random = button("Random mask", "Draw a random mask of this kind", draw);
    this.upload = button("Upload mask", "Open an image file as the mask: white is filled", () => this.file.ask("mask"));
    this.download = button("Download mask", "Save the mask as a PNG file: white is filled", save("mask"));
    this.downloadImage = button("Download image", "Save the image as a PNG file", save("image"));
    this.file = new FileInput(store, "%gan_inpaint");
    this.controls = [this.random, this.kind, this.upload, this.download, this.downloadImage];
    const group = { class: "gb-row", role: "group", "aria-label": "Mask" };
    this.el = element("div", group, ...this.controls, this.file.el);
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
