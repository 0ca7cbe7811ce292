"""A notebook that imports ganbook and never loads its magics."""

import numpy as np
import pytest

import ganbook as gb

WIDGET = "application/vnd.jupyter.widget-view+json"
OPTIONS = "network='mlp', hidden='32', jit='off', batch_size=16, steps=3, wait=True"


@pytest.fixture(scope="module")
def kernel(new_kernel):
    return new_kernel(first="import ganbook as gb")


def test_importing_loads_no_tensorflow(kernel):
    assert kernel.value("[name for name in __import__('sys').modules if name in ('tensorflow', 'pandas')]") == []


def test_a_run_and_a_browser_show_their_panels(kernel):
    for code in (f"run = gb.train('digits', {OPTIONS})\nrun", "gb.browse(run)"):
        out = kernel(code)
        assert not out.error, out.error
        assert len(out.data(WIDGET)) == 1, code
    out = kernel("%load_ext ganbook\nrun")
    assert len(out.data(WIDGET)) == 1


def test_images_of_any_kind_are_shown_side_by_side(kernel):
    kernel("import numpy as np\nfrom PIL import Image")
    for images in (
        "gb.data.load('digits').images[:30]", "np.zeros((3, 8, 8))", "[Image.new('RGB', (20, 10))] * 4",
        "run.sample(12)", "np.random.rand(50, 2).astype('float32')",
    ):  # fmt: skip
        out = kernel(f"gb.show({images})")
        assert not out.error, out.error
        assert len(out.data("image/png")) == 1, images
    assert "nowhere" in kernel("gb.show('nowhere')").error


def test_elsewhere_it_says_what_to_do():
    with pytest.raises(ValueError, match="show needs a notebook"):
        gb.show(np.zeros((1, 8, 8), np.uint8))
