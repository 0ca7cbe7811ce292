import numpy as np
from jupyter_server_of_its_own import SAVING_WIDGETS

TRAIN = (
    "%load_ext ganbook\nimport ganbook as gb\n"
    "run = gb.train('digits', network='dcgan', steps=8, batch_size=16, checkpoint_every=0.001, keep_checkpoints=9,"
    " name='few', wait=True)"
)
BROWSE = [TRAIN, "%gan_browse few"]
LONG = 300_000  # ms: a cold kernel loads TensorFlow, perhaps on a busy machine


def ready(page, which=0):
    """The panel, when all that is slow is done."""
    panel = page.page.locator(".gb-browsing").nth(which)
    thumb(panel, 0).wait_for(timeout=LONG)
    panel.get_by_text("Sample").first.wait_for(state="attached")
    page.kernel.until("browser.ready('directions') and browser.reals.ready('pixels')", True)
    panel.locator(".gb-working").wait_for(state="hidden", timeout=LONG)
    return panel


def thumb(panel, number):
    return panel.locator(f".gb-gallery .gb-thumb[data-number='{number}']")


def press(panel, name):
    panel.get_by_role("button", name=name, exact=True).click()


def drag(page, slider, share):
    box = slider.bounding_box()
    page.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.page.mouse.down()
    page.page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] / 2, steps=8)
    page.page.mouse.up()


def test_the_panel_browses_steers_combines_and_keeps(opened, expect):
    page = opened(BROWSE)
    panel, kernel = ready(page), page.kernel
    kernel("__import__('sys').modules['builtins'].__dict__.update(np=__import__('numpy'))")

    # another seed
    seed = panel.get_by_label("Seed")
    before = thumb(panel, 0).get_attribute("data-worn") or thumb(panel, 0).evaluate("e => e.style.backgroundImage")
    seed.fill("7")
    seed.press("Enter")
    kernel.until("browser.view.look.seed", 7)
    page.wait(
        "before => ![...document.querySelectorAll('.gb-gallery .gb-thumb')].some(e => e.dataset.worn === before)",
        arg=before,
    )
    assert kernel("bool((browser.gallery(0, 60).images == run.sample(60, seed=7)).all())")

    # what is shown is what the kernel drew
    thumb(panel, 4).click()
    kernel.until("browser.view.at", 4)
    panel.get_by_role("heading", name="Sample 4").wait_for()
    shown = panel.locator(".gb-shown").evaluate(
        """async e => {
          const image = new Image(); image.src = e.style.backgroundImage.slice(5, -2); await image.decode();
          const c = document.createElement('canvas'); [c.width, c.height] = [28, 28];
          const context = c.getContext('2d'); context.drawImage(image, 0, 0);
          return [...context.getImageData(0, 0, 28, 28).data].filter((_, i) => i % 4 === 0);
        }"""
    )
    assert shown == kernel("browser.sample.image.ravel().tolist()")
    expect(panel.locator(".gb-near-row .gb-real")).to_have_count(5)
    expect(panel.locator(".gb-facts")).to_contain_text("the typical distance")

    # a direction, by the mouse and by the keys
    drag(page, panel.get_by_label("direction 1"), 0.8)
    kernel.until("len(browser.view.moves) == 6 and round(browser.view.moves[0], 1) > 2", True)
    panel.get_by_role("heading", name="Sample 4, steered").wait_for()
    panel.get_by_label("direction 2").press("ArrowRight")
    kernel.until("round(browser.view.moves[1], 1)", 0.1)
    press(panel, "Favourite")
    kernel.until("len(browser.selected)", 1)

    # pick two, walk between them, and three for a − b + c
    for number in (9, 12):
        thumb(panel, number).click()
        press(panel, "Add sample")
    kernel.until("[s.title for s in browser.view.slots]", ["9", "12"])
    panel.locator(".gb-strip .gb-thumb").nth(8).wait_for()
    panel.locator(".gb-strip .gb-thumb").nth(4).click()
    kernel.until("browser.sample.title", "9 → 12, 50 %")
    press(panel, "Add sample")
    panel.get_by_label("a − b + c").click()
    kernel.until("'−' in browser.sample.title", True)

    # by the keys alone: go on in the gallery, star, undo
    panel.get_by_role("listbox").focus()
    for key in ("PageDown", "PageUp", "Home", "ArrowRight", "ArrowRight", "ArrowDown", "s"):
        page.page.keyboard.press(key)
    kernel.until("len(browser.selected)", 2)
    assert kernel("int(browser.selected['sample'][1]) > 2")
    page.page.keyboard.press("Control+z")
    kernel.until("len(browser.selected)", 1)

    panel.get_by_label("Name of the collection").fill("slanted")
    thumb(panel, 2).click()
    press(panel, "Favourite")
    kernel.until("browser.selected['selection'].tolist()", ["kept", "slanted"])
    assert kernel("[c for c in ('z', 'label', 'score', 'image') if c in browser.selected]") == [
        "z", "label", "score", "image"]  # fmt: skip
    assert kernel("bool((browser.picked_images('slanted')[0] == run.sample(3, seed=7)[2]).all())")

    # what a cell does is seen in the panel
    kernel("browser.pick(30) and None")
    panel.get_by_role("heading", name="Sample 30").wait_for()

    # through training, sorted, endless
    through = panel.get_by_label("Checkpoint", exact=True)
    through.press("Home")
    kernel.until("browser.view.look.step", 0)
    expect(through).to_have_attribute("aria-valuetext", "step 0")
    through.press("End")
    kernel.until("browser.view.look.step", None)
    panel.get_by_label("Sort").select_option("score")
    kernel.until("browser.view.look.sort", "score")
    best = kernel("browser.gallery(0, 1).titles[0]")
    page.wait("n => document.querySelector('.gb-gallery .gb-thumb').dataset.number === n", arg=best)
    panel.locator(".gb-gallery .gb-thumb[data-place='110']").evaluate("e => e.scrollIntoView()")
    panel.locator(".gb-gallery .gb-thumb[data-place='110'][data-number]").wait_for()

    with page.page.expect_download() as download:
        panel.get_by_label("Export", exact=True).select_option("npz")
    with np.load(download.value.path()) as arrays:
        assert arrays["images"].shape == (2, 28, 28, 1)
        assert arrays["selections"].tolist() == ["kept", "slanted"]


def test_the_map_picks_and_a_loop_adds_favourites(opened):
    # a network that compares images learns from small ones in seconds
    page = opened([TRAIN.replace("'digits'", "'digits', image_size=12"), BROWSE[1]])
    panel, kernel = ready(page), page.kernel
    press(panel, "Map")
    page.wait("() => /Map of 240 samples/.test(document.querySelector('.gb-map-canvas').ariaLabel)")
    atlas = panel.locator(".gb-map-canvas")
    atlas.press("ArrowRight")
    kernel.until("type(browser.view.at).__name__", "int")
    box = atlas.bounding_box()
    corners = [(0.01, 0.01), (0.99, 0.01), (0.99, 0.99), (0.01, 0.99), (0.01, 0.02)]
    for i, (x, y) in enumerate(corners):
        page.page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=4)
        if i == 0:
            page.page.mouse.down()
    page.page.mouse.up()
    kernel.until("len(browser.selected)", 240)
    panel.locator("footer").get_by_text("240 favourites").wait_for()

    # slow work leaves kernel and panel answering
    page.kernel("run.data.fingerprint")
    panel.get_by_role("button", name="Map").click()
    thumb(panel, 1).click()
    press(panel, "Also compare in feature space")
    panel.locator(".gb-working").filter(has_text="feature space").wait_for()
    assert kernel("browser.reals.ready('features')") is False
    thumb(panel, 3).click()
    panel.get_by_role("heading", name="Sample 3").wait_for()
    kernel.until("browser.reals.ready('features')", True)
    panel.get_by_text("nearest in feature space").wait_for()


def test_a_picture_remains_without_a_kernel_and_a_saved_panel_says_so(opened, expect):
    page = opened(BROWSE, settings=SAVING_WIDGETS)
    ready(page)
    still = page.page.locator("[class^=ganbook-still]")
    still.locator("img").wait_for(state="attached")
    expect(still).to_be_hidden()
    page.save_with_widgets(lambda message: message["kind"] == "view")
    page.open_with_a_new_kernel()
    panel = page.page.locator(".gb-browsing")
    thumb(panel, 5).wait_for(timeout=LONG)
    panel.locator(".gb-note").filter(has_text="The kernel does not answer").wait_for()
    expect(panel.locator("button:enabled")).to_have_count(0)


def test_the_panel_fits_narrow_windows_and_both_themes_with_a_generator_of_one_s_own(opened, expect):
    page = opened(
        [
            "%load_ext ganbook\nimport ganbook as gb, keras\n"
            "z = keras.Input((8,))\n"
            "x = keras.layers.Reshape((20, 20, 3))(keras.layers.Dense(1200, 'sigmoid')(z))\n"
            "mine = keras.Model(z, x, name='<b>mine')",
            "browser = gb.browse(mine)\nbrowser",
        ],
        dark=True,
    )
    panel = page.page.locator(".gb-browsing")
    thumb(panel, 0).wait_for(timeout=LONG)
    panel.locator(".gb-note").filter(has_text="does not know its data").wait_for(timeout=LONG)
    expect(panel.get_by_role("heading", name="Browse <b>mine")).to_be_visible()
    thumb(panel, 3).click()
    panel.get_by_role("heading", name="Sample 3").wait_for()
    ground = panel.evaluate("e => getComputedStyle(e).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)")
    assert all(c < 60 for c in ground)
    page.theme("Light")
    ground = panel.evaluate("e => getComputedStyle(e).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)")
    assert all(c > 200 for c in ground)
    box = panel.bounding_box()
    assert box["width"] <= 962
    assert box["height"] < 760
    page.page.set_viewport_size({"width": 700, "height": 1000})
    page.page.locator(".gb-browsing.gb-narrow").wait_for()
    assert panel.evaluate("e => e.scrollWidth <= e.clientWidth")
    assert panel.locator("footer").evaluate("e => e.scrollWidth <= e.clientWidth")
