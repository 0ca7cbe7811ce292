"""The mask that is painted, in a page without Jupyter: exact to the pixel."""

import zlib
from pathlib import Path

import numpy as np
import pytest

from ganbook.notebook import panels

FOLDER = Path(panels.__file__).parent / "shared"
WIDTH, HEIGHT = 37, 29


@pytest.fixture
def page(browser):
    """An empty page that has the panel's modules."""
    page = browser.new_page()

    def serve(route):
        name = route.request.url.rsplit("/", 1)[-1]
        body = (FOLDER / name).read_text() if name else "<!doctype html><title>empty</title>"
        route.fulfill(body=body, content_type="text/javascript" if name else "text/html")

    page.route("http://panel.test/**", serve)
    page.goto("http://panel.test/")
    page.evaluate(
        "async () => { Object.assign(globalThis, await import('/mask_bitmap.js'), await import('/drawing_tools.js'));"
        f" globalThis.mask = new MaskBitmap({WIDTH}, {HEIGHT}) }}"
    )
    yield page
    page.close()


def bits(page):
    return np.array(page.evaluate("[...mask.bits]"), bool).reshape(HEIGHT, WIDTH)


def distances(start, end):
    """From the middle of each pixel to a line."""
    y, x = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    (x0, y0), (dx, dy) = start, np.subtract(end, start)
    share = np.clip(((x - x0) * dx + (y - y0) * dy) / max(dx * dx + dy * dy, 1e-12), 0, 1)
    return np.hypot(x - x0 - share * dx, y - y0 - share * dy)


def test_a_line_is_all_that_lies_within_half_the_brush_of_it(page):
    rng = np.random.default_rng(0)
    for size in (1, 2, 3, 4, 7, 12):
        start, end = rng.uniform(-3, 40, 2), rng.uniform(-3, 40, 2)
        page.evaluate("([a, b, size]) => { mask.fill(0); mask.line(...a, ...b, size, 1) }", [[*start], [*end], size])
        away = distances(start, end) - size / 2
        painted = bits(page)
        assert painted[away < -1e-9].all()
        assert not painted[away > 1e-9].any()


def test_a_brush_of_n_pixels_is_n_wide_wherever_it_is_put(page):
    for size in (1, 2, 3, 5, 8):
        page.evaluate(
            "(size) => { mask.fill(0); const s = gesture('brush', mask, 1, size); s.to(17.3, 14.8); s.to(17.3, 14.8) }",
            size,
        )
        painted = bits(page)
        assert painted.any(0).sum() == painted.any(1).sum() == size


def test_a_lasso_is_the_inside_of_the_line_drawn(page):
    points = [(3.2, 2.1), (30.7, 5.4), (20.3, 26.9), (15.1, 9.3), (5.6, 24.2)]
    page.evaluate(
        "(points) => { const l = gesture('lasso', mask, 1, 1); for (const p of points) l.to(...p); l.end() }", points
    )
    y, x = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    inside = np.zeros((HEIGHT, WIDTH), bool)
    for (x0, y0), (x1, y1) in zip(points, points[1:] + points[:1], strict=True):
        inside ^= ((y0 <= y) != (y1 <= y)) & (x < x0 + (y - y0) * (x1 - x0) / (y1 - y0))
    assert (bits(page) == inside).all()
    assert inside.sum() > 100


def test_undo_and_redo_pass_through_every_mask_there_was(page):
    steps = [
        "mask.line(3, 3, 30, 20, 5, 1)", "mask.line(8, 2, 9, 25, 3, 0)", "mask.rectangle(20, 5, 33, 40, 1)",
        "mask.invert()", "mask.polygon([[0, 0], [30, 3], [10, 28]], 1)", "mask.fill(0)",
        "mask.line(1.5, 1.5, 1.5, 1.5, 1, 1)",
    ]  # fmt: skip
    seen = [bits(page)]
    for step in steps:
        assert page.evaluate(f"{step}; mask.commit()")
        seen.append(bits(page))
    assert not page.evaluate("mask.line(1.5, 1.5, 1.5, 1.5, 1, 1); mask.commit()"), (
        "a step that changes nothing is none"
    )
    for before in seen[-2::-1]:
        page.evaluate("mask.undo()")
        assert (bits(page) == before).all()
        assert page.evaluate("mask.count") == before.sum()
    assert page.evaluate("mask.undo().empty")
    for after in seen[1:]:
        page.evaluate("mask.redo()")
        assert (bits(page) == after).all()
        assert page.evaluate("mask.count") == after.sum()


def test_what_is_cancelled_leaves_no_trace(page):
    page.evaluate(
        "mask.line(3, 3, 30, 20, 5, 1); mask.commit(); mask.line(30, 3, 3, 20, 5, 0); mask.line(0, 0, 9, 9, 9, 1)"
    )
    page.evaluate("mask.cancel()")
    away = distances((3, 3), (30, 20)) - 2.5
    assert bits(page)[away < -1e-9].all()
    assert not bits(page)[away > 1e-9].any()
    assert not page.evaluate("mask.commit()")


def test_a_mask_travels_as_deflated_bits(page):
    page.evaluate("mask.line(3, 3, 30, 20, 5, 1)")
    sent = bytes(page.evaluate("packBits(mask.bits).then((bytes) => [...bytes])"))
    flat = np.frombuffer(zlib.decompress(sent), np.uint8)
    assert (np.unpackbits(flat, count=WIDTH * HEIGHT).reshape(HEIGHT, WIDTH) == bits(page)).all()
    answer = zlib.compress(np.packbits(~bits(page)).tobytes())
    back = page.evaluate(
        "(bytes) => unpackBits(new Uint8Array(bytes), mask.bits.length).then((bits) => [...bits])", list(answer)
    )
    assert (np.array(back, bool).reshape(HEIGHT, WIDTH) == ~bits(page)).all()
