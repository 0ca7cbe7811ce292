"""The networks that come with ganbook, on photographs that they did not learn from."""

import io

import numpy as np
from PIL import Image
from skimage import data as photographs

import ganbook as gb
from ganbook.data.resampling import shrink
from ganbook.enhancement.methods import network


def psnr(a, b):
    return 10 * np.log10(255**2 / np.mean((a.astype(float) - b) ** 2))


def small(image, scale):
    return np.clip(np.rint(shrink(image, scale)), 0, 255).astype(np.uint8)


def test_it_is_the_default_and_beats_lanczos_which_beats_bicubic():
    for large in (photographs.chelsea()[60:220, 100:300], photographs.coffee()[100:260, 150:350]):
        for scale in (2, 3, 4):
            large = large[: len(large) // scale * scale, : large.shape[1] // scale * scale]
            image = small(large, scale)
            default = gb.enhance(image, scale)
            lanczos, bicubic = (psnr(gb.enhance(image, scale, method=m).image, large) for m in ("lanczos", "bicubic"))
            assert default.method == "network"
            assert psnr(default.image, large) > lanczos + 0.1 > bicubic + 0.1


def test_noise_and_traces_of_compression_are_removed():
    rng, clean = np.random.default_rng(0), photographs.chelsea()[60:220, 100:300]
    for image in (clean, clean[..., 1:2]):
        for sigma in (10, 25, 50):
            noisy = np.clip(np.rint(image + rng.normal(0, sigma, image.shape)), 0, 255).astype(np.uint8)
            plain = psnr(gb.enhance(noisy, denoise=sigma, method="non-local-means").image, image)
            assert psnr(gb.enhance(noisy, denoise=sigma).image, image) > plain + 0.5
            assert psnr(gb.enhance(noisy, denoise="auto").image, image) > plain
    stream = io.BytesIO()
    Image.fromarray(clean).save(stream, "jpeg", quality=15)
    compressed = np.asarray(Image.open(stream))
    assert psnr(gb.enhance(compressed, jpeg=True).image, clean) > psnr(compressed, clean) + 0.3


def test_a_crisp_image_has_more_texture_and_is_less_right():
    large = photographs.chelsea()[60:220, 100:300]
    faithful, crisp = (gb.enhance(small(large, 2), 2, crispness=value).image for value in (0.0, 1.0))
    assert psnr(faithful, large) > psnr(crisp, large)
    detail = [np.abs(np.diff(image.astype(float), axis=1)).mean() for image in (faithful, crisp)]
    assert detail[1] > detail[0]


def test_brightness_and_colours_stay():
    image = photographs.chelsea()[:150, :200]
    for pixels in (image, image.astype(np.uint16) * 257):
        unit = np.iinfo(pixels.dtype).max / 255
        shift = np.abs(gb.enhance(pixels, 2).image.mean((0, 1)) - pixels.mean((0, 1))) / unit
        assert shift.max() < 0.3
    for level in (0, 128, 255):
        flat = gb.enhance(np.full((40, 40, 3), level, np.uint8), 2).image
        assert np.abs(flat[16:-16, 16:-16].astype(int) - level).max() <= 1


def test_its_weights_are_small_plain_arrays_with_their_licences_beside_them():
    files = list(network.WEIGHTS.glob("*.npz"))
    assert files
    assert sum(file.stat().st_size for file in files) < 3e6
    for file in files:
        with np.load(file, allow_pickle=False) as arrays:
            assert {arrays[name].dtype.kind for name in arrays.files} == {"f", "i"}
    assert "CC BY 4.0" in (network.WEIGHTS / "LICENSES.md").read_text(encoding="utf-8")
