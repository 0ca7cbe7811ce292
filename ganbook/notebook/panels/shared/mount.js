// Make the widget that anywidget expects of a store and a view.

import { element } from "./dom.js";
import { followTheme } from "./theme.js";

// A control that had the focus and is disabled, hidden or gone leaves it to the panel, which goes on hearing its keys.
// Return a function to call once such things may have happened.
function focusKeeper(root) {
  if (!root.hasAttribute("tabindex")) root.setAttribute("tabindex", "-1");
  const lost = (el) => !el.isConnected || el.disabled || el.closest("[hidden]") !== null;
  let last = null;
  root.addEventListener("focusin", (event) => (last = event.target));
  root.addEventListener("focusout", (event) => {
    if (!lost(event.target)) last = null;
  });
  return () => {
    if (last && lost(last)) root.focus({ preventScroll: true });
  };
}

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
        const keepFocus = focusKeeper(view.el);
        const draw = () => {
          if ((store.heard || store.restored) && !hide.isConnected) el.append(hide);
          view.draw();
          keepFocus();
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
