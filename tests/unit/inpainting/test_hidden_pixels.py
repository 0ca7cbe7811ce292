"""What lies under a hole has no influence on any method, whatever the shape of image and hole."""

import numpy as np
import pytest

import ganbook as gb
from ganbook.data import masks

WITHOUT_RUN = ("flat", "telea", "navier-stokes", "biharmonic", "patch", "pyramid")


def holes_of(height, width):
    """Thin, wide, scattered and at the border."""
    shapes = {}
    for name in ("column", "frame", "pixel", "checkers", "corner", "all but one"):
        shapes[name] = np.zeros((height, width), bool)
    shapes["column"][:, width // 2] = True
    shapes["frame"][[0, -1]] = shapes["frame"][:, [0, -1]] = True
    shapes["pixel"][height // 2, width // 3] = True
    shapes["checkers"][::2, ::2] = True
    shapes["corner"][: height // 2, : width // 2] = True
    shapes["all but one"][:] = True
    shapes["all but one"][height // 2, width // 2] = False
    return shapes


def variants(image, hole):
    """Return the same image with other things under the hole."""
    rng = np.random.default_rng(1)
    for level in (0, 255, None):
        other = image.copy()
        other[hole] = rng.integers(0, 256, other[hole].shape) if level is None else level
        yield other


@pytest.mark.parametrize("method", WITHOUT_RUN)
@pytest.mark.parametrize("shape", [(4, 4, 1), (5, 31, 3), (48, 20, 1), (53, 67, 3)])
def test_a_method_without_a_run_sees_known_pixels_alone(method, shape):
    image = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    for name, hole in holes_of(*shape[:2]).items():
        results = [gb.inpaint(other, hole, method).candidates for other in variants(image, hole)]
        assert all(np.array_equal(results[0], other) for other in results[1:]), name
        assert np.array_equal(results[0][0][~hole], image[~hole])


@pytest.mark.parametrize("method", WITHOUT_RUN)
def test_in_a_large_image_of_any_depth_as_well(method):
    image = np.random.default_rng(0).integers(0, 65536, (40, 150, 4), np.uint16)
    image[..., 3] = 65535
    hole = np.zeros((40, 150), bool)
    hole[:, 74] = hole[5:12, 20:30] = True
    results = [gb.inpaint(other, hole, method).candidates for other in variants(image, hole)]
    assert all(np.array_equal(results[0], other) for other in results[1:])


@pytest.mark.parametrize("method", ["latent", "context", "deep-prior"])
def test_a_network_sees_known_pixels_alone(method, drawing, completing):
    run = {"latent": drawing, "context": completing}.get(method)
    iterations = {} if method == "context" else {"iterations": 2}
    image = np.asarray(drawing.data.test_images[0])
    hole = masks.draw("thick", (12, 12), seed=3)[0]
    results = [gb.inpaint(o, hole, method, run=run, **iterations).candidates for o in variants(image, hole)]
    assert all(np.array_equal(results[0], other) for other in results[1:])


def test_grey_surroundings_are_continued_into_a_corner():
    image = np.full((64, 64, 3), 128, np.uint8)
    hole = holes_of(64, 64)["corner"]
    image[hole] = (255, 0, 255)
    for method in WITHOUT_RUN:
        assert np.abs(gb.inpaint(image, hole, method).image.astype(int) - 128).max() <= 1, method


def test_a_result_is_its_image_to_numpy_and_pillow():
    from PIL import Image

    image = np.random.default_rng(0).integers(0, 256, (9, 7, 3), np.uint8)
    result = gb.inpaint(image, "center")
    assert np.array_equal(np.asarray(result), result.image)
    assert np.asarray(result, float).dtype == float
    assert np.asarray(Image.fromarray(np.asarray(result))).shape == (9, 7, 3)
    batch = gb.inpaint(np.stack([image, image]), "center")
    assert np.asarray(batch).shape == (2, 9, 7, 3)
    copy = np.array(result)
    copy[:] = 0
    assert result.image.any()


def test_samples_and_data_are_their_images_to_numpy():
    from ganbook.browsing.samples import Sample, joined

    image = np.random.default_rng(0).integers(0, 256, (4, 4, 1), np.uint8)
    sample = Sample(np.zeros(2, np.float32), None, image, None, "0", 1, "ema")
    assert np.array_equal(np.asarray(sample), image)
    assert np.array_equal(np.asarray(joined([sample, sample])), np.stack([image, image]))
    data = gb.data.load(np.stack([image, image]))
    assert np.array_equal(np.asarray(data, np.float32), data.images)
