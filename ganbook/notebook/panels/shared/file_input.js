// Files that the user chooses or drops become uploads.

import { element } from "./dom.js";

export class FileInput {
  // `line` opens a file from the notebook, for what is too large to be sent.
  constructor(store, line) {
    Object.assign(this, { store, line });
    this.el = element("input", {
      type: "file",
      accept: "image/*",
      hidden: true,
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
    const [file] = event.dataTransfer.files;
    if (file) this.#send("image", file);
  }

  #chosen() {
    const [file] = this.el.files;
    if (file) this.#send(this.what, file);
    this.el.value = "";
  }

  async #send(what, file) {
    const { upload_bytes: most } = this.store.about;
    if (file.size <= most) {
      this.store.upload(what, file.name, await file.arrayBuffer());
      return;
    }
    const text =
      `${file.name} has ${megabytes(file.size)}; an upload may have at most ${megabytes(most)}. ` +
      `Put the file beside the notebook and run ${this.line} ${file.name}`;
    this.store.say({ text, failed: true });
  }
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
