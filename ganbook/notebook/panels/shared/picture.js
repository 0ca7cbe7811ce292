// A PNG that arrives again and again, in one image of the page.

export class Picture {
  constructor(image) {
    this.image = image;
    this.url = this.next = null;
    this.loading = false;
    image.onload = image.onerror = () => this.#loaded();
  }

  // A picture that is still loading is replaced once it has loaded: the browser would abort it.
  show(bytes) {
    this.next = bytes;
    if (!this.loading) this.#replace();
  }

  close() {
    if (this.url) URL.revokeObjectURL(this.url);
    this.url = null;
  }

  #replace() {
    this.close();
    this.loading = true;
    this.url = URL.createObjectURL(new Blob([this.next], { type: "image/png" }));
    this.next = null;
    this.image.src = this.url;
  }

  #loaded() {
    this.loading = false;
    if (this.next) this.#replace();
  }
}
