"""A Jupyter server of its own and Debian's Chromium, for tests that look at a real page."""

import base64
import os
import shutil

import pytest

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def _missing():
    try:
        import jupyterlab  # noqa: F401
        import notebook  # noqa: F401
        import playwright  # noqa: F401
    except ImportError as error:
        return f"{error.name} is not installed"
    return None if CHROMIUM else "there is no chromium on the PATH (CHROMIUM=/path names one)"


@pytest.fixture(scope="session")
def browser():
    """Chromium; skipped where it cannot be had, except in CI, where that is a failure."""
    if missing := _missing():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"browser tests: {missing}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def expect(browser):
    """What a page shows comes when it comes: ``expect(locator)`` waits for it, an assertion would not."""
    from playwright.sync_api import expect

    expect.set_options(timeout=300_000)
    return expect


@pytest.fixture(scope="session")
def server(browser, tmp_path_factory):
    """A Jupyter server that knows nothing of this user's settings."""
    from jupyter_server_of_its_own import Server

    with Server(tmp_path_factory.mktemp("jupyter")) as server:
        yield server


@pytest.fixture(scope="session")
def context(browser):
    """The browser's cache, which all pages share."""
    scale = 2 if "GANBOOK_PICTURES" in os.environ else 1
    with browser.new_context(device_scale_factor=scale, reduced_motion="reduce") as context:
        yield context


@pytest.fixture
def opened(context, server):
    """Open notebooks: ``opened(cells, app="lab")`` gives a page that fails the test on any error of the page."""
    from jupyter_server_of_its_own import Page

    pages = []

    def open_(cells, **options):
        pages.append(Page(context, server, cells, **options))
        return pages[-1]

    yield open_
    for page in pages:
        page.close()


# What anywidget gives a panel's script; the kernel's answers come as [content, [file, …]], files as base64.
MODEL = """
async () => {
  const bytes = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
  const character = (byte) => String.fromCharCode(byte);
  const text = (buffer) => btoa(Array.from(new Uint8Array(buffer.buffer ?? buffer), character).join(""));
  let hear;
  const take = (answers) => {
    for (const [message, files] of answers) hear(message, files.map(bytes));
  };
  window.listen = () => window.kernel(null, []).then(take); // what the kernel says by itself
  const model = {
    get: (name) => (name === "key" ? "a" : undefined),
    on: (_, listener) => (hear = listener),
    send: async (content, _, buffers = []) => {
      await window.kernel(content, buffers.map(text)).then(take);
    },
  };
  const widget = (await import("/panel.js")).default();
  await widget.initialize({ model });
  await widget.render({ model, el: document.querySelector("main") });
  setInterval(window.listen, 100);
}
"""


@pytest.fixture
def beside(browser):
    """Show a panel in a page without Jupyter: ``beside(panel)`` gives the page, whose kernel is this process.

    It waits until something is shown that can be used, unless ``known=False``.
    """
    pages = []

    def show(panel, known=True):
        page, sent = browser.new_page(), []
        pages.append(page)
        panel.send = lambda content, buffers=(): sent.append([content, [_in_base64(file) for file in buffers]])

        def kernel(content, files):
            if content is not None:
                panel._receive(panel, content, [memoryview(base64.b64decode(file)) for file in files])
            return [sent.pop(0) for _ in range(len(sent))]  # other threads may add to it

        def serve(route):
            script = route.request.url.endswith("panel.js")
            html = f"<!doctype html><title>panel</title><style>{panel._css}</style><main></main>"
            route.fulfill(
                body=panel._esm if script else html, content_type="text/javascript" if script else "text/html"
            )

        page.route("http://panel.test/**", serve)
        page.expose_function("kernel", kernel)
        page.goto("http://panel.test/")
        page.evaluate(MODEL)
        if known:
            page.locator(".gb:not([inert])").wait_for()
        return page

    yield show
    for page in pages:
        page.close()


def _in_base64(file):
    return base64.b64encode(bytes(file)).decode()
