"""What a panel is given by the base of all panels and the shared modules, shown with the smallest one."""

from pathlib import Path

import pytest

from ganbook.notebook.panels import bundle

HERE = Path(__file__).parent
COUNTER = HERE / "counter"

# A widget's model without a kernel: what is sent goes nowhere.
MODEL = "{ get: () => '', on() {}, off() {}, send() {} }"


def test_a_panel_of_fifty_lines_lives(opened, expect):
    assert sum(len((COUNTER / name).read_text().splitlines()) for name in ("panel.py", "panel.js")) < 60
    start = f"import sys; sys.path.insert(0, {str(COUNTER)!r}); from panel import CounterPanel"
    page = opened([start, "counter = CounterPanel()\ncounter.show()"])
    panel = page.page.locator(".gb-counter")
    number, add = panel.locator("output"), panel.get_by_role("button", name="Add one")
    expect(number).to_have_text("0")
    add.click()
    expect(number).to_have_text("1")
    add.click()
    add.click()
    expect(panel.locator(".gb-note")).to_have_text("3 is too many: at most 2")
    assert page.kernel("counter.number") == 2

    # what is no user's mistake is shown, too, and the panel lives on
    page.kernel("setattr(counter, 'number', 'two')")
    add.click()
    expect(panel.locator(".gb-note")).to_contain_text("TypeError: ")
    page.kernel("setattr(counter, 'number', 1)")
    add.click()
    expect(number).to_have_text("2")
    expect(page.page.locator("[class^=ganbook-still]")).to_be_hidden()

    # a kernel that is busy, or gone, is noticed
    page.page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    add.click()
    expect(panel.locator(".gb-note")).to_have_text("no kernel")


@pytest.fixture
def shadow(browser):
    """A panel in a shadow root, as in marimo: whether its background becomes a colour after a change."""
    page = browser.new_page(color_scheme="light")
    files = {"": "<!doctype html><title>empty</title>", "panel.js": bundle.script(COUNTER)}

    def serve(route):
        name = route.request.url.rsplit("/", 1)[-1]
        route.fulfill(body=files[name], content_type="text/javascript" if name else "text/html")

    page.route("http://panel.test/**", serve)
    page.goto("http://panel.test/")
    page.evaluate(
        f"""async (css) => {{
          const {{ default: widget }} = await import("/panel.js");
          const root = document.body.appendChild(document.createElement("div")).attachShadow({{ mode: "open" }});
          const style = root.appendChild(document.createElement("style"));
          style.textContent = css;
          const model = {MODEL};
          const {{ initialize, render }} = widget();
          initialize({{ model }});
          render({{ model, el: root.appendChild(document.createElement("div")) }});
          globalThis.root = root;
        }}""",
        bundle.styles(COUNTER),
    )

    def becomes(ground, change="", scheme=None):
        if scheme:
            page.emulate_media(color_scheme=scheme)
        page.evaluate(change or "0")
        # The page hears of a change of the system's scheme only later.
        page.wait_for_function(
            "ground => getComputedStyle(root.querySelector('.gb')).backgroundColor === ground", arg=ground
        )
        page.evaluate("new Promise(requestAnimationFrame)")
        return page.evaluate("getComputedStyle(root.querySelector('.gb')).backgroundColor") == ground

    yield becomes
    page.close()


LIGHT, DARK = "rgb(255, 255, 255)", "rgb(22, 24, 28)"


def test_the_theme_is_followed_inside_a_shadow_root(shadow):
    assert shadow(LIGHT)
    assert shadow(DARK, scheme="dark"), "the system's"
    assert shadow(LIGHT, "document.body.className = 'light'"), "the page's is worth more"
    assert shadow(DARK, "document.documentElement.setAttribute('theme', 'dark'); document.body.className = ''")
    assert shadow(LIGHT, "document.body.dataset.vscodeThemeKind = 'vscode-light'")
    assert shadow(DARK, "document.body.dataset.vscodeThemeKind = 'vscode-high-contrast'")
    assert shadow(LIGHT, "document.body.dataset.jpThemeLight = 'true'", scheme="dark")
    assert shadow(DARK, "document.body.dataset.jpThemeLight = 'false'", scheme="light")
