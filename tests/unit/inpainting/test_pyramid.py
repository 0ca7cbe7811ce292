"""The network that comes with ganbook fills holes of photographs, whatever their size."""

import numpy as np
import pytest
from skimage import data

import ganbook as gb
from ganbook.data import masks
from ganbook.inpainting.methods import pyramid


@pytest.fixture(scope="module")
def cat():
    """A photograph that the network has not seen, 150×225."""
    return np.ascontiguousarray(data.chelsea()[::2, ::2])


@pytest.fixture(scope="module")
def hole(cat):
    return masks.draw("thick", cat.shape[:2], seed=3)[0]


def psnr(filled, truth, hole):
    return -10 * np.log10(np.square((np.asarray(filled).astype(float) - truth)[hole] / 255).mean())


def test_it_is_nearer_to_the_truth_than_the_classical_methods(cat, hole):
    for gap in (hole, masks.draw("center", cat.shape[:2])[0]):
        learnt = psnr(gb.inpaint(cat, gap), cat, gap)
        for method in ("telea", "navier-stokes", "biharmonic"):
            assert learnt > psnr(gb.inpaint(cat, gap, method=method), cat, gap), method


def test_tiles_of_any_size_give_the_same(cat, hole, monkeypatch):
    whole = np.asarray(gb.inpaint(cat, hole, method="pyramid"))
    monkeypatch.setattr(pyramid, "TILE", 32)
    assert np.abs(whole.astype(int) - np.asarray(gb.inpaint(cat, hole, method="pyramid"))).max() <= 1


def test_far_surroundings_do_not_count(cat):
    near = np.zeros(cat.shape[:2], bool)
    near[40:50, 30:44] = True
    changed = cat.copy()
    changed[:, 130:] = 0
    filled, again = (np.asarray(gb.inpaint(image, near, method="pyramid")) for image in (cat, changed))
    assert np.array_equal(filled[near], again[near])


def test_a_cell_is_the_mean_of_what_is_known_of_it():
    images = np.arange(16, dtype=np.float32).reshape(1, 4, 4, 1).repeat(3, 3)
    known = np.ones((1, 4, 4, 1), np.float32)
    known[0, 0, 0] = known[0, 2:, 2:] = 0
    (_, _), (means, seen), (highest, _) = pyramid.pyramid(images, known, 2)
    assert np.allclose(means[0, ..., 0], [[(1 + 4 + 5) / 3, (2 + 3 + 6 + 7) / 4], [(8 + 9 + 12 + 13) / 4, 0]])
    assert seen[0, ..., 0].tolist() == [[1, 1], [1, 0]]
    assert np.allclose(highest[0, 0, 0], (10 / 3 + 18 / 4 + 42 / 4) / 3)
    assert np.allclose(pyramid.top(means, seen)[0, 1, 1], (10 / 3 + 18 / 4 + 42 / 4) / 3)


def test_stopped_it_has_filled_the_hole_all_the_same(cat, hole):
    shares = []
    result = gb.inpaint(cat, hole, method="pyramid", progress=shares.append, stop=lambda: len(shares) > 3)
    assert result.stopped
    assert psnr(result, cat, hole) > psnr(gb.inpaint(cat, hole, method="flat"), cat, hole)


def test_grey_stays_grey_and_the_smallest_images_are_filled(cat):
    grey = cat[..., 0]
    assert gb.inpaint(grey, "center", method="pyramid").image.shape == (*grey.shape, 1)
    for shape in ((4, 4), (5, 9), (64, 7)):
        assert gb.inpaint(cat[: shape[0], : shape[1]], "center", method="pyramid").image.shape == (*shape, 3)


def test_progress_goes_from_none_to_all(cat, hole):
    shares = []
    gb.inpaint(np.stack([cat, cat]), hole, method="pyramid", progress=shares.append)
    assert shares[0] == 0
    assert shares[-1] == 1
    assert np.all(np.diff(shares) >= 0)
