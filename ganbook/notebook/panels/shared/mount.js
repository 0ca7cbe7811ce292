// Make the widget that anywidget expects of a store and a view.

import { element } from "./dom.js";
import { followTheme } from "./theme.js";

// A view has el, its root; draw(), called when something is new; and close().
export function mount(PanelStore, PanelView) {
  return () => {
    let store;
    return {
      initialize({ model }) {
        store = new PanelStore(model);
        store.restore();
        return () => store.close();
      },
      render({ model, el }) {
        const view = new PanelView(store);
        const unfollow = followTheme(view.el);
        el.append(view.el);
        // The snapshot below is for pages without a kernel; a panel that shows something hides it.
        const snapshot = `.ganbook-still-${CSS.escape(model.get("key"))}`;
        const hide = element("style", {}, `${snapshot}, .jp-OutputArea-child:has(${snapshot}) { display: none; }`);
        const draw = () => {
          if ((store.heard || store.restored) && !hide.isConnected) el.append(hide);
          view.draw();
        };
        const unwatch = store.watch(draw);
        draw();
        store.send({ do: "hello" });
        return () => {
          unwatch();
          unfollow();
          view.close();
          store.send({ do: "bye" }, { answer: false });
        };
      },
    };
  };
}
