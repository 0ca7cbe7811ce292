"""What a study of enhancement measures, on real photographs."""

import numpy as np
import pytest
from skimage import data

import ganbook as gb

PHOTOGRAPHS = [data.chelsea()[60:160, 100:221], data.coffee()[100:201, 150:250, 0]]


@pytest.fixture(scope="module")
def study():
    return gb.studies.enhancement(PHOTOGRAPHS, degrade=("downscale:2", "noise:20", "jpeg:20"), crispness=[1.0])


def test_every_method_is_measured_and_the_honest_rows_are_there(study):
    table = study.table.set_index(["degradation", "method"])
    assert list(table.loc["downscale:2"].index) == ["bicubic", "lanczos", "network", "network, crispness 1"]
    assert list(table.loc["noise:20"].index) == ["non-local-means", "network"]
    assert table.psnr["downscale:2", "network"] > table.psnr["downscale:2", "bicubic"] + 0.5
    assert table.psnr["noise:20", "network"] > table.psnr["noise:20", "non-local-means"] + 0.5
    assert (table[["psnr", "ssim", "perceptual", "seconds"]] > 0).all(axis=None)
    assert study.space
    assert len(study.image_scores) == 2 * len(table)


def test_worst_cases_and_the_plane_are_drawn(study):
    worst = study.worst("network", "downscale:2", 1)
    assert worst[0][0].shape == worst[0][1].shape
    assert len(study.plot().axes) == 1
    assert "perceptual" in study._repr_html_()


def test_the_protocol_is_that_of_the_field():
    truth = data.chelsea()[60:161, 100:221]
    study = gb.studies.enhancement([truth], methods=(), degrade=["downscale:3"])
    from ganbook.data.resampling import shrink
    from ganbook.metrics.fidelity import luma, psnr

    cut = truth[:99, :120]
    small = np.clip(np.rint(shrink(cut, 3)), 0, 255).astype(np.uint8)
    expected = psnr(luma(gb.enhance(small, 3, method="bicubic").image), luma(cut), 3)
    assert study.table.set_index("method").psnr["bicubic"] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"degrade": ["noise:0-20"]}, "has a range"),
        ({"degrade": []}, "at least one image and one degradation"),
        ({"data": []}, "at least one image and one degradation"),
        ({"degrade": ["rain:3"]}, "unknown"),
        ({"methods": ["magic"]}, "allowed are"),
    ],
)
def test_bad_input_is_one_line(options, said):
    with pytest.raises(ValueError, match=said) as error:
        gb.studies.enhancement(**{"data": PHOTOGRAPHS} | options)
    assert "\n" not in str(error.value)


def test_it_stops_when_asked():
    with pytest.raises(InterruptedError, match="before anything"):
        gb.studies.enhancement(PHOTOGRAPHS, stop=lambda: True)
