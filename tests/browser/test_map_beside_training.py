"""A slow map in the browsing panel while another run trains."""

CELLS = [
    "%load_ext ganbook\nimport ganbook as gb\n"
    "few = gb.train('digits', name='few', network='mlp', hidden='16', jit='off', image_size=12, steps=20, wait=True)\n"
    "browser = gb.browse(few)",
    "%gan_train --data fashion --network mlp --hidden 64,64 --jit off --steps 10000000 --name going",
    "browser",
]
LEGEND = "document.querySelector('.gb-map .gb-hint')?.textContent"
MAPPED = "() => /Map of 240 samples/.test(document.querySelector('.gb-map-canvas').ariaLabel)"


def test_t_sne_arrives_while_a_run_trains_on(opened, expect):
    page = opened(CELLS)
    kernel, panel = page.kernel, page.page.locator(".gb-browsing")
    panel.locator(".gb-gallery .gb-thumb[data-number='0']").wait_for()
    kernel.until("going.steps_done > 0", True)
    kernel.until("browser.ready('directions') and browser.reals.ready('pixels')", True)
    panel.get_by_role("button", name="Map", exact=True).click()
    page.wait(MAPPED)

    # what is said is kept: on a quick machine it passes quickly
    page.page.evaluate(
        "() => { window.said = []; const panel = document.querySelector('.gb-browsing');"
        " new MutationObserver(() => window.said.push(panel.innerText))"
        ".observe(panel, { subtree: true, childList: true, characterData: true, attributes: true }); }"
    )
    before = kernel("going.steps_done")
    panel.get_by_label("Projection").select_option("tsne")
    page.wait("() => window.said.some((text) => text.includes('Computing the map'))")
    page.wait(f"() => {LEGEND}.startsWith('● 240 samples')")
    page.wait(MAPPED)
    expect(panel.locator(".gb-working")).to_be_hidden()
    expect(panel.get_by_label("Projection")).to_have_value("tsne")
    expect(panel.locator(".gb-map")).not_to_have_class("gb-map gb-outdated")
    assert kernel("going.steps_done") > before
    assert kernel("going.state") == "training"
    expect(page.panel().locator(".gb-state")).to_have_text("training")

    # the training still obeys
    page.button("Pause").click()
    kernel.until("going.state", "paused")
