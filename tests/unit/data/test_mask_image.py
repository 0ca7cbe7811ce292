"""Masks as people make them: each is read as the same hole by the terminal, the panel and Python, or refused."""

import io
import warnings

import numpy as np
import pytest
from PIL import Image

import ganbook as gb
from ganbook.data.mask_image import hole_of
from ganbook.notebook.panels.image_source import mask_from_image, read

RNG = np.random.default_rng(0)
PHOTO = RNG.integers(20, 230, (48, 64, 3), np.uint8)
HOLE = np.zeros((48, 64), bool)
HOLE[10:24, 16:40] = True
INK = np.where(HOLE, 255, 0).astype(np.uint8)
ZERO, FULL = np.zeros_like(INK), np.full_like(INK, 255)


def rgb(red, green, blue):
    return np.dstack([red, green, blue]).astype(np.uint8)


def rgba(colours, opacity):
    return np.dstack([colours, opacity]).astype(np.uint8)


def painted(colour):
    return np.where(HOLE[..., None], np.array(colour, np.uint8), PHOTO)


def jpeg(image, quality=80):
    out = io.BytesIO()
    Image.fromarray(image).save(out, "jpeg", quality=quality)
    return np.asarray(Image.open(out))


def palette(index, colours):
    image = Image.fromarray(index.astype(np.uint8), "L").convert("P")
    image.putdata(index.reshape(-1).tolist())
    image.putpalette([level for colour in colours for level in colour])
    return image


VOC = np.where(HOLE, 8, 0)
VOC[30:40, 50:60] = 15
EXACT = {
    "white on black": INK,
    "0 and 1": HOLE.astype(np.uint8),
    "0 and 100": np.where(HOLE, 100, 0).astype(np.uint8),
    "class 8": np.where(HOLE, 8, 0).astype(np.uint8),
    "one bit": HOLE,
    "sixteen bits": np.where(HOLE, 65535, 0).astype(np.uint16),
    "sixteen bits, number 300": np.where(HOLE, 300, 0).astype(np.uint16),
    "dark blue on black": rgb(ZERO, ZERO, np.where(HOLE, 100, 0)),
    "red on white": rgb(FULL, 255 - INK, 255 - INK),
    "green on black": rgb(ZERO, INK, ZERO),
    "red on grey": rgb(np.where(HOLE, 255, 128), np.where(HOLE, 0, 128), np.where(HOLE, 0, 128)),
    "white on transparent": rgba(rgb(INK, INK, INK), INK),
    "white on transparent white": rgba(rgb(FULL, FULL, FULL), INK),
    "red on transparent": rgba(rgb(INK, ZERO, ZERO), INK),
    "black with a transparent hole": rgba(rgb(ZERO, ZERO, ZERO), 255 - INK),
    "white on opaque black": rgba(rgb(INK, INK, INK), FULL),
    "photo with an erased hole": rgba(PHOTO, 255 - INK),
    "photo with red paint": painted((255, 0, 0)),
    "photo with white paint": painted((255, 255, 255)),
    "photo with black paint": painted((0, 0, 0)),
    "palette, two colours": palette(HOLE.astype(int), [(0, 0, 0), (64, 0, 0)]),
    "palette, red on white": palette(HOLE.astype(int), [(255, 255, 255), (220, 20, 20)]),
}


@pytest.mark.parametrize("name", EXACT)
def test_every_reader_sees_the_same_hole(name, tmp_path):
    mask = EXACT[name] if isinstance(EXACT[name], Image.Image) else Image.fromarray(EXACT[name])
    mask.save(tmp_path / "mask.png")
    Image.fromarray(PHOTO).save(tmp_path / "photo.png")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        by_path = gb.inpaint(tmp_path / "photo.png", tmp_path / "mask.png", "flat").mask
        by_panel, remark = mask_from_image(read(tmp_path / "mask.png", "m"), read(tmp_path / "photo.png", "p"))
    assert np.array_equal(by_path, HOLE)
    assert np.array_equal(by_panel, HOLE)
    assert remark == ""


@pytest.mark.parametrize(
    "mask",
    [
        jpeg(INK), jpeg(rgb(INK, INK, INK)), jpeg(rgb(FULL, 255 - INK, 255 - INK)), jpeg(rgb(ZERO, ZERO, INK)),
        jpeg(painted((255, 0, 0)), 95), np.asarray(Image.fromarray(INK).resize((32, 24)).resize((64, 48))),
    ],
)  # fmt: skip
def test_compression_and_soft_edges_move_no_more_than_the_rim(mask):
    import cv2

    hole, _ = hole_of(mask, PHOTO)
    rim = cv2.morphologyEx(INK, cv2.MORPH_GRADIENT, np.ones((5, 5), np.uint8)) > 0
    assert np.array_equal(hole[~rim], HOLE[~rim])


@pytest.mark.parametrize(
    ("mask", "expected", "remark"),
    [
        (255 - INK, ~HOLE, "covers 89% of the image: if the hole is the other part, invert the mask"),
        (VOC.astype(np.uint8), VOC > 0, "holds the numbers 0, 8, 15: everything but 0"),
        (np.where(VOC == 15, 255, VOC).astype(np.uint8) + (VOC == 15) * 0, VOC > 0, None),
        (
            np.linspace(0, 255, 64 * 48).reshape(48, 64).astype(np.uint8),
            None,
            "soft values; the hole is where it is 128",
        ),
        (rgba(rgb(ZERO, ZERO, ZERO), np.where(HOLE, 255, 0)), HOLE, "the smaller part was taken"),
    ],
)
def test_what_is_not_certain_is_remarked(mask, expected, remark):
    hole, text = hole_of(mask.astype(np.uint8) if mask.dtype != np.uint8 else mask)
    assert expected is None or np.array_equal(hole, expected)
    assert remark is None or remark in text


def test_another_photograph_is_no_mask():
    other = np.random.default_rng(1).integers(0, 230, (48, 64, 3), np.uint8)
    with pytest.raises(ValueError, match="the mask looks like a photograph: paint the hole"):
        hole_of(other, PHOTO)
    with pytest.raises(ValueError, match="looks like a photograph"):
        gb.inpaint(PHOTO, other)
    with pytest.raises(ValueError, match="looks like a photograph"):
        hole_of(PHOTO, PHOTO)  # a copy with nothing painted


def test_nothing_drawn_and_all_drawn_are_named_as_such():
    for mask, reason in ((ZERO, "is empty"), (FULL, "covers all"), (rgba(rgb(ZERO, ZERO, ZERO), ZERO), "is empty")):
        with pytest.raises(ValueError, match=reason):
            gb.inpaint(PHOTO, mask)


def test_arrays_of_any_type_are_read_or_refused_in_one_line():
    for mask in (HOLE[..., None], HOLE.astype(float), HOLE * 0.3, HOLE.astype(np.int64) * 1000, HOLE.tolist()):
        assert np.array_equal(gb.inpaint(PHOTO, mask, "flat").mask, HOLE)
    odd = [
        HOLE.astype(complex),
        HOLE.astype(str),
        np.array(None),
        [[1], [1, 2]],
        HOLE * np.nan,
        HOLE[0],
        np.zeros((0, 0)),
    ]
    for mask in odd:
        with pytest.raises(ValueError, match="the mask") as caught:
            gb.inpaint(PHOTO, mask)
        assert "\n" not in str(caught.value)
