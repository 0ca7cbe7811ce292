"""Folders of images are filled whole, each result under a name of its own and apart from its source."""

import io
import warnings

import numpy as np
import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from ganbook.cli import main
from ganbook.data import masks
from ganbook.inpainting.files import inpaint_files


def picture(path, seed=0, mode="RGB", size=(16, 12), **save):
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(seed).integers(60, 200, (size[1], size[0], 3), np.uint8)
    Image.fromarray(pixels).convert(mode).save(path, **save)
    return path


def files(folder):
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def refused(*words, said, capsys):
    assert main([str(word) for word in words]) == 2
    line = capsys.readouterr().err.rsplit("\r", 1)[-1]
    assert said in line
    assert line.count("\n") == 1
    return line


def test_each_image_in_any_subfolder_has_a_result_of_its_own(tmp_path):
    for index, name in enumerate(("a.png", "a.jpg", "a.bmp", "k/a.JPG", "k/b.jpg", "k/b.JPG", "test/c.png")):
        picture(tmp_path / "in" / name, index)
    assert inpaint_files(tmp_path / "in", "center", tmp_path / "out", method="flat") == 7
    names = {"a.png.png", "a.jpg.png", "a.bmp.png", "k/a.png", "k/b.JPG.png", "k/b.jpg-2.png", "test/c.png"}
    assert set(files(tmp_path / "out")) == names | {"inpaint.json"}
    assert len({*files(tmp_path / "out").values()}) == 8
    assert inpaint_files(tmp_path / "in", "center", tmp_path / "out", method="flat") == 0


def test_one_image_has_its_result_where_it_is_asked_for(tmp_path, capsys):
    source, out = picture(tmp_path / "a.jpg"), tmp_path / "filled.png"
    words = ("inpaint", str(source), "--mask", "center", "--method", "flat", "--out", str(out))
    assert main([*words]) == 0
    before = files(tmp_path)
    assert set(before) == {"a.jpg", "filled.png"}
    refused(*words, said="exists: choose another --out, or replace it", capsys=capsys)
    refused(*words[:-1], source, said="does not end in .png", capsys=capsys)
    hole = picture(tmp_path / "hole.png", 0, "1")
    hidden = ("inpaint", source, "--mask", hole, "--method", "flat", "--overwrite", "--out", hole)
    refused(*hidden, said="is the source", capsys=capsys)
    assert files(tmp_path) == before | {"hole.png": hole.read_bytes()}
    assert main([*words, "--overwrite", "--method", "telea"]) == 0
    assert out.read_bytes() != before["filled.png"]
    assert inpaint_files(source, "center", out, method="patch", candidates=2) == 1
    assert {"filled-1.png", "filled-2.png"} < set(files(tmp_path))


def test_results_never_land_on_or_among_their_source(tmp_path, capsys, monkeypatch):
    source = tmp_path / "in"
    for index in range(2):
        picture(source / f"{index}.jpg", index)
        picture(tmp_path / "masks" / f"{index}.png", index, "1")
    (tmp_path / "link").symlink_to(source)
    before = files(tmp_path)
    monkeypatch.chdir(source)
    for out in (source, ".", tmp_path / "link", source / "filled", tmp_path):
        refused(
            "inpaint", source, "--mask", "center", "--out", out, "--overwrite", said="choose another", capsys=capsys
        )
    refused("inpaint", source / "0.jpg", "--mask", "center", "--out", source, said="holds its source", capsys=capsys)
    masks_folder = tmp_path / "masks"
    refused("inpaint", source, "--mask", masks_folder, "--out", masks_folder, said="its own source", capsys=capsys)
    picture(tmp_path / "one" / "0.png", 0, "1")
    words = ("--mask", tmp_path / "one" / "0.png", "--out", tmp_path / "one", "--overwrite")
    refused("inpaint", source / "0.jpg", *words, said="is the source", capsys=capsys)
    (tmp_path / "one" / "0.png").unlink()
    (tmp_path / "one").rmdir()
    assert files(tmp_path) == before


def test_results_of_other_sources_options_or_hands_are_not_mixed_up(tmp_path, capsys):
    one, other, out = picture(tmp_path / "1" / "a.jpg"), picture(tmp_path / "2" / "a.jpg", 5), tmp_path / "out"
    inpaint_files(one, "center", out, method="flat")
    first = files(out)
    refused("inpaint", other, "--mask", "center", "--out", out, said="result of another source", capsys=capsys)
    refused("inpaint", one, "--mask", "half", "--method", "flat", "--out", out, said="mask was 'center'", capsys=capsys)
    assert files(out) == first
    assert inpaint_files(picture(tmp_path / "2" / "b.jpg"), "half", out) == 1
    assert inpaint_files(one, "center", out, method="flat") == 0
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "a.png").write_bytes(b"mine")
    words = ("inpaint", one, "--mask", "center", "--out", tmp_path / "own", "--overwrite")
    refused(*words, said="is no result of ganbook", capsys=capsys)
    assert (tmp_path / "own" / "a.png").read_bytes() == b"mine"


def test_a_refusal_makes_nothing(tmp_path, capsys):
    image = picture(tmp_path / "in" / "a.png")
    Image.fromarray(np.eye(9, dtype=bool)).save(tmp_path / "m.png")
    for words, said in (
        (("--mask", "centre"), "neither a file nor a kind"),
        (("--mask", "center", "--method", "latent"), "give --run"),
        ((), "no mask, and the image has no alpha"),
        (("--mask", tmp_path / "m.png"), "the mask is 9×9"),
    ):
        refused("inpaint", image, *words, "--out", tmp_path / "out", said=said, capsys=capsys)
        refused("inpaint", tmp_path / "in", *words, "--out", tmp_path / "out", said=said, capsys=capsys)
    assert not (tmp_path / "out").exists()


def test_texts_beside_masks_are_no_masks_and_two_masks_are_refused(tmp_path, capsys):
    hole = masks.draw("center", (12, 16))[0]
    for name in ("a.jpg", "b.png", "k/a.jpg"):
        picture(tmp_path / "in" / name)
    (tmp_path / "masks" / "k").mkdir(parents=True)
    for name in ("a", "b", "k/a"):
        Image.fromarray(~hole if name == "k/a" else hole).save(tmp_path / "masks" / f"{name}.png")
    for suffix in ("xml", "psd", "svg", "png~", "txt"):
        (tmp_path / "masks" / f"a.{suffix}").write_text("notes")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert inpaint_files(tmp_path / "in", tmp_path / "masks", tmp_path / "out", method="flat") == 3
    before = np.asarray(Image.open(tmp_path / "in" / "k" / "a.jpg"))
    after = np.asarray(Image.open(tmp_path / "out" / "k" / "a.png"))
    assert np.array_equal(after[hole], before[hole])  # by the mask in the same subfolder
    Image.fromarray(hole).save(tmp_path / "masks" / "b.bmp")
    words = ("inpaint", tmp_path / "in", "--mask", tmp_path / "masks", "--out", tmp_path / "o")
    assert "'b.bmp', 'b.png'" in refused(*words, said="2 masks for b.png", capsys=capsys)


def test_the_terminal_fails_if_nothing_was_filled_and_names_what_was_not(tmp_path, capsys):
    for index in range(2):
        picture(tmp_path / "in" / f"{index}.png", index)
    main(["inpaint", str(tmp_path / "in"), "--out", str(tmp_path / "out")])
    assert "none of the 2 images could be filled" in capsys.readouterr().err
    pixels = np.dstack([np.full((12, 16, 3), 9, np.uint8), np.full((12, 16), 255, np.uint8)])
    pixels[4:8, 4:8, 3] = 0
    Image.fromarray(pixels).save(tmp_path / "in" / "2.png")
    assert main(["inpaint", str(tmp_path / "in"), "--out", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().err
    assert "0.png left out" in said
    assert "2 of 3 images left out" in said
    assert set(files(tmp_path / "out")) == {"2.png", "inpaint.json"}


def profile(space="sRGB"):
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(space)).tobytes()


def test_profile_exif_and_resolution_are_those_of_the_source(tmp_path):
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x013B] = 6, "camera", "author"
    picture(tmp_path / "in" / "a.jpg", exif=exif, icc_profile=profile(), dpi=(300, 300))
    picture(tmp_path / "in" / "b.png", 1, exif=exif, dpi=(72, 72), icc_profile=profile())
    picture(tmp_path / "in" / "c.png", 2)
    inpaint_files(tmp_path / "in", "center", tmp_path / "out", method="flat")
    for name, dpi in (("a", 300), ("b", 72)):
        with Image.open(tmp_path / "out" / f"{name}.png") as result:
            assert result.info["icc_profile"] == profile()
            assert result.size == (12, 16)  # upright
            assert {tag: result.getexif().get(tag) for tag in exif} == dict(exif) | {0x0112: 1}
            assert result.info["dpi"] == pytest.approx((dpi, dpi), abs=0.1)
    with Image.open(tmp_path / "out" / "c.png") as result:
        assert {*result.info} <= {"icc_profile"} - {"icc_profile"}


def test_colour_chunks_survive_in_sixteen_bits_and_texts_do_not_turn_the_image(tmp_path):
    import cv2

    from ganbook.data.image_writer import _chunk

    pixels = np.random.default_rng(0).integers(0, 65536, (12, 16, 3), np.uint16)
    file = cv2.imencode(".png", pixels)[1].tobytes()
    gamma, size = _chunk(b"gAMA", (45455).to_bytes(4, "big")), _chunk(b"pHYs", bytes([0, 0, 15, 0, 0, 0, 15, 0, 1]))
    (tmp_path / "deep.png").write_bytes(file[:33] + gamma + size + file[33:])
    inpaint_files(tmp_path / "deep.png", "center", tmp_path / "out", method="flat")
    with Image.open(tmp_path / "out" / "deep.png") as result:
        assert result.info["gamma"] == pytest.approx(0.45455)
        assert "dpi" in result.info
    texts = PngInfo()
    texts.add_itxt("XML:com.adobe.xmp", '<x:xmpmeta tiff:Orientation="6"/>')
    picture(tmp_path / "xmp.png", pnginfo=texts)
    inpaint_files(tmp_path / "xmp.png", "center", tmp_path / "out", method="flat")
    with Image.open(tmp_path / "out" / "xmp.png") as result:
        assert result.getexif().get(0x0112, 1) == 1


def test_a_profile_that_cannot_be_taken_along_is_named(tmp_path):
    image = Image.fromarray(np.full((12, 16, 3), 90, np.uint8)).convert("L")
    image.save(tmp_path / "grey.jpg", icc_profile=profile())  # of colours
    with pytest.warns(UserWarning, match=r"grey.jpg: its colour profile is left out"):
        inpaint_files(tmp_path / "grey.jpg", "center", tmp_path / "out")
    assert "icc_profile" not in Image.open(tmp_path / "out" / "grey.png").info
    picture(tmp_path / "broken.png", icc_profile=b"no profile", exif=b"Exif\0\0rubbish")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        inpaint_files(tmp_path / "broken.png", "center", tmp_path / "out")
    Image.open(io.BytesIO((tmp_path / "out" / "broken.png").read_bytes())).load()


def test_an_image_of_a_format_that_is_not_read_is_named(tmp_path, capsys):
    (tmp_path / "photo.heic").write_bytes(b"\0\0\0\x18ftypheic" + bytes(40))
    words = ("inpaint", tmp_path / "photo.heic", "--mask", "center", "--out", tmp_path / "out")
    refused(*words, said="photo.heic' cannot be read: this format is not read; JPEG", capsys=capsys)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["result.png", "result.JPG", "result.tif"])
def test_the_name_of_an_image_is_no_folder_for_results(tmp_path, capsys, name):
    picture(tmp_path / "in" / "a.png")
    words = ("inpaint", tmp_path / "in", "--mask", "center", "--out", tmp_path / name)
    refused(*words, said="is a folder for the results", capsys=capsys)
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize("orientation", [5, 6, 7, 8])
def test_a_mask_drawn_on_a_photo_as_it_is_stored_is_told_that_it_is_turned(tmp_path, capsys, orientation):
    data = Image.Exif()
    data[0x0112] = orientation
    picture(tmp_path / "phone.jpg", size=(40, 24), exif=data)
    Image.fromarray(np.pad(np.full((5, 5), 255, np.uint8), ((4, 15), (4, 31)))).save(tmp_path / "mask.png")
    words = ("inpaint", tmp_path / "phone.jpg", "--mask", tmp_path / "mask.png", "--out", tmp_path / "out")
    refused(*words, said="turned upright by its EXIF data, so draw the mask on the upright image", capsys=capsys)
