import { button, element } from "../shared/dom.js";
import { mount } from "../shared/mount.js";
import { Store } from "../shared/store.js";

class CounterStore extends Store {
  take({ number }) {
    this.number = number;
  }
}

class CounterView {
  constructor(store) {
    this.store = store;
    this.number = element("output");
    this.note = element("p", { class: "gb-note" });
    const add = button("Add one", "One more", () => store.send({ do: "add", amount: 1 }));
    this.el = element("section", { class: "gb gb-counter" }, this.number, add, this.note);
  }

  draw() {
    this.number.textContent = this.store.number ?? "–";
    this.note.textContent = this.store.silent ? "no kernel" : (this.store.note?.text ?? "");
  }

  close() {}
}

export default mount(CounterStore, CounterView);
