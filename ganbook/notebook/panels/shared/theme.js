// Light or dark, as the page around the panel is: an attribute of the panel's root, which styles go by, so that they
// hold inside a shadow root, too.

const WATCHED = ["class", "theme", "data-theme", "data-jp-theme-light", "data-vscode-theme-kind"];

// changed() is called once the attribute is another one: what is drawn on a canvas has its colours in its pixels.
export function followTheme(root, changed) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const update = () => {
    const theme = isDark(system) ? "dark" : "light";
    if (root.dataset.theme === theme) return;
    root.dataset.theme = theme;
    changed();
  };
  const observer = new MutationObserver(update);
  for (const el of [document.documentElement, document.body]) observer.observe(el, { attributeFilter: WATCHED });
  system.addEventListener("change", update);
  update();
  return () => {
    observer.disconnect();
    system.removeEventListener("change", update);
  };
}

function isDark(system) {
  const { body, documentElement: html } = document;
  const jupyter = body.dataset.jpThemeLight; // JupyterLab and Notebook
  if (jupyter) return jupyter === "false";
  const code = body.dataset.vscodeThemeKind; // VS Code
  if (code) return code === "vscode-dark" || code === "vscode-high-contrast";
  for (const el of [body, html]) {
    const theme = el.getAttribute("theme") ?? el.dataset.theme; // Colab, marimo
    for (const name of ["dark", "light"]) if (theme === name || el.classList.contains(name)) return name === "dark";
  }
  return system.matches;
}
