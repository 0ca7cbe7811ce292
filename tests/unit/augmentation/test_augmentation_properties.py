"""Whatever people bring: a policy comes back as it was, and augment gives a right result or one line."""

import json
import string
import warnings

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import ganbook as gb
from ganbook.augmentation import OPERATIONS, PRESETS, Choice, Mix, Operation, Policy

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
KEEPING = sorted(name for name, kind in OPERATIONS.items() if kind.keeps_label)
FRACTION = st.floats(0, 1) | st.sampled_from([0, 1, 0.5, 1 / 3, 1e-300, 5e-324])
OPERATION = st.builds(Operation, st.sampled_from(KEEPING), st.none() | FRACTION, FRACTION)
CHOICE = st.builds(Choice, st.lists(OPERATION, min_size=1, max_size=3).map(tuple), st.integers(1, 16), st.booleans())
PART = OPERATION | CHOICE | st.builds(Mix, st.lists(OPERATION, min_size=1, max_size=3).map(tuple))
POLICY = st.builds(Policy, st.lists(PART, max_size=4), st.integers(0, 2**63 - 1), st.booleans())


def value_or_line(call):
    """Return the result of a call, or the message of the one error it may raise."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return call(), ""
        except (ValueError, FileNotFoundError) as error:
            return None, str(error)


@QUICK
@given(POLICY)
def test_a_policy_comes_back_from_json_and_from_python(policy):
    assert Policy.from_json(policy.to_json()) == policy
    assert eval(repr(policy), {"Policy": Policy, "Choice": Choice, "Mix": Mix, "Operation": Operation}) == policy
    assert hash(Policy.from_json(policy.to_json())) == hash(policy)


@QUICK
@given(st.lists(OPERATION, min_size=1, max_size=4), st.integers(0, 2**31))
def test_operations_come_back_from_their_text(operations, seed):
    policy = Policy(operations, seed)
    assert Policy.parse(str(policy), seed) == policy
    assert Policy([str(operation) for operation in operations], seed) == policy


@QUICK
@given(st.text(st.sampled_from(string.ascii_lowercase + ":@,.0159- \0é"), max_size=30) | st.sampled_from(
    [f"{name}{tail}" for name in ("flip", "zoom", "standard") for tail in (":", "@", ":2", "@nan", ":1e400", ":0@0@0")]
))  # fmt: skip
def test_any_text_is_a_policy_or_one_line(text):
    policy, line = value_or_line(lambda: Policy.parse(text))
    assert "\n" not in line
    if policy is not None and str(policy) not in PRESETS:
        assert Policy.parse(str(policy)) == policy


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(KEEPING),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "strength", "probability", "choice", "mix", "times", "vary", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@QUICK
@given(st.dictionaries(st.sampled_from(["seed", "strict", "operations"]), JSON) | JSON, st.just(1) | JSON)
def test_any_json_is_a_policy_or_one_line(content, version):
    if isinstance(content, dict):
        content |= {"ganbook_policy": version}
    policy, line = value_or_line(lambda: Policy.from_json(json.dumps(content)))
    assert "\n" not in line
    assert len(line) < 600
    if policy is not None:
        assert Policy.from_json(policy.to_json()) == policy


def test_json_that_is_nested_without_end_is_one_line():
    for text in ('{"ganbook_policy": 1, "operations": ' + "[" * 200_000, "[" * 200_000 + "]" * 200_000, "\0", ""):
        with pytest.raises(ValueError, match="no policy|operations"):
            Policy.from_json(text)


DTYPES = (
    arrays.boolean_dtypes() | arrays.integer_dtypes() | arrays.unsigned_integer_dtypes() | arrays.floating_dtypes()
    | arrays.complex_number_dtypes() | arrays.unicode_string_dtypes(max_len=3) | st.just(np.dtype("u1"))
    | st.just(np.dtype("f4"))
)  # fmt: skip
SIDES = st.sampled_from([0, 1, 2, 3, 4, 7])
SHAPES = st.lists(SIDES, max_size=5).map(tuple) | st.tuples(SIDES, SIDES, SIDES, st.sampled_from([1, 3]))
ANY = DTYPES.flatmap(lambda dtype: arrays.arrays(dtype, SHAPES))
RANGES = st.none() | st.tuples(st.floats(), st.floats()) | st.sampled_from([(0, 1), (-1, 1), (0, 255), (1, 0), 3, "ab"])
POLICIES = st.sampled_from(["flip", "standard", "AugMix", "translation:0.5,elastic", "cutout@0.5", "RandAugment"])


@QUICK
@given(ANY, RANGES, POLICIES, st.booleans(), st.integers(0, 2**40))
def test_any_array_is_augmented_or_refused_in_one_line(images, value_range, policy, fortran, first):
    images = np.asfortranarray(images) if fortran else images
    before = images.copy()
    with np.errstate(all="ignore"):
        result, line = value_or_line(lambda: gb.augment(images, policy, value_range=value_range, first=first))
    assert "\n" not in line
    assert np.array_equal(images, before, equal_nan=images.dtype.kind in "fc")
    if result is None:
        return
    assert (result.shape, result.dtype) == (images.shape, images.dtype)
    if images.dtype.kind == "f":
        low, high = value_range or (-1, 1)
        assert np.isfinite(result).all()
        assert result.min() >= np.dtype(images.dtype).type(low)
        assert result.max() <= np.dtype(images.dtype).type(high)
    if policy == "flip":
        columns = images.ndim - 1 - (images.ndim > 2)
        flipped = np.flip(images, columns)
        tolerance = 0 if images.dtype == np.uint8 else 0.02 * (float(high) - float(low))
        np.testing.assert_allclose(result.astype(float), flipped.astype(float), atol=tolerance)


@pytest.mark.parametrize(("dtype", "white"), [("float16", 131_040.0), ("float32", 1e39)])
def test_a_range_that_the_dtype_cannot_hold_is_refused_in_one_line(dtype, white):
    with pytest.raises(ValueError, match=rf"and {dtype} ends at .*: give a wider dtype$"):
        gb.augment(np.zeros((1, 4, 4, 1), dtype), "cutout@0.5", value_range=(0, white))


@QUICK
@given(ANY, st.booleans())
def test_any_masks_move_exactly_or_are_refused_in_one_line(masks, whole):
    images = np.zeros((len(masks) if masks.ndim else 1, *masks.shape[1:3], 1), np.uint8) if whole else np.zeros(
        (2, 4, 4, 1), np.uint8
    )  # fmt: skip
    result, line = value_or_line(lambda: gb.augment(images, "flip", masks=masks))
    assert "\n" not in line
    if result is not None:
        assert result[1].dtype == masks.dtype
        assert np.array_equal(result[1], masks[..., ::-1])  # nothing has wrapped


@QUICK
@given(DTYPES.flatmap(lambda dtype: arrays.arrays(dtype, st.sampled_from([(), (4,), (4, 1), (4, 2), (3,), (4, 2, 2)]))))
def test_any_labels_are_mixed_rightly_or_refused_in_one_line(labels):
    images = np.arange(4, dtype=np.uint8)[:, None, None, None] * np.ones((1, 4, 4, 1), np.uint8)
    policy = Policy(["mixup:0"])  # nothing of the partner, so that the fractions are the labels themselves
    result, line = value_or_line(lambda: gb.augment(images, policy, labels=labels))
    assert "\n" not in line
    if result is None:
        return
    fractions = result[1]
    assert fractions.dtype == np.float32
    if labels.ndim == 1 or labels.shape[1] == 1:
        assert np.array_equal(fractions.argmax(1), labels.reshape(4).astype(int))
        assert np.array_equal(fractions.sum(1), np.ones(4))
    else:
        assert np.array_equal(fractions, labels.astype(np.float32))


@pytest.mark.parametrize("policy", [None, 3, ["zom"], [None], {"flip": 1}, b"flip", np.zeros(3)])
def test_what_is_no_policy_is_one_line(policy):
    with pytest.raises(ValueError, match="[a-z]") as caught:
        gb.augment(np.zeros((2, 4, 4, 1), np.uint8), policy)
    assert "\n" not in str(caught.value)
    assert np.array_equal(gb.augment(np.eye(4, dtype=np.uint8), ["flip"]), np.eye(4, dtype=np.uint8)[:, ::-1])


@pytest.mark.parametrize("first", ["a", 2**70, -1, 1.5, None, True])
def test_what_is_no_number_of_an_image_is_one_line(first):
    with pytest.raises(ValueError, match="first is"):
        gb.augment(np.zeros((2, 4, 4, 1), np.uint8), "flip", first=first)


@pytest.mark.parametrize("mode", ["L", "P", "RGB", "CMYK", "YCbCr"])
def test_a_pillow_image_of_any_mode_is_augmented_as_it_looks(mode):
    from PIL import Image

    levels = np.tile(np.arange(60, 200, 20, dtype=np.uint8), (6, 1))
    image = Image.fromarray(np.dstack([levels] * 3)).convert(mode)
    flipped = gb.augment(image, "flip@1")
    assert np.abs(flipped.reshape(6, 7, -1) - np.asarray(image.convert("RGB"), int)[:, ::-1]).max() <= 1


def test_a_pillow_image_with_transparency_is_refused_in_one_line():
    from PIL import Image

    with pytest.raises(ValueError, match=r"has transparency: .*image.convert\('RGB'\)"):
        gb.augment(Image.new("RGBA", (8, 8)), "flip@1")
