// Shapes of a drawing in SVG.

const NAMESPACE = "http://www.w3.org/2000/svg";

// A shape with its text or children; text is never read as markup.
export function svg(tag, attributes = {}, ...children) {
  const made = document.createElementNS(NAMESPACE, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter((child) => child != null));
  return made;
}
