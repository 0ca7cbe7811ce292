"""Images are enlarged and restored in any size, depth and kind, and in tiles as in one piece."""

import itertools
import sys

import numpy as np
import pytest
from skimage import data as photographs

import ganbook as gb
from ganbook.data import resampling
from ganbook.enhancement.methods import network
from ganbook.enhancement.noise_level import noise_level
from ganbook.enhancement.part import enhance_part
from ganbook.enhancement.tiles import tiled
from ganbook.enhancement.transparency import spread
from ganbook.utils.progress import Watch

METHODS = ("nearest", "bicubic", "lanczos", "network")
RNG = np.random.default_rng(0)


def photograph(height=60, width=90, top=100, left=150):
    return photographs.chelsea()[top : top + height, left : left + width]


def psnr(a, b):
    return 10 * np.log10(255**2 / np.mean((a.astype(float) - b) ** 2))


def random_restorer(channels=1, scale=2, width=8, depth=3, level=False):
    fold = 2 if scale == 1 else 1
    sizes = [fold**2 * channels + level, *[width] * (depth + 1), (scale * fold) ** 2 * channels]
    kernels = [
        RNG.normal(0, np.sqrt(2 / (9 * a)), (3, 3, a, b)).astype(np.float32) for a, b in itertools.pairwise(sizes)
    ]
    return network.Restorer(tuple(kernels), tuple(RNG.normal(0, 0.1, k.shape[3]) for k in kernels), scale, fold)


def slight(net):
    """The same network, whose residual is small."""
    kernels, biases = (*net.kernels[:-1], 0.02 * net.kernels[-1]), (*net.biases[:-1], 0 * net.biases[-1])
    return network.Restorer(kernels, biases, net.scale, net.fold)


@pytest.fixture(scope="module", autouse=True)
def weights(tmp_path_factory):
    """Networks whose residual is small; what is promised here is promised of any network."""
    folder = tmp_path_factory.mktemp("weights")
    network.save(folder / "x2.npz", slight(random_restorer()))
    network.save(folder / "x2-crisp.npz", slight(random_restorer()))
    network.save(folder / "denoise.npz", slight(random_restorer(scale=1, level=True)))
    network.save(folder / "jpeg.npz", slight(random_restorer(scale=1)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(network, "WEIGHTS", folder)
        yield


def test_interpolation_is_that_of_pillow_away_from_borders():
    from PIL import Image

    grey = photograph()[..., :1].astype(np.float32)
    for method, filter_ in (("bicubic", Image.Resampling.BICUBIC), ("lanczos", Image.Resampling.LANCZOS)):
        for scale in (2, 3, 4):
            inner, inner_small = np.s_[4 * scale : -4 * scale], np.s_[4:-4]
            whole = Image.fromarray(grey[..., 0])
            large = np.asarray(whole.resize((90 * scale, 60 * scale), filter_))
            assert np.abs(resampling.enlarge(grey, scale, method)[..., 0] - large)[inner, inner].max() < 0.01
            cut = grey[: 60 // scale * scale, : 88 // scale * scale]
            small = np.asarray(Image.fromarray(cut[..., 0]).resize((88 // scale, 60 // scale), filter_))
            ours = resampling.shrink(cut, scale, method)[..., 0]
            assert np.abs(ours - small)[inner_small, inner_small].max() < 0.01


def test_the_network_in_tiles_is_the_network_on_the_whole_to_the_last_bit():
    image, worst = photographs.astronaut(), 0
    for channels, scale in ((1, 2), (3, 4), (1, 1)):
        net = random_restorer(channels, scale, width=24, level=scale == 1)
        work = network.enlarger(net) if scale > 1 else network.remover(slight(net), 21.3)
        sizes = {"scale": scale, "reach": net.reach, "grid": net.fold, "watch": Watch()}
        for _ in range(6):
            height, width = RNG.integers(1, 120, 2)
            part = image[40 : 40 + height, 60 : 60 + width]
            whole = work(part)
            cut = tiled(work, part, otherwise=work, side=int(RNG.integers(16, 64)), **sizes)
            worst = max(worst, int(np.abs(whole.astype(int) - cut).max()))
    assert worst == 0


@pytest.mark.parametrize("method", [*METHODS, "non-local-means"])
def test_tiles_make_no_difference(method):
    scale = 1 if method == "non-local-means" else 2
    rgba = np.concatenate([photograph(70, 100), np.full((70, 100, 1), 255, np.uint8)], 2)
    rgba[20:50, 30:60, 3] = 0
    for image in (rgba[..., :3], rgba, rgba[..., 0].astype(np.uint16) * 257):
        denoise = 12 if scale == 1 else None
        whole, cut = (gb.enhance(image, scale, denoise, method=method, tile=tile) for tile in (4096, 17))
        assert np.array_equal(whole, cut)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (50, 1, 1), (2, 3, 3), (7, 5, 4), (2, 6, 9, 3)])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_any_shape_and_depth_is_enlarged(method, shape, dtype):
    image = RNG.integers(0, np.iinfo(dtype).max, shape).astype(dtype)
    result = gb.enhance(image, 2, method=method)
    height, width = shape[1:3] if len(shape) == 4 else shape[:2]
    channels = shape[-1] if len(shape) > 2 else 1
    assert result.image.shape == (*shape[:-3], 2 * height, 2 * width, channels)
    assert result.image.dtype == dtype


@pytest.mark.parametrize("method", METHODS[:3])
def test_flat_images_stay_flat_and_the_mean_colour_stays(method):
    for level in (0, 1, 128, 254, 255):
        assert (gb.enhance(np.full((20, 20, 3), level, np.uint8), 2, method=method).image == level).all()
    image = photograph(100, 120)
    shift = np.abs(gb.enhance(image, 2, method=method).image.mean((0, 1)) - image.mean((0, 1)))
    assert shift.max() < 0.1


def test_a_network_is_used_where_there_is_one_and_twice_for_four_times():
    image = photograph(12, 16)
    assert gb.enhance(image).method == "network"
    assert len(gb.enhance(image, 4).steps) == 2
    assert np.array_equal(gb.enhance(image, 4), gb.enhance(gb.enhance(image, 2).image, 2))
    assert gb.enhance(image, 3).method == "lanczos"
    with pytest.raises(ValueError, match="no network enlarges 3 times"):
        gb.enhance(image, 3, method="network")


def test_lanczos_beats_bicubic_beats_nearest():
    large = photograph(120, 160)
    small = np.clip(np.rint(resampling.shrink(large, 2)), 0, 255).astype(np.uint8)
    scores = [psnr(gb.enhance(small, method=method).image, large) for method in ("lanczos", "bicubic", "nearest")]
    assert scores[0] > scores[1] + 0.2 > scores[2] + 0.7


def test_what_transparent_pixels_hide_has_no_influence_on_visible_ones():
    yy, xx = np.mgrid[:48, :48]
    disc = (yy - 24) ** 2 + (xx - 24) ** 2 < 15**2
    for dtype in (np.uint8, np.uint16):
        most = np.iinfo(dtype).max
        image = np.zeros((48, 48, 4), dtype)
        image[disc] = (most, most // 2, 10, most)
        for method in METHODS:
            results = []
            for hidden in (0, most):
                image[~disc, :3] = hidden
                results.append(gb.enhance(image, 2, method=method).image)
            visible = results[0][..., 3] > 0
            assert visible.any()
            assert not visible.all()
            assert np.array_equal(results[0][visible], results[1][visible])
            # No halo: every visible pixel has the disc's colour.
            away = np.abs(results[0][visible][:, :3].astype(float) - (most, most // 2, 10)).max()
            assert away <= (most / 100 if method != "network" else most / 8)  # a random network is no smooth one


def test_colour_is_spread_under_transparent_pixels_only():
    colours, alpha = photograph(), np.full((60, 90, 1), 255, np.uint8)
    assert spread(colours, alpha, 3) is colours
    alpha[10:20, 10:20] = 0
    filled = spread(colours, alpha, 3)
    hidden = alpha[..., 0] == 0
    assert np.array_equal(filled[~hidden], colours[~hidden])
    assert np.array_equal(filled[14, 14], colours[14, 14])  # too far away from what is visible
    around = colours[7:14, 7:14][~hidden[7:14, 7:14]].astype(float).mean(0)
    assert np.abs(filled[10, 10] - around).max() <= 0.5


def test_protected_pixels_stay_as_they_are():
    image = photograph()
    mask = np.zeros(image.shape[:2], bool)
    mask[10:30, 20:70] = True
    cleaned = gb.enhance(image, denoise=20, protect=mask, tile=16).image
    assert np.array_equal(cleaned[mask], image[mask])
    assert not np.array_equal(cleaned[~mask], image[~mask])
    large, plain, network_ = (
        gb.enhance(image, 2, method=method, protect=protect, tile=16).image
        for method, protect in (("network", mask), ("bicubic", None), ("network", None))
    )
    mask = mask.repeat(2, 0).repeat(2, 1)
    assert np.array_equal(large[mask], plain[mask])
    assert np.array_equal(large[~mask], network_[~mask])


def test_noise_is_estimated_and_removed():
    clean = photographs.camera()[100:260, 100:260, None].astype(float)
    for dtype in (np.uint8, np.uint16):
        unit = np.iinfo(dtype).max / 255
        for sigma in (10, 25):
            noisy = np.clip(np.rint(unit * (clean + RNG.normal(0, sigma, clean.shape))), 0, 255 * unit).astype(dtype)
            assert noise_level(noisy) == pytest.approx(sigma, rel=0.15)
            assert noise_level(noisy / unit) == pytest.approx(noise_level(noisy), rel=1e-4)
            result = gb.enhance(noisy, method="non-local-means")
            assert "estimated" in result.steps[0]
            assert psnr(result.image / unit, clean) > psnr(noisy / unit, clean) + 2


def test_noise_that_is_not_there_is_not_removed_without_a_word():
    clean = photographs.chelsea()[:96, :96]
    noisy = np.clip(clean + RNG.normal(0, 25, clean.shape), 0, 255).astype(np.uint8)
    assert gb.enhance(noisy, denoise=25).steps == ("noise of σ 25 removed",)
    (step,) = gb.enhance(clean, denoise=25).steps
    assert step.startswith("noise of σ 25 removed, of which σ ")
    assert step.endswith(" was found: colours and detail suffer")


def test_noise_is_estimated_where_an_image_is_smoothest():
    camera, rng = photographs.camera()[..., None].astype(float), np.random.default_rng(0)
    noisy = np.clip(np.rint(camera + rng.normal(0, 15, camera.shape)), 0, 255).astype(np.uint8)
    assert noise_level(noisy) == pytest.approx(15, rel=0.07)
    for level in (0, 40, 255):  # a frame without noise
        framed = noisy.copy()
        framed[:90] = framed[-90:] = level
        assert noise_level(framed) == pytest.approx(15, rel=0.12)
    assert noise_level(photographs.coffee()) < 3
    assert noise_level(np.full((200, 200, 1), 128, np.uint8)) == 0


def test_a_stopped_call_returns_a_whole_image():
    image, calls = photograph(), []
    result = gb.enhance(image, 2, method="network", tile=16, stop=lambda: len(calls) > 5, progress=calls.append)
    plain = gb.enhance(image, 2, method="bicubic").image
    assert result.stopped
    assert np.array_equal(result.image[-20:], plain[-20:])
    assert not np.array_equal(result.image, plain)


@pytest.mark.parametrize(
    "options",
    [
        {"scale": 4, "jpeg": True, "denoise": "auto"}, {"scale": 2, "crispness": 0.3}, {"denoise": 8},
        {"scale": 3, "method": "lanczos"}, {"method": "non-local-means"},
    ],
)  # fmt: skip
def test_a_part_is_what_it_will_be_in_the_whole(options):
    rgba = np.concatenate([photograph(91, 117), RNG.integers(0, 2, (91, 117, 1), np.uint8) * 255], 2)
    mask = np.zeros((91, 117), bool)
    mask[30:50, 40:60] = True
    for image in (rgba[..., :3], rgba, rgba[..., :1].astype(np.uint16) * 257):
        whole = gb.enhance(image, protect=mask, **options)
        for top, left, height, width in ((0, 0, 20, 31), (27, 35, 40, 41), (80, 90, 11, 27)):
            part = enhance_part(image, (top, left, height, width), mask=mask, **options)
            rows, columns = (
                slice(start * whole.scale, (start + length) * whole.scale)
                for start, length in ((top, height), (left, width))
            )
            assert np.array_equal(part, whole.image[rows, columns])


def test_crispness_goes_from_the_faithful_to_the_crisp_network():
    image = photograph().astype(np.uint16) * 257
    faithful, between, crisp = (gb.enhance(image, 2, crispness=value).image.astype(int) for value in (0, 0.5, 1))
    assert np.abs(crisp - faithful).max() > 0
    assert np.abs(between - faithful).mean() < np.abs(crisp - faithful).mean()
    named = network.shipped("x2-crisp")
    assert all(
        np.allclose(a, b) for a, b in zip(network.enlarging(2, 1.0)[0].kernels, named.kernels, strict=True)
    )  # fmt: skip


def test_progress_goes_up_to_one():
    calls = []
    gb.enhance(photograph(), 2, method="lanczos", denoise=5, jpeg=True, tile=16, progress=calls.append)
    assert calls == sorted(calls)
    assert calls[-1] == 1.0


def test_a_result_is_an_array_and_shows_itself_without_a_kernel():
    result = gb.enhance(photograph(), 2, method="lanczos")
    assert np.array_equal(np.asarray(result), result.image)
    html = result._repr_html_()
    assert html.count("data:image/png;base64,") == 2
    assert 'aria-label="before and after"' in html
    assert "http" not in html


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"scale": 0}, "greater than or equal to 1"),
        ({"scale": 1.5}, "valid integer"),
        ({"scale": 9}, "less than or equal to 4"),
        ({"scale": 1}, "nothing to do"),
        ({"scale": 1, "method": "bicubic"}, "enlarges: give --scale 2"),
        ({"scale": 2, "method": "non-local-means"}, "only removes noise"),
        ({"denoise": -1}, "above 0"),
        ({"denoise": True}, "or auto"),
        ({"denoise": "much"}, "or auto"),
        ({"denoise": float("nan")}, "or auto"),
        ({"method": "edsr"}, "allowed are"),
        ({"crispness": 2}, "less than or equal to 1"),
        ({"crispness": 0.5, "method": "lanczos"}, "goes with --method network and --scale 2 or 4"),
        ({"crispness": 0.5, "denoise": 5}, "goes with --method network and --scale 2 or 4"),
        ({"scale": 1, "method": "network"}, "nothing to do"),
        ({"tile": 3}, "greater than or equal to 16"),
        ({"protect": np.zeros((3, 3), bool), "method": "bicubic"}, "the mask is 3×3"),
        ({"protect": 3, "method": "bicubic"}, "give bool"),
    ],
)
def test_bad_options_are_one_line(options, said):
    with pytest.raises(ValueError, match=said) as error:
        gb.enhance(photograph(), **options)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("image", "said"),
    [
        (np.zeros((4, 4, 2), np.uint8), "shape"),
        (np.zeros((4, 4)), "float64"),
        (np.full((4, 4), np.nan), "float64"),
        (np.zeros((0, 3), np.uint8), "shape"),
        ([[1, 2], [3]], "no array"),
        ("nowhere.png", "there is no image"),
        (np.zeros((16000, 16001), np.uint8), "megapixels"),
    ],
)
def test_bad_images_are_one_line(image, said):
    with pytest.raises((ValueError, FileNotFoundError), match=said) as error:
        gb.enhance(image, 2, method="bicubic")
    assert "\n" not in str(error.value)


def test_more_than_the_memory_is_refused_before_the_work(monkeypatch):
    module = sys.modules["ganbook.enhancement.enhance"]
    monkeypatch.setattr(module, "available", lambda: 4e6)
    image = np.zeros((1000, 1000), np.uint8)
    with pytest.raises(ValueError, match=r"take 0.0 GB, and 0.0 GB of memory are free: give a smaller scale"):
        gb.enhance(image, 2, method="bicubic", progress=lambda fraction: pytest.fail("it has begun"))
    assert gb.enhance(image[:100, :100], 2, method="bicubic").image.shape == (200, 200, 1)
