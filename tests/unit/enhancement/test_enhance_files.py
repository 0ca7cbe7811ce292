"""Image files are enhanced with all they carry, apart from their source; an interrupted folder continues."""

import numpy as np
import pytest
from PIL import Image, ImageCms
from skimage import data as photographs

import ganbook as gb
from ganbook.cli import main
from ganbook.data.image_file import read_content
from ganbook.enhancement.files import enhance_files

OPTIONS = ("--scale", "2", "--method", "lanczos")


def photograph(path, mode="RGB", size=(30, 20), **save):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(photographs.chelsea()[100 : 100 + size[1], 100 : 100 + size[0]]).convert(mode).save(path, **save)
    return path


def refused(*words, said, capsys):
    assert main(["enhance", *map(str, words)]) == 2
    line = capsys.readouterr().err.rsplit("\r", 1)[-1]
    assert said in line
    assert line.count("\n") == 1


def test_one_image_becomes_one_file_with_what_it_carries(tmp_path, capsys):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "camera", 6
    image = photograph(tmp_path / "a.jpg", icc_profile=profile, exif=exif, dpi=(300, 300))
    assert main(["enhance", str(image), "--out", str(tmp_path / "b.png"), *OPTIONS]) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "b.png")
    with Image.open(tmp_path / "b.png") as result:
        assert result.size == (40, 60)  # upright
        assert result.info["icc_profile"] == profile
        assert result.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        assert result.getexif()[0x010F] == "camera"
        assert result.getexif()[0x0112] == 1
    assert np.array_equal(read_content(str(tmp_path / "b.png")).pixels, gb.enhance(image, 2, method="lanczos"))


def test_a_folder_of_mixed_and_broken_files_gives_all_that_can_be_made(tmp_path, capsys):
    source, out = tmp_path / "in", tmp_path / "out"
    photograph(source / "rgb.jpg")
    photograph(source / "rgb.png")
    photograph(source / "k" / "grey.png", "L")
    photograph(source / "k" / "palette.gif", "P")
    photograph(source / "cmyk.jpg", "CMYK")
    photograph(source / "rgba.webp", "RGBA", lossless=True)
    photograph(source / "dot.png", size=(1, 1))
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue", "lime")]
    for kind in ("gif", "webp", "png"):
        frames[0].save(source / f"film-{kind}.{kind}", save_all=True, append_images=frames[1:])
    Image.fromarray(np.full((9, 7), 40_000, np.uint16)).save(source / "deep.png")
    (source / "broken.png").write_bytes((source / "rgb.png").read_bytes()[:900])
    (source / "text.jpg").write_text("no image")
    (source / "notes.txt").write_text("notes")
    assert main(["enhance", str(source), "--out", str(out), *OPTIONS]) == 0
    said = capsys.readouterr().err
    assert said.count("it is animated, and only its first frame is used") == 3
    assert "broken.png left out" in said
    assert "text.jpg left out" in said
    made = {str(file.relative_to(out)) for file in out.rglob("*.png")}
    names = (
        "rgb.jpg",
        "rgb.png",
        "k/grey",
        "k/palette",
        "cmyk",
        "rgba",
        "dot",
        "deep",
        "film-gif",
        "film-webp",
        "film-png",
    )
    assert made == {f"{name}.png" for name in names}
    assert read_content(str(out / "deep.png")).pixels.dtype == np.uint16
    red = read_content(str(out / "film-gif.png")).pixels
    assert red.shape == (16, 16, 3)
    assert (red == (255, 0, 0)).all()
    with pytest.warns(UserWarning, match="film-webp.webp: it is animated"):
        gb.enhance(source / "film-webp.webp", 2, method="lanczos")
    times = {name: (out / name).stat().st_mtime_ns for name in made}
    (out / "dot.png").unlink()  # as if it had been interrupted
    assert main(["enhance", str(source), "--out", str(out), *OPTIONS]) == 0
    assert {name for name in made if (out / name).stat().st_mtime_ns != times[name]} == {"dot.png"}


def test_a_source_is_never_written_over(tmp_path, capsys):
    image = photograph(tmp_path / "in" / "a.png")
    before = image.read_bytes()
    (tmp_path / "link.png").symlink_to(image)
    refused(image, "--out", image, *OPTIONS, "--overwrite", said="is the source", capsys=capsys)
    refused(image, "--out", tmp_path / "link.png", *OPTIONS, "--overwrite", said="is the source", capsys=capsys)
    for out in (tmp_path / "in", tmp_path / "in" / "out", tmp_path):
        refused(tmp_path / "in", "--out", out, *OPTIONS, said="choose another place", capsys=capsys)
    assert image.read_bytes() == before
    assert {file.name for file in tmp_path.iterdir()} == {"in", "link.png"}


def test_results_of_other_options_or_hands_are_not_mixed_up(tmp_path, capsys):
    image, out = photograph(tmp_path / "in" / "a.png"), tmp_path / "out"
    assert enhance_files(image.parent, out, scale=2, method="nearest") == 1
    first = (out / "a.png").read_bytes()
    refused(image.parent, "--out", out, *OPTIONS, said="method was 'nearest'", capsys=capsys)
    refused(image, "--out", out / "a.png", *OPTIONS, said="exists", capsys=capsys)
    assert (out / "a.png").read_bytes() == first
    assert enhance_files(image.parent, out, scale=2, method="lanczos", overwrite=True) == 1
    assert (out / "a.png").read_bytes() != first


def test_bad_input_makes_nothing(tmp_path, capsys):
    image = photograph(tmp_path / "in" / "a.png")
    photograph(tmp_path / "mask.png", "1", size=(5, 5))
    for words, said in (
        ((image, "--out", tmp_path / "b.jpg", *OPTIONS), "does not end in .png"),
        ((image, "--out", tmp_path / "b.png", "--scale", "7"), "--scale 7"),
        ((image, "--out", tmp_path / "no" / "b.png", *OPTIONS), "there is no folder"),
        ((image, "--out", tmp_path / "b.png", *OPTIONS, "--protect", tmp_path / "mask.png"), "the mask is 5×5"),
        ((image.parent, "--out", tmp_path / "b.png", *OPTIONS), "give a folder"),
        ((tmp_path / "nothing", "--out", tmp_path / "b", *OPTIONS), "there is no image or folder"),
    ):
        refused(*words, said=said, capsys=capsys)
    assert {file.name for file in tmp_path.iterdir()} == {"in", "mask.png"}
