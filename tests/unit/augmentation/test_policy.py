"""Policies: what they do to pictures, that nothing but the seed matters, and that they last."""

import json
import warnings
from pathlib import Path

import cv2
import numpy as np
import pytest

import ganbook as gb
from ganbook.augmentation import OPERATIONS, PRESETS, Choice, Mix, Operation, Policy, PolicyLayer, replay

GOLDEN = Path(__file__).parent / "policy-1.json"
PLAIN = [name for name, kind in OPERATIONS.items() if kind.keeps_label]
ALL = [*PLAIN, *(name for name in PRESETS if name not in PLAIN)]


@pytest.fixture(scope="module")
def emoji():
    return gb.data.load("emoji").images[:70]


@pytest.fixture(scope="module")
def fashion():
    return gb.data.load("fashion")


@pytest.mark.parametrize("name", ALL)
def test_neither_batch_size_nor_replay_nor_colour_depth_changes_a_bit(name, emoji, fashion):
    policy = Policy.parse(name, seed=5)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for images in (emoji, fashion.images[:70], emoji.astype(np.float32) / 127.5 - 1):
            whole, log = policy(images, return_log=True)
            assert not np.array_equal(whole, images) or images.shape[3] == 1
            for size in (1, 7, 64):
                starts = range(0, 70, size)
                parts = np.concatenate([policy(images[i : i + size], first=i) for i in starts])
                assert np.array_equal(parts, whole)
            assert np.array_equal(replay(images, log), whole)


def test_a_thousand_pictures_over_all_operations_replay_bit_for_bit(fashion):
    colour = np.repeat(fashion.images[:1000], 3, axis=3)
    labels = fashion.labels[:1000]
    policy = (
        Policy([f"{name}@0.3" for name in OPERATIONS], seed=11) + Policy.named("AugMix") + Policy.named("RandAugment")
    )
    images, mixed, log = policy(colour, labels, return_log=True)
    assert set(log["operation"]) == {*OPERATIONS, "blend"}
    again, mixed_again = replay(colour, log, labels)
    assert np.array_equal(images, again)
    assert np.array_equal(mixed, mixed_again)


def test_threads_change_nothing(monkeypatch):
    images = np.random.default_rng(0).integers(0, 256, (24, 96, 128, 3), np.uint8)
    policy, found = Policy.named("strong", 3) + Policy.named("RandAugment"), []
    for threads in (1, 4):
        monkeypatch.setattr("os.cpu_count", lambda threads=threads: threads)
        cv2.setNumThreads(threads)
        found.append(policy(images))
    cv2.setNumThreads(-1)
    assert np.array_equal(*found)


def test_the_same_draw_moves_masks_with_their_pictures(emoji):
    masks = (emoji.mean(3) > 128).astype(np.uint8) * 200
    policy = Policy(["flip@0.5", "translation:0.2", "elastic:0.1", "rotation:0.5@0.5", "brightness"], seed=2)
    _, moved = policy(emoji, masks=masks)
    assert set(np.unique(moved)) == {0, 200}
    # A picture of the mask, drawn upon alike, differs from the mask by interpolation at the edges alone.
    as_pictures = Policy(policy.operations[:4], seed=2)(masks[..., None])[..., 0]
    assert ((as_pictures > 100) != (moved > 100)).mean() < 0.05
    exact = Policy(["flip@0.5", "translation:0.2"], seed=2)
    assert np.array_equal(exact(emoji, masks=masks)[1], exact(masks[..., None])[..., 0])


def test_exact_operations_are_exact(emoji):
    assert np.array_equal(Policy(["flip"])(emoji), emoji[:, :, ::-1])
    assert np.array_equal(Policy(["flip_vertical"])(emoji), emoji[:, ::-1])
    assert np.array_equal(Policy(["inversion"])(emoji), 255 - emoji)
    moved, log = Policy(["translation:0.1"])(emoji, return_log=True)
    right, down = (int(log["parameters"][0][way]) for way in ("right", "down"))
    assert (right, down) != (0, 0)
    assert np.array_equal(moved[0, 8:24, 8:24], emoji[0, 8 - down : 24 - down, 8 - right : 24 - right])
    for name in PLAIN:
        kept = Policy([Operation(name, probability=0.0)])(emoji)
        assert np.array_equal(kept, emoji)


def test_equalise_is_that_of_pillow(emoji):
    from PIL import Image, ImageOps

    mine = Policy(["equalise"])(emoji)
    theirs = [np.asarray(ImageOps.equalize(Image.fromarray(picture))) for picture in emoji]
    assert np.array_equal(mine, theirs)


def test_numpy_and_the_graph_mean_the_same_by_an_operation(emoji):
    from ganbook.augmentation.apply import Work
    from ganbook.augmentation.differentiable import _FAMILIES

    for name, kind in OPERATIONS.items():
        if not kind.differentiable:
            continue
        step = Policy([name], seed=4).steps(np.arange(70), (32, 32, 3, 70))[0]
        mine = emoji.astype(np.float32)
        Work(mine).do([step])
        columns = {key: np.float32(value) for key, value in step.parameters.items()}
        graph = _FAMILIES[kind.family](emoji.astype(np.float32) / 127.5 - 1, [(kind, columns, None)])
        assert np.abs(mine - (graph.numpy() + 1) * 127.5).mean() < 1.5, name


def test_labels_mix_as_the_pictures_do(fashion):
    images, labels = fashion.images[:200], fashion.labels[:200]
    mixed, shares, log = Policy(["mixup:1"], seed=1)(images, labels, return_log=True)
    assert shares.shape == (200, 10)
    np.testing.assert_allclose(shares.sum(1), 1, atol=1e-6)
    for i in (0, 77):
        row = log["parameters"][i]
        partner, share = int(row["partner"]), row["fraction"]
        np.testing.assert_allclose(mixed[i], (1 - share) * images[i] + share * images[partner], atol=1)
        wanted = (1 - share) * np.eye(10)[labels[i]] + share * np.eye(10)[labels[partner]]
        np.testing.assert_allclose(shares[i], wanted, atol=1e-6)
    white, black = np.full((40, 8, 8, 1), 255, np.uint8), np.zeros((40, 8, 8, 1), np.uint8)
    halves, which = np.concatenate([white, black]), np.repeat([1, 0], 40)
    boxes, shares = Policy(["cutmix:1"], seed=1)(halves, which)
    np.testing.assert_allclose(shares[:, 1], boxes.mean((1, 2, 3)) / 255, atol=1e-6)
    with pytest.raises(ValueError, match="mix labels as well: give labels"):
        Policy(["mixup"])(images)


def test_shapes_and_types_come_back_as_they_were(emoji, fashion):
    policy = Policy.named("standard", 1)
    assert policy(emoji[0]).shape == (32, 32, 3)
    grey = gb.augment(fashion.images[0, :, :, 0], Policy(["rotation"]))
    assert (grey.shape, grey.dtype) == ((28, 28), np.uint8)
    half = gb.augment(emoji.astype(np.float16) / 255, "light", value_range=(0, 1))
    assert half.dtype == np.float16
    assert 0 <= half.min() < half.max() <= 1
    _, labels = gb.augment(fashion.images[:5], "flip", fashion.labels[:5])
    assert np.array_equal(labels, fashion.labels[:5])
    data = gb.augment(fashion, "light")
    assert (len(data), data.class_names) == (len(fashion), fashion.class_names)
    assert data.fingerprint != fashion.fingerprint
    assert np.array_equal(data.test_images, fashion.test_images)


def test_a_policy_lasts(emoji):
    """The file was written by format 1 and must always be read; the draw must stay what it was."""
    policy = Policy.from_json(GOLDEN.read_text())
    parts = ["flip@0.5", "translation:0.2", Choice(("hue", "blur:0.3"), 2, vary=True), Mix(("shear", "posterise"))]
    assert policy == Policy(parts, seed=5)
    assert Policy.from_json(policy.to_json()) == policy
    assert policy.to_json() == GOLDEN.read_text().strip()
    drawn = [step.done.sum() for step in policy.steps(np.arange(1000), (64, 64, 3, 1000))]
    assert drawn[:4] == json.loads(GOLDEN.with_name("policy-1-drawn.json").read_text())


def test_policies_add_up():
    both = Policy(["flip"], seed=3) + Policy(["zoom:0.3"], seed=4)
    assert both == Policy(["flip", "zoom:0.3"], seed=3)
    assert str(Policy.named("DiffAugment")) == "DiffAugment"
    assert str(both) == "flip,zoom:0.3"
    mixed = Policy([Choice(("hue", "blur:0.3"), 2), Mix(("shear",)), "flip@0.25"], seed=4, strict=True)
    for policy in (both, mixed, Policy.named("AugMix", 3)):
        assert eval(repr(policy)) == policy


def test_as_a_keras_layer_and_on_a_dataset(tmp_path, fashion):
    import keras
    import tensorflow as tf

    policy, images, labels = Policy.parse("flip@0.5,rotation", 7), fashion.images[:32], fashion.labels[:32]
    layer = PolicyLayer(policy)
    first, second = (layer(images, training=True).numpy() for _ in range(2))
    assert np.array_equal(first, policy(images))
    assert np.array_equal(second, policy(images, first=32))
    assert np.array_equal(layer(images), images)
    model = keras.Sequential(
        [keras.Input((28, 28, 1)), PolicyLayer(policy), keras.layers.Flatten(), keras.layers.Dense(10)]
    )
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(images, labels, batch_size=16, epochs=2, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert loaded.layers[0].policy == policy
    assert int(loaded.layers[0].seen) == 64

    batches = gb.augment(tf.data.Dataset.from_tensor_slices((images, labels)).batch(5), policy)
    assert np.array_equal(np.concatenate([x for x, _ in batches]), policy(images))
    with pytest.raises(ValueError, match="map tf.one_hot over them first"):
        gb.augment(tf.data.Dataset.from_tensor_slices((images, labels)).batch(32), Policy(["mixup"]))
    one_hot = np.eye(10, dtype=np.float32)[labels]
    mixed = gb.augment(tf.data.Dataset.from_tensor_slices((images, one_hot)).batch(32), Policy(["mixup"]))
    assert next(iter(mixed))[1].shape == (32, 10)
    with pytest.raises(ValueError, match="the data set holds floats"):
        gb.augment(tf.data.Dataset.from_tensor_slices(images.astype(np.float32)), policy)


MISTAKES = {
    "unknown operation 'rotatoin'; did you mean rotation?": lambda: Operation("rotatoin"),
    "unknown policy or operation 'zom'; did you mean zoom?": lambda: gb.augment(np.zeros((8, 8), np.uint8), "zom"),
    "unknown policy 'strogn'; did you mean strong?": lambda: Policy.named("strogn"),
    "probability of flip is 1.5: it goes from 0 to 1": lambda: Operation("flip", probability=1.5),
    "strength of zoom is -0.1: it goes from 0 to 1": lambda: Operation("zoom", -0.1),
    "strength of zoom is nan: it goes from 0 to 1": lambda: Operation("zoom", float("nan")),
    "seed is -1": lambda: Policy(["flip"], seed=-1),
    "times of a choice is 0": lambda: Choice(("flip",), 0),
    "a choice needs operations": lambda: Choice(()),
    "mixup mixes labels": lambda: Choice(("mixup", "flip")),
    "hue: nothing to do on grey images": lambda: Policy(["hue"], strict=True)(np.zeros((2, 8, 8, 1), np.uint8)),
    "no policy: a JSON object": lambda: Policy.from_json("__import__('os').getcwd()"),
    "has format 99": lambda: Policy.from_json('{"ganbook_policy": 99, "operations": []}'),
    "unknown key 'sede' in a policy; did you mean seed?": lambda: Policy.from_json('{"ganbook_policy": 1, "sede": 3}'),
    "unknown key 'call' in an operation": lambda: Policy.from_json(
        '{"ganbook_policy": 1, "operations": [{"name": "flip", "call": "os.remove"}]}'
    ),
    "an operation has a name": lambda: Policy.from_json('{"ganbook_policy": 1, "operations": [{}]}'),
    "a policy has operations": lambda: Policy.from_json('{"ganbook_policy": 1}'),
    "images have shape (3, 8, 8, 2)": lambda: gb.augment(np.zeros((3, 8, 8, 2), np.uint8)),
    "images are int64": lambda: gb.augment(np.zeros((3, 8, 8, 1), np.int64)),
    "say what black and white are": lambda: gb.augment(np.full((3, 8, 8, 1), 255.0), "flip"),
    "there are 3 images but 2 labels": lambda: gb.augment(np.zeros((3, 8, 8, 1), np.uint8), "flip", [0, 1]),
    "masks have shape (3, 4, 8)": lambda: gb.augment(
        np.zeros((3, 8, 8, 1), np.uint8), "flip", masks=np.zeros((3, 4, 8))
    ),
}


@pytest.mark.parametrize("said", MISTAKES)
def test_mistakes_are_one_clear_line(said):
    with pytest.raises(ValueError, match="[a-z]") as caught:
        MISTAKES[said]()
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_colour_operations_on_grey_pictures_are_left_out_with_one_warning(fashion):
    with pytest.warns(UserWarning, match="hue, saturation: nothing to do on grey images, left out") as caught:
        images = gb.augment(fashion.images[:9], "hue,saturation,flip")
    assert len(caught) == 1
    assert np.array_equal(images, fashion.images[:9, :, ::-1])


def test_more_than_the_memory_holds_is_refused_before_it_is_taken():
    huge = np.broadcast_to(np.zeros((1, 1, 1, 1), np.uint8), (2**22, 1024, 1024, 1))
    with pytest.raises(MemoryError, match=r"more than this machine's memory: write it to a folder"):
        gb.augment(huge, "flip")
