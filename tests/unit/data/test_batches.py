"""Batches: what is in them is a pure function of (seed, step)."""

import time

import numpy as np
import pytest

from ganbook.data.batches import Batches

IMAGES = np.arange(10 * 4, dtype=np.uint8).reshape(10, 2, 2, 1)
LABELS = np.arange(10, dtype=np.int32)


@pytest.mark.parametrize("batch_size", [1, 3, 4, 7, 10])
def test_every_image_is_seen_exactly_once_an_epoch_though_batches_straddle_epochs(batch_size):
    batches = Batches(IMAGES, LABELS, batch_size, seed=1)
    _, labels = batches.block(0, 10)  # batch_size epochs
    for epoch in labels.reshape(-1, 10):
        assert sorted(epoch) == list(range(10))


def test_a_block_is_a_pure_function_of_seed_and_step():
    whole = Batches(IMAGES, LABELS, 4, seed=7).block(0, 30)
    batches = Batches(IMAGES, LABELS, 4, seed=7)
    for step in (29, 0, 13, 2, 3, 12, 13, 7):  # any order, going back too
        images, labels = batches.block(step, 1)
        assert np.array_equal(images[0], whole[0][step])
        assert np.array_equal(labels[0], whole[1][step])
    images, labels = batches.block(11, 9)
    assert np.array_equal(images, whole[0][11:20])
    assert np.array_equal(labels, whole[1][11:20])


def test_images_and_labels_stay_together():
    images, labels = Batches(IMAGES, LABELS, 3, seed=0).block(5, 4)
    assert images.shape == (4, 3, 2, 2, 1)
    assert images.dtype == np.uint8
    assert labels.shape == (4, 3)
    assert labels.dtype == np.int32
    assert np.array_equal(images, IMAGES[labels])


def test_epochs_and_seeds_are_shuffled_differently():
    def order(seed):
        return Batches(IMAGES, LABELS, 10, seed).block(0, 3)[1].tolist()

    first, second, third = order(0)
    assert first != second != third != first
    assert order(0) != order(1)
    assert order(-1) == order(2**64 - 1)  # any integer is a seed
    assert order(0) == order(0)


def test_without_labels_there_are_none():
    images, labels = Batches(IMAGES, None, 2, seed=0).block(0, 2)
    assert images.shape == (2, 2, 2, 2, 1)
    assert labels is None


def test_points_and_memmaps_work_too(tmp_path):
    points = np.random.default_rng(0).normal(size=(50, 2)).astype(np.float32)
    np.save(tmp_path / "points.npy", points)
    mapped = np.load(tmp_path / "points.npy", mmap_mode="r")
    block, _ = Batches(mapped, None, 16, seed=3).block(100, 5)
    assert type(block) is np.ndarray
    assert block.shape == (5, 16, 2)
    assert np.array_equal(block, Batches(points, None, 16, seed=3).block(100, 5)[0])


def test_a_block_of_20_batches_of_128_is_fast():
    batches = Batches(np.zeros((10_000, 28, 28, 1), np.uint8), np.zeros(10_000, np.int32), 128, seed=0)
    batches.block(0, 20)
    best = min(_seconds(lambda step=step: batches.block(step, 20)) for step in range(20, 40))
    assert best < 0.02  # 0.3 ms on an idle machine


def _seconds(call):
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def test_fewer_images_than_a_batch_are_refused_with_what_to_do():
    with pytest.raises(ValueError, match="10 images but batch_size is 64: use --batch-size 10 or less, or more images"):
        Batches(IMAGES, None, 64, seed=0)
    with pytest.raises(ValueError, match="0 images but batch_size is 1: add images"):
        Batches(IMAGES[:0], None, 1, seed=0)


def test_wrong_sizes_and_steps_are_refused():
    with pytest.raises(ValueError, match="batch_size is 0: use 1 or more"):
        Batches(IMAGES, None, 0, seed=0)
    with pytest.raises(ValueError, match="10 images but 9 labels"):
        Batches(IMAGES, LABELS[:9], 2, seed=0)
    batches = Batches(IMAGES, LABELS, 2, seed=0)
    for step, n in ((-1, 1), (0, 0)):
        with pytest.raises(ValueError, match=f"got step {step} and {n} steps"):
            batches.block(step, n)


def test_flipped_images_are_a_pure_function_of_seed_and_step_and_labels_stay():
    plain, flipped = Batches(IMAGES, LABELS, 4, seed=7), Batches(IMAGES, LABELS, 4, seed=7, flip=True)
    (images, labels), (before, unchanged) = flipped.block(0, 500), plain.block(0, 500)
    assert np.array_equal(labels, unchanged)
    mirrored = flipped.mirrored(0, 500)
    assert 0.45 < mirrored.mean() < 0.55
    assert np.array_equal(images, np.where(mirrored[..., None, None, None], before[:, :, :, ::-1], before))
    for step in (7, 499, 0, 13):  # any order, going back too
        assert np.array_equal(flipped.block(step, 1)[0][0], images[step])
    assert not np.array_equal(mirrored, Batches(IMAGES, LABELS, 4, seed=8, flip=True).mirrored(0, 500))
    assert np.array_equal(IMAGES, np.arange(10 * 4).reshape(IMAGES.shape))


def test_rows_of_a_memory_map_are_flipped_in_memory(tmp_path):
    np.save(tmp_path / "rows.npy", IMAGES)
    mapped = np.load(tmp_path / "rows.npy", mmap_mode="r")
    one, other = (Batches(images, None, 3, seed=1, flip=True) for images in (mapped, IMAGES))
    assert np.array_equal(one.block(2, 20)[0], other.block(2, 20)[0])
