"""The leak test finds a provoked leak, clears what is clean, and says when it cannot tell."""

import pytest

import ganbook as gb
from ganbook.augmentation import Policy
from ganbook.studies import leak_test


@pytest.fixture(scope="module")
def fashion():
    return gb.data.load("fashion")


@pytest.mark.slow
def test_the_share_that_carries_an_operation_is_found_and_the_rest_is_cleared(fashion):
    """Real pictures that the classifier has not seen stand for the samples of a perfect GAN that leaks cutout."""
    samples = Policy(["cutout:0.5@0.4"], seed=8)(fashion.images[:1000])
    data = gb.ImageData(
        images=fashion.images[1000:], test_images=fashion.test_images, name="fashion", class_names=(), labels=None
    )
    report = leak_test.leaks(samples, data, "translation:0.125,cutout:0.5,rotation:0.2")
    found = report.table.set_index("operation")
    assert report.leaks == ["cutout"]
    assert found["low"]["cutout"] - 0.03 < 0.4 < found["high"]["cutout"] + 0.03
    assert found["verdict"]["rotation"] == "clean"
    assert "cutout leaks: about" in report.verdict
    assert "\n" not in report.verdict


def test_what_cannot_be_seen_is_not_judged(fashion):
    row = leak_test._judged([0.30, 0.45, 0.35], (2000, 2000, 1000))
    assert row["verdict"] == "inconclusive"
    wide = leak_test._judged([0.1, 0.6, 0.13], (60, 60, 60))
    assert wide["verdict"] == "inconclusive"


@pytest.mark.parametrize(
    ("policy", "said"),
    [(None, "trained without augmentation"), ("RandAugment", "takes single operations"), ("zom", "did you mean zoom?")],
)
def test_mistakes_are_one_clear_line(policy, said, fashion):
    with pytest.raises(ValueError, match="[a-z]") as caught:
        leak_test.leaks(fashion.images[:100], fashion, policy)
    assert said in str(caught.value)
