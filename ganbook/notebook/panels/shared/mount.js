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
  // An element that is being removed loses the focus while it is still there: what became of it is seen afterwards.
  root.addEventListener("focusout", ({ target }) =>
    queueMicrotask(() => {
      if (last === target && !lost(target)) last = null;
    }),
  );
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
        el.append(view.el);
        // The snapshot below is for pages without a kernel; a panel that shows something hides it.
        const snapshot = `.ganbook-still-${CSS.escape(model.get("key"))}`;
        const hide = element("style", {}, `${snapshot}, .jp-OutputArea-child:has(${snapshot}) { display: none; }`);
        const keepFocus = focusKeeper(view.el);
        const draw = view.draw.bind(view);
        view.draw = () => {
          const known = store.heard || store.restored;
          if (known && !hide.isConnected) el.append(hide);
          view.el.inert = !known; // what a button would do depends on what is shown
          draw();
          keepFocus();
        };
        const unwatch = store.watch(() => view.draw());
        view.draw();
        const unfollow = followTheme(view.el, () => view.draw());
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
