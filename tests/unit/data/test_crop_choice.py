"""What becomes of images of another aspect: the middle, a random part, or the whole, squeezed."""

import json
import shutil
import warnings

import numpy as np
import pytest
from PIL import Image
from skimage import data as photographs

import ganbook as gb
from ganbook.config.parser import make
from ganbook.config.train import TrainConfig
from ganbook.data import cache
from ganbook.data import folder as folder_module
from ganbook.data.load import load_recorded

SIDE = 20


@pytest.fixture
def photos(tmp_path):
    """A folder of wide and high parts of a photograph, one of them stored turned by a quarter."""
    image, folder = photographs.coffee(), tmp_path / "photos"
    folder.mkdir()
    for i, (height, width) in enumerate([(100, 180), (180, 100), (100, 190), (120, 120), (90, 170)]):
        Image.fromarray(image[i * 40 : i * 40 + height, i * 30 : i * 30 + width]).save(folder / f"{i}.png")
    upright = Image.open(folder / "4.png")
    exif = Image.Exif()
    exif[0x0112] = 8
    upright.save(folder / "4.jpg", exif=exif, quality=95)
    return folder


def test_each_choice_gives_its_part_of_the_image(photos):
    whole, middle, part = (gb.data.load(photos, SIDE, crop=crop) for crop in ("none", "center", "random"))
    wide = Image.open(photos / "0.png")
    squeezed = np.asarray(wide.resize((SIDE, SIDE), Image.Resampling.LANCZOS))
    assert np.array_equal(whole.images[0], squeezed)
    centre = np.asarray(wide.resize((SIDE, SIDE), Image.Resampling.LANCZOS, box=(40, 0, 140, 100)))
    assert np.array_equal(middle.images[0], centre)
    assert np.array_equal(gb.data.load(photos, SIDE).images, middle.images)
    boxes = [
        np.asarray(wide.resize((SIDE, SIDE), Image.Resampling.LANCZOS, box=(left, 0, left + 100, 100))).astype(int)
        for left in range(81)
    ]
    assert min(np.abs(box - part.images[0]).mean() for box in boxes) < 2
    assert not np.array_equal(part.images[0], centre)
    square = 4  # 0.png, 1.png, 2.png, 3.png, 4.jpg, 4.png in the order of their paths: 3.png is square
    assert np.array_equal(part.images[square - 1], middle.images[square - 1])
    assert (whole.crop, middle.crop, part.crop) == ("none", None, "random")


def test_the_random_part_follows_from_the_name_alone(photos, tmp_path):
    before = gb.data.load(photos, SIDE, crop="random").images
    other = tmp_path / "elsewhere" / "class"
    shutil.copytree(photos, other)
    assert np.array_equal(gb.data.load(other.parent, SIDE, crop="random").images, before)
    (photos / "0.png").rename(photos / "00.png")
    assert not np.array_equal(gb.data.load(photos, SIDE, crop="random").images[0], before[0])


@pytest.mark.parametrize("crop", ["random", "none"])
def test_the_record_loads_the_same_again_from_memory_and_from_the_cache(photos, crop, tmp_path, monkeypatch):
    data = gb.data.load(photos, SIDE, crop=crop)
    record = json.loads(json.dumps(data.record()))
    assert record["crop"] == crop
    assert load_recorded(record).fingerprint == data.fingerprint
    monkeypatch.setenv("GANBOOK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(folder_module, "IN_MEMORY_BYTES", 1000)
    folder_module._last_decoded.clear()
    center = gb.data.load(photos, SIDE)
    for _ in range(2):
        cached = load_recorded(record)
        assert isinstance(cached.images, np.memmap)
        assert (cached.fingerprint, cached.crop) == (data.fingerprint, crop)
    assert center.fingerprint != data.fingerprint
    assert len(list((tmp_path / "cache" / "images").iterdir())) == 2
    assert "crop" not in center.record()


def test_arrays_lists_and_data_sets_are_cropped_by_number():
    wide = np.stack([photographs.coffee()[i : i + 60, i : i + 110] for i in range(0, 50, 10)])
    whole = gb.data.load(wide, SIDE, crop="none")
    expected = Image.fromarray(wide[1]).resize((SIDE, SIDE), Image.Resampling.LANCZOS)
    assert np.array_equal(whole.images[1], np.asarray(expected))
    part = gb.data.load(wide, SIDE, crop="random")
    assert part.crop == "random"
    for again in (gb.data.load(gb.data.load(wide), SIDE, crop="random"), gb.data.load(list(wide), SIDE, crop="random")):
        assert np.array_equal(again.images, part.images)
    assert not np.array_equal(part.images, gb.data.load(wide, SIDE).images)
    assert gb.data.load(part, SIDE, crop="random") is part
    mixed = gb.data.load([wide[0], wide[1][:, :80]], SIDE, crop="none").images
    assert np.array_equal(mixed[1], np.asarray(Image.fromarray(wide[1][:, :80]).resize((SIDE, SIDE), 1)))


def test_a_run_keeps_its_choice(photos, tmp_path):
    options = {"network": "mlp", "hidden": "8", "jit": "off", "batch_size": 2, "runs_dir": tmp_path / "runs"}
    run = gb.train(photos, image_size=SIDE, crop="random", steps=2, wait=True, **options)
    assert run.folder.config()["options"]["crop"] == run.folder.config()["data"]["crop"] == "random"
    resumed = gb.train(resume=run.folder.path, steps=3, wait=True)
    assert resumed.data.fingerprint == gb.data.load(photos, SIDE, crop="random").fingerprint
    assert gb.again(run, steps=1, wait=True).data.crop == "random"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"crop": "random"}, "crop random is how images come to a size: give --image-size, too"),
        ({"crop": "middle", "image_size": 20}, "crop is 'middle'; allowed are center, random, none, and a side"),
        ({"crop": 16, "image_size": 20}, "give one of the two"),
    ],
)
def test_what_does_not_go_together_is_one_line(photos, options, message):
    with pytest.raises(ValueError, match=message):
        gb.data.load(photos, **options)


def test_the_option_takes_words_and_sides(tmp_path):
    assert make(TrainConfig, crop="64").crop == make(TrainConfig, crop=64).crop == 64
    assert make(TrainConfig, crop="none").crop == "none"
    for wrong in ("middle", "4", "12.5", 5000):
        with pytest.raises(ValueError, match="allowed are center, random, none, and sides in pixels from 8 to 1,024"):
            make(TrainConfig, crop=wrong)
    with pytest.raises(ValueError, match="--task enhance learns detail: give a side in pixels, as in --crop 64"):
        gb.train("emoji", image_size=32, crop="random", task="enhance", runs_dir=tmp_path)
    with pytest.raises(ValueError, match="crop goes with images, and ring holds points"):
        gb.data.load("ring", crop="none")


def test_panoramas_and_thumbnails_are_said_when_a_folder_is_loaded(tmp_path, monkeypatch):
    folder, image = tmp_path / "photos", photographs.coffee()
    folder.mkdir()
    for name, part in {
        "a": image[:100, :500],
        "b": image[:90, :90],
        "c": image[:20, :20],
        "d": image[:48, :48],
    }.items():
        Image.fromarray(part).save(folder / f"{name}.png")
    monkeypatch.setenv("GANBOOK_CACHE", str(tmp_path / "cache"))

    def said(**options):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            gb.data.load(folder, 64, **options)
        return [str(each.message).removeprefix(f"{folder}: ") for each in caught if each.category is UserWarning]

    thumbnail = (
        "1 image enlarged twofold or more, such as 'c.png', which blurs: choose a smaller --image-size, or leave "
    )
    panorama = "1 image cut by more than half, such as 'a.png': crop around what matters first, or choose "
    assert said() == [panorama + "another --crop than center", thumbnail + "them out"]
    monkeypatch.setattr(folder_module, "IN_MEMORY_BYTES", 1000)
    folder_module._last_decoded.clear()
    assert said() == said() == [panorama + "another --crop than center", thumbnail + "them out"]  # read once, kept
    assert said(crop="none")[0].startswith("1 image squeezed by more than half, such as 'a.png'")
    assert cache.root() == str(tmp_path / "cache")


@pytest.mark.parametrize(
    ("crop", "words"),
    [
        ("center", "lose more than a quarter to the centre crop (--crop center)"),
        ("random", "lose more than a quarter to the random crop (--crop random)"),
        ("none", "are squeezed by more than a quarter (--crop none)"),
    ],
)
def test_the_report_names_the_choice(photos, crop, words):
    found = gb.data.report(photos, SIDE, crop=crop)
    assert (found.cropped, found.crop) == (5, crop)
    assert words in str(found)
    assert gb.data.report(gb.data.load(photos, SIDE, crop=crop)).lines == found.lines
