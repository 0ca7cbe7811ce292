// Files that the user chooses or drops become uploads.

import { element } from "./dom.js";

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
    const { upload_bytes: most } = this.store.about;
    if (file.size <= most) {
      this.store.upload(what, file.name, await file.arrayBuffer(), more);
      return true;
    }
    const text =
      `${file.name} has ${megabytes(file.size)}; an upload may have at most ${megabytes(most)}. ` +
      `Put the file beside the notebook and run ${this.line} ${file.name}`;
    this.store.say({ text, failed: true });
    return false;
  }
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
