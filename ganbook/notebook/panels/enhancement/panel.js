// The enhancement panel: the image at the left, with what stays as it is, and the settings; what came out at the right.

import { element, setFigure } from "../shared/dom.js";
import { ImageView } from "../shared/image_view.js";
import { MaskEditor } from "../shared/mask_editor.js";
import { mount } from "../shared/mount.js";
import { BeforeAfter } from "./before_after.js";
import { Settings } from "./settings.js";
import { EnhancementStore } from "./store.js";

class EnhancementView extends ImageView {
  constructor(store) {
    super();
    this.store = store;
    this.words = {
      name: "enhancement",
      title: "Enhance",
      line: "%gan_enhance",
      act: {
        text: "Enhance",
        title: "Enhance the whole image by every chosen method (Shift-E)",
        press: () => store.enhance(),
      },
      stop: "End soon; the rest is enlarged by bicubic interpolation",
      doing: "enhancing",
      figures: ["size", "larger", "noise"],
    };
    const paints = "a click looks at a part; Brush paints what stays as it is";
    this.editor = new MaskEditor(store, paints, "Keep parts as they are: paint them");
    this.settings = new Settings(store);
    this.results = new BeforeAfter(store);
    this.frame(element("div", { class: "gb-side" }, this.editor.el, this.settings.el), this.results.el);
  }

  drawParts() {
    this.settings.draw();
    this.results.draw();
    const { image, settings, mask } = this.store;
    if (!image || !settings) return;
    const [size, larger, noise] = this.figures;
    const { scale } = settings;
    const depth = image.bits === 16 ? ", 16 bits" : "";
    setFigure(size, `${image.width}×${image.height}`, `${image.channels < 3 ? " grey" : " colour"}${depth}`);
    larger.hidden = scale === 1;
    setFigure(larger, `${scale * image.width}×${scale * image.height}`, " enlarged");
    const kept = mask.count ? `, ${((100 * mask.count) / mask.bits.length).toFixed(1)} % kept as it is` : "";
    setFigure(noise, `σ ${image.noise}`, ` of noise, estimated${kept}`);
  }

  // E alone is the eraser's.
  actKey(event) {
    return event.key === "E" && event.shiftKey;
  }
}

export default mount(EnhancementStore, EnhancementView);
