import io

import numpy as np
from PIL import Image

PAINT = [
    "%load_ext ganbook\nimport numpy as np",
    "picture = np.random.default_rng(0).integers(0, 256, (40, 60, 3), np.uint8)\npanel = %gan_inpaint picture",
]
HEIGHT, WIDTH = 40, 60
LONG = 300_000


class Editor:
    """The inpainting panel of a page, its picture addressed by pixel."""

    def __init__(self, page, which=0):
        self.page, self.kernel = page.page, page.kernel
        self.el = self.page.locator(".gb-inpainting").nth(which)
        self.view = self.el.locator(".gb-view")
        self.view.wait_for(timeout=LONG)
        self.view.scroll_into_view_if_needed()

    def at(self, x, y):
        """Where the middle of a pixel is on the screen."""
        box = self.el.locator(".gb-stage").bounding_box()
        return box["x"] + (x + 0.5) * box["width"] / WIDTH, box["y"] + (y + 0.5) * box["height"] / HEIGHT

    def drag(self, *pixels, button="left"):
        self.page.mouse.move(*self.at(*pixels[0]))
        self.page.mouse.down(button=button)
        for pixel in pixels[1:]:
            self.page.mouse.move(*self.at(*pixel), steps=5)
        self.page.mouse.up(button=button)

    def press(self, name):
        self.button(name).click()

    def button(self, name):
        return self.el.get_by_role("button", name=name)

    def brush(self, size):
        self.el.get_by_role("slider", name="Brush size").fill(str(size))

    def mask(self):
        return np.unpackbits(
            np.frombuffer(bytes.fromhex(self.kernel("np.packbits(panel.mask).tobytes().hex()")), np.uint8),
            count=HEIGHT * WIDTH,
        ).reshape(HEIGHT, WIDTH).astype(bool)  # fmt: skip

    def becomes(self, wanted):
        """Wait until the mask in the kernel is this one, to the pixel."""
        packed = np.packbits(wanted).tobytes().hex()
        self.kernel.until("np.packbits(panel.mask).tobytes().hex()", packed, 10)

    def shown(self, image):
        """The pixels of a picture on the page, (H, W, 3)."""
        flat = image.evaluate(
            "async (image) => { await image.decode(); const canvas = document.createElement('canvas');"
            " [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];"
            " const ink = canvas.getContext('2d'); ink.drawImage(image, 0, 0);"
            " return [...ink.getImageData(0, 0, canvas.width, canvas.height).data] }"
        )
        return np.array(flat, np.uint8).reshape(HEIGHT, WIDTH, 4)[..., :3]

    def array(self, expression):
        return np.frombuffer(bytes.fromhex(self.kernel(f"{expression}.tobytes().hex()")), np.uint8).reshape(
            HEIGHT, WIDTH, 3
        )


def near(start, end, size):
    """The pixels whose middles lie within half the size of the line between the middles of two pixels."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    (x0, y0), (dx, dy) = start, np.subtract(end, start)
    share = np.clip(((x - x0) * dx + (y - y0) * dy) / max(dx * dx + dy * dy, 1), 0, 1)
    return np.hypot(x - x0 - share * dx, y - y0 - share * dy) <= size / 2


def box(left, top, right, bottom):
    mask = np.zeros((HEIGHT, WIDTH), bool)
    mask[top : bottom + 1, left : right + 1] = True
    return mask


def test_painting_filling_and_comparing(opened, expect):
    page = opened(PAINT, height=1100, own=True)
    editor = Editor(page)
    expect(editor.el.locator("header")).to_contain_text("picture")  # the variable

    # paint, take away, undo: the kernel has the same pixels
    editor.brush(5)
    editor.drag((10, 8), (30, 8))
    line = near((10, 8), (30, 8), 5)
    editor.becomes(line)
    editor.press("Eraser")
    editor.drag((20, 2), (20, 20))
    cut = line & ~near((20, 2), (20, 20), 5)
    editor.becomes(cut)
    editor.press("Undo")
    editor.becomes(line)
    editor.view.press("Control+y")
    editor.becomes(cut)
    editor.view.press("Control+z")
    editor.becomes(line)

    # rectangle and lasso, by their keys; Alt takes away; Escape gives up
    editor.view.press("r")
    editor.drag((40, 10), (50, 25))
    editor.becomes(line | box(40, 10, 50, 25))
    page.page.keyboard.down("Alt")
    editor.drag((44, 14), (46, 16))
    page.page.keyboard.up("Alt")
    painted = line | (box(40, 10, 50, 25) & ~box(44, 14, 46, 16))
    editor.becomes(painted)
    editor.view.press("l")
    page.page.mouse.move(*editor.at(2, 20))
    page.page.mouse.down()
    page.page.mouse.move(*editor.at(30, 38), steps=3)
    page.page.keyboard.press("Escape")
    page.page.mouse.up()
    editor.drag((5, 25), (15, 25), (15, 35), (5, 35))
    painted = painted | box(5, 25, 14, 34)  # the line runs through the middles of its corners
    page.kernel.until("bool(panel.mask[26:34, 6:14].all())", True)
    assert (editor.mask() & ~box(5, 25, 15, 35) == painted & ~box(5, 25, 15, 35)).all()
    editor.press("Undo")

    # the brush's size by keys and wheel, zoom and move: the picture stays under the pointer
    editor.view.press("b")
    editor.view.press("]")
    editor.el.locator("output").get_by_text("6 px").wait_for()
    page.page.mouse.move(*editor.at(30, 20))
    page.page.mouse.wheel(0, 100)
    editor.el.locator("output").get_by_text("5 px").wait_for()
    before = editor.at(30, 20)
    page.page.mouse.move(*before)
    page.page.keyboard.down("Control")
    page.page.mouse.wheel(0, -300)
    page.page.keyboard.up("Control")
    page.page.wait_for_timeout(100)
    assert np.abs(np.subtract(editor.at(30, 20), before)).max() < 2
    editor.drag((30, 20), (33, 22), button="middle")
    editor.drag((30, 20), (34, 24))
    painted = line | (box(40, 10, 50, 25) & ~box(44, 14, 46, 16)) | near((30, 20), (34, 24), 5)
    editor.becomes(painted)
    editor.press("Show the whole image (0)")

    # fill: nothing has been filled before
    assert page.kernel("panel.results") == {}
    for method in ("telea", "patch", "pyramid"):
        editor.el.get_by_label(method, exact=True).set_checked(method != "pyramid")
    editor.el.get_by_label("Candidates").select_option("2")
    editor.button("Fill").click()
    page.kernel.until("list(panel.results)", ["telea", "patch"])
    page.kernel.until("panel.working", False)
    results = editor.el.get_by_role("radio")
    page.wait("() => document.querySelectorAll('.gb-result').length === 2")
    expect(editor.el.locator(".gb-result").first).to_contain_text("dB")
    picture, result = editor.array("picture"), editor.array("panel.result")
    assert (result[~painted] == picture[~painted]).all()
    assert (result[painted] != picture[painted]).any()
    assert (editor.shown(results.first.locator("img").first) == result).all()

    # original and filled: at the right of the line the image as it was
    large = editor.el.locator(".gb-large")
    place = large.bounding_box()
    page.page.mouse.move(place["x"] + 5, place["y"] + 20)
    page.page.mouse.down()
    page.page.mouse.move(place["x"] + place["width"] / 2, place["y"] + 20, steps=4)
    page.page.mouse.up()
    assert abs(int(editor.el.get_by_role("slider", name="How much of the filled").input_value()) - 50) <= 1
    clip = large.locator(".gb-before").evaluate("(e) => getComputedStyle(e).clipPath")
    assert clip.startswith("inset(0")
    assert "50" in clip
    assert (editor.shown(large.locator(".gb-before")) == picture).all()

    # what is of an earlier mask is marked as that
    editor.drag((40, 40), (44, 40))
    changed = editor.el.get_by_text("The mask has changed: these results are of the mask before")
    changed.wait_for()
    editor.button("Undo").click()
    changed.wait_for(state="hidden")

    # the second candidate of the second result, and on with it
    editor.button("patch: next candidate").click()
    page.kernel.until("bool((panel.result == panel.results['patch'].candidates[1]).all())", True)
    second = editor.array("panel.result")
    editor.press("Continue with this result")
    page.kernel.until("bool(panel.mask.any())", False)
    assert (editor.array("panel.image") == second).all()
    editor.button("Back").wait_for()
    editor.drag((10, 30), (20, 30))
    last = near((10, 30), (20, 30), 5)
    editor.becomes(last)

    # what a page that loads again is told
    page.save()
    page.go()
    editor = Editor(page)
    editor.el.locator("footer").get_by_text(f"{last.sum()} px").wait_for(timeout=LONG)


def test_files_fingers_and_keys(opened, tmp_path):
    page = opened(PAINT, height=1100)
    editor = Editor(page)
    file = editor.el.get_by_label("Image file")

    def upload(name, which, content):
        path = tmp_path / name
        path.write_bytes(content)
        editor.button(which).click()
        file.set_input_files(path)

    def png(array):
        out = io.BytesIO()
        Image.fromarray(array).save(out, "PNG")
        return out.getvalue()

    def download(which):
        with page.page.expect_download() as download:
            editor.button(which).click()
        return np.array(Image.open(download.value.path()))

    # masks from files and into files
    note = editor.el.locator(".gb-note")
    hole = box(10, 5, 30, 12)
    upload("hole.png", "Upload mask", png(hole * np.uint8(255)))
    editor.becomes(hole)
    assert (download("Download mask") == hole * 255).all()
    upload("small.png", "Upload mask", png(np.eye(10, dtype=np.uint8) * 255))
    note.get_by_text("small.png is 10×10, the image 60×40").wait_for()
    editor.becomes(hole)
    editor.button("Resize the mask").click()
    editor.becomes(np.eye(10, dtype=bool).repeat(4, 0).repeat(6, 1))
    editor.el.get_by_text("mask (240 px)").wait_for()  # the page has it, too
    editor.press("Undo")
    editor.becomes(hole)
    upload("bad.png", "Upload image", b"not a picture")
    note.get_by_text("bad.png cannot be read: not a JPEG").wait_for()
    upload("huge.png", "Upload image", bytes(9_000_000))
    note.get_by_text("huge.png has 9.0 MB; an upload may have at most 8.0 MB").wait_for()

    # the keys alone: from the middle two steps to the left, a dab, and a line to the right
    editor.press("Clear")
    editor.brush(5)
    editor.view.focus()
    for key in ("ArrowLeft", "ArrowLeft", "Space", "Shift+ArrowRight"):
        editor.view.press(key)
    editor.becomes(near((28, 20), (29, 20), 5))

    # one finger paints, two zoom and take back what the first began
    editor.press("Clear")
    finger = page.context.new_cdp_session(page.page)
    finger.send("Emulation.setTouchEmulationEnabled", {"enabled": True})

    def touch(kind, *pixels):
        places = [editor.at(*pixel) for pixel in pixels]
        points = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(places)]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", (10, 20))
    touch("touchMove", (20, 20))
    touch("touchEnd")
    editor.becomes(near((10, 20), (20, 20), 5))
    wide = editor.el.locator(".gb-stage").bounding_box()["width"]
    touch("touchStart", (25, 20))
    touch("touchStart", (25, 20), (35, 20))
    touch("touchMove", (20, 20), (40, 20))
    touch("touchEnd")
    assert editor.el.locator(".gb-stage").bounding_box()["width"] > 1.3 * wide
    editor.becomes(near((10, 20), (20, 20), 5))
    finger.detach()

    # a picture of one's own
    mine = np.random.default_rng(1).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
    upload("mine.png", "Upload image", png(mine))
    page.kernel.until("int(panel.image.sum())", int(mine.sum()))
    assert (download("Download image") == mine).all()


def test_stop_and_what_remains_without_a_kernel(opened, expect):
    photo = "from skimage.data import camera\nphoto = camera()[::4, ::4]\npanel = %gan_inpaint photo"
    page = opened(["%load_ext ganbook", photo])
    panel = page.page.locator(".gb-inpainting")
    panel.get_by_role("button", name="Random mask").click()
    page.kernel.until("bool(panel.mask.any())", True)
    for method in ("telea", "pyramid", "patch"):
        panel.get_by_label(method, exact=True).set_checked(method == "patch")
    panel.get_by_label("Candidates").select_option("8")
    panel.get_by_role("button", name="Fill").click()
    panel.get_by_text("patch").and_(panel.locator(".gb-state")).wait_for()
    panel.get_by_role("button", name="Stop").click()
    page.kernel.until("panel.working", False)
    assert page.kernel("bool(panel.results['patch'].stopped)")
    still = page.page.locator("[class^=ganbook-still]")
    expect(still).to_be_hidden()
    page.wait("() => document.querySelector('[class^=ganbook-still]').textContent.includes('stopped')")
    page.save()
    page.open_with_a_new_kernel()
    still.locator("img").wait_for(timeout=LONG)
    expect(still).to_be_visible()


def test_the_panel_fits_narrow_windows_and_both_themes(opened):
    page = opened([*PAINT, "panel"], dark=True)
    editor = Editor(page)
    page.wait("() => document.querySelectorAll('.gb-view:not([hidden])').length === 2")
    editor.drag((10, 8), (30, 8))
    editor.press("Undo")
    assert Editor(page, 1).button("Redo").is_enabled(), "two views of one panel share what is painted"
    ground = editor.el.evaluate("e => getComputedStyle(e).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)")
    assert all(c < 60 for c in ground)
    page.theme("Light")
    ground = editor.el.evaluate("e => getComputedStyle(e).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)")
    assert all(c > 200 for c in ground)
    assert editor.el.bounding_box()["height"] < 800
    page.page.set_viewport_size({"width": 700, "height": 1000})
    page.page.locator(".gb-inpainting.gb-narrow").first.wait_for()
    assert editor.el.evaluate("e => e.scrollWidth <= e.clientWidth")
    columns = editor.el.locator(".gb-body").evaluate("e => getComputedStyle(e).gridTemplateColumns")
    assert len(columns.split()) == 1
