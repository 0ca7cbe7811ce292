"""The keys of the gallery, in a page without Jupyter."""

from pathlib import Path

import pytest

from ganbook.notebook import panels

FOLDER = Path(panels.__file__).parent
# A gallery of twelve samples a page, whose pages come when `answer` is called.
GALLERY = """
async () => {
  const { Gallery } = await import("/browsing/gallery.js");
  const sheet = { url: "a", dress() {} };
  let wishes = [];
  const store = {
    about: { width: 8, height: 8, page: 12 }, view: { at: null }, pages: new Map(), silent: false,
    awaits: () => wishes.some((wish) => wish.do === "pick"),
    wish: (_, wish) => wishes.push(wish),
  };
  const gallery = new Gallery(store);
  gallery.el.style.cssText = "display: grid; overflow-y: scroll";
  document.body.append(gallery.el);
  gallery.size(180);
  globalThis.columns = gallery.columns;
  gallery.draw();
  globalThis.picked = (at) => { store.view.at = at; gallery.draw(); };
  globalThis.answer = () => {
    for (let wish = wishes.shift(); wish; wish = wishes.shift()) {
      if (wish.do === "page") {
        const titles = Array.from({ length: 12 }, (_, i) => String(wish.start + i));
        store.pages.set(wish.start, { start: wish.start, titles, sheet });
      } else store.view.at = wish.index;
      gallery.draw();
    }
    return store.view.at;
  };
  gallery.el.focus();
  answer();
}
"""


@pytest.fixture
def page(browser):
    page = browser.new_page()

    def serve(route):
        name = route.request.url.removeprefix("http://panel.test/")
        body = (FOLDER / name).read_text() if name else "<!doctype html><title>empty</title>"
        route.fulfill(body=body, content_type="text/javascript" if name else "text/html")

    page.route("http://panel.test/**", serve)
    page.goto("http://panel.test/")
    page.evaluate(GALLERY)
    yield page
    page.close()


def press(page, *keys):
    """Press keys, each once the one before has had its effect; return the sample that is picked then."""
    for key in keys:
        page.keyboard.press(key)
        at = page.evaluate("answer()")
    return at


def test_every_key_of_a_list_picks_and_what_is_not_there_yet_comes(page):
    assert press(page, "ArrowRight") == 0
    columns = page.evaluate("columns")
    below = press(page, "ArrowRight", "ArrowDown")
    assert below == 1 + columns
    far = press(page, "PageDown")
    assert far > below + columns
    farther = press(page, "PageDown")
    assert farther - far == far - below
    assert press(page, "PageUp") == far
    assert press(page, "Home") == 0
    end = press(page, "End")
    assert end > farther
    assert press(page, "ArrowLeft") == end - 1


def test_keys_go_on_from_what_was_picked_elsewhere(page):
    press(page, "ArrowRight", "ArrowRight", "ArrowRight")
    page.evaluate("picked(7)")  # on the map, or by an undo
    assert press(page, "ArrowRight") == 8
    page.evaluate("picked('a − b + c')")
    assert press(page, "ArrowRight") == 9
