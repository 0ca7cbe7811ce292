"""The playground in JupyterLab, used by hand; its kernel is asked from outside what came of it."""

from jupyter_server_of_its_own import look
from PIL import Image

WEIGHTS = "[float(abs(w.numpy()).sum()) for w in playground.run.gan.{}.weights]"
SMALL = "--hidden 32,32 --batch-size 64"
LONG = 300_000


def opened_playground(opened, line, **options):
    page = opened(["%load_ext ganbook", f"%gan_playground {line}"], **options)
    at_rest(page)
    return page, page.page.locator(".gb-playground")


def at_rest(page):
    page.wait("() => document.querySelector('.gb-playground')?.dataset.state === 'paused'", timeout=LONG)


def assert_nothing_is_cut_off(panel):
    overflowing = panel.evaluate(
        "el => [...el.querySelectorAll('*')].filter(e => e.checkVisibility() && e.getClientRects().length"
        " && e.getBoundingClientRect().right > el.getBoundingClientRect().right + 1"
        " && !e.closest('.gb-unseen, pre')).map(e => e.outerHTML.slice(0, 80))"
    )
    assert overflowing == []


def stroke(page, panel, y):
    """Draw a line across the plane with the mouse."""
    box = panel.locator("canvas").first.bounding_box()
    places = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x in (0.2, 0.5, 0.8)]
    page.page.mouse.move(*places[0])
    page.page.mouse.down()
    for place in places[1:]:
        page.page.mouse.move(*place, steps=8)
    page.page.mouse.up()


def test_a_drawn_distribution_is_learned_step_by_step_looked_back_on_and_taken_away(opened, expect):
    page, panel = opened_playground(opened, f"ring {SMALL}")
    kernel = page.kernel

    def button(name):
        return panel.get_by_role("button", name=name, exact=True)

    # draw, erase, learn
    button("Draw…").click()
    expect(button("Learn it")).to_be_disabled()
    stroke(page, panel, 0.4)
    stroke(page, panel, 0.6)
    expect(button("Learn it")).to_be_enabled()
    drawn = int(panel.locator(".gb-drawing .gb-when").inner_text().split()[0].replace(",", ""))
    button("Eraser").click()
    stroke(page, panel, 0.6)
    left = int(panel.locator(".gb-drawing .gb-when").inner_text().split()[0].replace(",", ""))
    assert 0 < left < drawn
    button("Learn it").click()
    kernel.until("playground.run.data.name", "drawing")
    at_rest(page)
    assert kernel("len(playground.run.data.points) + len(playground.run.data.test_points)") == left
    # two lines of which one was erased: what is left lies above the middle, where y grows upwards
    assert kernel("float(playground.run.data.points[:, 1].min())") > 0

    # one network at a time
    g, d = kernel(WEIGHTS.format("generator")), kernel(WEIGHTS.format("discriminator"))
    button("Step D").click()
    kernel.until("playground.run.steps_done", 1)
    kernel.until("playground.run.state", "paused")
    assert kernel(WEIGHTS.format("generator")) == g
    assert kernel(WEIGHTS.format("discriminator")) != d
    d = kernel(WEIGHTS.format("discriminator"))
    expect(button("Step G")).to_be_enabled()
    button("Step G").click()
    kernel.until("int(playground.run.gan.g_optimizer.iterations)", 1)
    kernel.until("playground.run.state", "paused")
    assert kernel(WEIGHTS.format("discriminator")) == d
    assert kernel(WEIGHTS.format("generator")) != g

    # run and pause
    button("Run").click()
    kernel.until("playground.run.steps_done > 60", True)
    button("Pause").click()
    kernel.until("playground.run.state", "paused")
    steps = kernel("playground.run.steps_done")
    expect(panel.locator("footer")).to_contain_text(f"{steps:,} steps")
    expect(panel.locator(".gb-time .gb-when")).to_have_text(f"latest · step {steps:,}")

    # look back: the plane shows another step, the run stays where it is
    slider = panel.get_by_role("slider", name="Time")
    slider.focus()
    page.page.keyboard.press("Home")
    expect(panel.locator("canvas").first).to_have_attribute("data-step", "0")
    assert kernel("playground.run.steps_done") == steps
    page.page.keyboard.press("End")
    expect(panel.locator("canvas").first).to_have_attribute("data-step", str(steps))

    with page.page.expect_download() as saved:
        button("GIF").click()
    with Image.open(saved.value.path()) as film:
        assert film.n_frames > 1

    # take away
    panel.get_by_text("Take away").click()
    expect(panel.locator("pre")).to_contain_text("import keras")
    expect(panel.locator("pre")).to_contain_text(f"STEPS, BATCH, LATENT_DIM = 0, {steps}, 64, 2")
    panel.get_by_label("Language").select_option("magic")
    expect(panel.locator("pre")).to_contain_text("%gan_train --data points")

    # another loss begins anew, on the same points
    recipe = panel.get_by_role("group", name="Recipe", exact=True)
    recipe.locator("[data-option=loss]").select_option("hinge")
    kernel.until("playground.run.config.loss", "hinge")
    at_rest(page)
    assert kernel("(playground.run.steps_done, playground.run.data.name)") == (0, "drawing")
    assert kernel("playground.run.config.hidden") == "32,32"


def test_slow_motion_updates_each_network_in_turn_with_captions(opened, expect):
    page, panel = opened_playground(opened, f"two-gaussians {SMALL}", width=1400)
    assert_nothing_is_cut_off(panel)
    panel.get_by_role("button", name="Slow motion", exact=True).click()
    caption = panel.locator(".gb-caption").first
    expect(caption).to_contain_text("1 ·")
    networks = panel.get_by_role("img", name="The two networks")
    expect(networks).to_contain_text("2·32·32·1")
    expect(networks).to_contain_text("1,185 weights")  # 2·32 + 32 + 32·32 + 32 + 32 + 1
    look(panel, "slow-motion")
    panel.get_by_label("Seconds a part").select_option("0.4")
    page.kernel.until("playground.run.steps_done", 1)
    page.kernel.until("int(playground.run.gan.g_optimizer.iterations)", 1)
    panel.get_by_role("button", name="Stop", exact=True).click()
    expect(caption).to_be_hidden()
    expect(networks).to_be_hidden()
    # at most the update that was under way follows, where six parts with two updates would take 2.4 seconds
    stopped = page.kernel("playground.run.steps_done")
    page.page.wait_for_timeout(3000)
    assert page.kernel("playground.run.steps_done") <= stopped + 1


def test_a_second_recipe_trains_in_step_under_the_same_controls(opened, expect):
    page, panel = opened_playground(opened, f"ring {SMALL} --loss non-saturating --r1 0")
    kernel = page.kernel

    def button(name):
        return panel.get_by_role("button", name=name, exact=True)

    button("Compare").click()
    expect(panel.locator("canvas").nth(1)).to_be_visible()
    right = panel.get_by_role("group", name="Right recipe")
    expect(right.locator("[data-option=penalty]")).to_have_value("r1")
    assert kernel("(playground.run.config.r1, playground.second.run.config.r1)") == (0.0, 0.1)
    right.locator("[data-option=loss]").select_option("hinge")
    kernel.until("playground.second.run.config.loss", "hinge")
    expect(button("Step both")).to_be_enabled()
    button("Step both").click()
    steps = "(playground.run.steps_done, playground.second.run.steps_done)"
    kernel.until(steps, (1, 1))
    for plane in (0, 1):
        expect(panel.locator("canvas").nth(plane)).to_have_attribute("data-step", "1")
    expect(button("Run")).to_be_enabled()
    button("Run").click()
    kernel.until("playground.second.run.steps_done > 60", True)
    button("Pause").click()
    kernel.until("playground.state", "paused")
    first, second = kernel(steps)
    assert first == second
    for plane in (0, 1):
        expect(panel.locator("canvas").nth(plane)).to_have_attribute("data-step", str(first))
    # what belongs to both, and one recipe again
    panel.get_by_role("group", name="Both recipes").locator("[data-option=batch_size]").select_option("16")
    kernel.until("[each.run.config.batch_size for each in playground.both]", [16, 16])
    expect(button("One recipe")).to_be_enabled()
    button("One recipe").click()
    kernel.until("playground.second is None", True)
    expect(panel.locator("canvas").nth(1)).to_be_hidden()
    assert kernel("playground.run.config.loss") == "non-saturating"


def test_a_lesson_brings_its_options_and_says_what_to_watch(opened, expect):
    page, panel = opened_playground(opened, f"moons {SMALL}", width=1000, dark=True)
    assert_nothing_is_cut_off(panel)
    panel.get_by_label("Lesson").select_option("vanishing")
    page.kernel.until("playground.run.config.loss", "minimax")
    expect(panel.get_by_text("G stands still")).to_be_visible()
    expect(panel.get_by_label("gradients")).to_be_checked()
    assert page.kernel("playground.run.config.d_learning_rate") == 2e-3

    # enlarged by keyboard and wheel, and whole again
    plane, whole = panel.locator("canvas").first, panel.get_by_role("button", name="Whole plane").first
    plane.focus()
    page.page.keyboard.press("+")
    expect(whole).to_be_visible()
    page.page.keyboard.press("ArrowLeft")
    page.page.keyboard.press("0")
    expect(whole).to_be_hidden()
    box = plane.bounding_box()
    page.page.mouse.move(box["x"] + 50, box["y"] + 50)
    page.page.mouse.wheel(0, -500)
    expect(whole).to_be_visible()
    whole.click()
    expect(whole).to_be_hidden()

    # the GAN of two parameters, in the place of the plane
    panel.get_by_label("Lesson").select_option("dirac")
    expect(panel.get_by_text("The smallest GAN")).to_be_visible()
    drawn = "() => document.querySelector('.gb-playground canvas').dataset.dirac"
    page.wait(f"{drawn} === 'minimax, R1 0'")
    figures = panel.locator(".gb-figures").first
    expect(figures).to_be_hidden()  # they are those of the run
    panel.get_by_role("group", name="Dirac-GAN").get_by_label("R1").select_option("0.3")
    page.wait(f"{drawn} === 'minimax, R1 0.3'")
    panel.get_by_role("button", name="Back to the plane").click()
    expect(panel.get_by_role("group", name="Dirac-GAN")).to_be_hidden()
    expect(figures).to_be_visible()
    assert page.kernel("playground.run.config.loss") == "minimax"
