// The inpainting panel: the image to paint on at the left, the methods and their results at the right.

import { element, setFigure } from "../shared/dom.js";
import { count } from "../shared/format.js";
import { ImageView } from "../shared/image_view.js";
import { MaskEditor } from "../shared/mask_editor.js";
import { mount } from "../shared/mount.js";
import { MaskFiles } from "./mask_files.js";
import { Methods } from "./methods.js";
import { Results } from "./results.js";
import { InpaintingStore } from "./store.js";

class InpaintingView extends ImageView {
  constructor(store) {
    super();
    this.store = store;
    this.words = {
      name: "inpainting",
      title: "Inpaint",
      line: "%gan_inpaint",
      act: { text: "Fill", title: "Fill the mask with every chosen method (F)", press: () => store.fill() },
      stop: "Keep the best result so far",
      doing: "filling",
      figures: ["mask", "size", "time"],
    };
    this.editor = new MaskEditor(store, "paint the mask");
    this.methods = new Methods(store);
    this.results = new Results(store);
    this.frame(this.editor.el, element("div", { class: "gb-side" }, this.methods.el, this.results.el));
    this.files = new MaskFiles(store, this.file);
    this.editor.el.append(this.files.el);
  }

  drawParts() {
    for (const part of [this.files, this.methods, this.results]) part.draw();
    const { mask, image, working, results } = this.store;
    if (!mask) return;
    const [area, size, time] = this.figures;
    setFigure(area, `${((100 * mask.count) / mask.bits.length).toFixed(1)} %`, ` mask (${count(mask.count)} px)`);
    setFigure(size, `${image.width}×${image.height}`, image.channels === 1 ? " grey" : " colour");
    const seconds = results.reduce((sum, result) => sum + (result.seconds ?? 0), 0);
    time.hidden = !results.length || Boolean(working);
    setFigure(time, seconds < 10 ? seconds.toFixed(2) : seconds.toFixed(0), " s to fill");
  }

  actKey(event) {
    return event.key.toLowerCase() === "f";
  }
}

export default mount(InpaintingStore, InpaintingView);
