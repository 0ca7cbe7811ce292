"""Rows of a memory map are read from the disk ahead of their use; which rows come does not depend on it."""

import mmap

import numpy as np
import pytest

from ganbook.data.batches import Batches
from ganbook.data.read_ahead import ReadAhead

PAGE = mmap.PAGESIZE


@pytest.fixture
def mapped(tmp_path):
    """40 rows of half a page each."""
    images = np.random.default_rng(0).integers(0, 256, (40, PAGE // 2), dtype=np.uint8)
    np.save(tmp_path / "images.npy", images)
    return np.load(tmp_path / "images.npy", mmap_mode="r")


class Advised:
    """Stands for the map, and records the advice."""

    def __init__(self, fails=False):
        self.parts, self.fails = [], fails

    def madvise(self, advice, start, length):
        assert advice == mmap.MADV_WILLNEED
        assert start % PAGE == 0
        self.parts.append((start, start + length))
        if self.fails:
            raise OSError("no advice taken here")


def advised(array, fails=False):
    ahead = ReadAhead(array)
    if not ahead.helps:
        pytest.skip("this system takes no advice")
    ahead._map = Advised(fails)
    return ahead


def test_the_advice_covers_the_rows_and_little_more(mapped):
    ahead = advised(np.asarray(mapped))
    rows = np.array([[30, 3], [4, 12]])
    ahead.begin(rows)
    parts, size = ahead._map.parts, PAGE // 2
    for row in rows.ravel():
        start = mapped.offset + row * size
        assert any(first <= start and start + size <= last for first, last in parts)
    assert len(parts) == 3  # 3 and 4 are read together
    assert sum(last - first for first, last in parts) <= len(rows.ravel()) * (size + PAGE)


def test_a_part_of_a_map_is_found_in_it(mapped):
    ahead = advised(mapped[10:])
    ahead.begin(np.array([2]))
    ((first, last),) = ahead._map.parts
    assert first <= mapped.offset + 12 * PAGE // 2 < last


def test_a_system_that_refuses_is_asked_once_a_time(mapped):
    ahead = advised(mapped, fails=True)
    ahead.begin(np.arange(0, 40, 5))
    assert len(ahead._map.parts) == 1


@pytest.mark.parametrize("array", [np.zeros((4, 3)), np.zeros((0, 3)), np.zeros((4, 3)).T])
def test_arrays_in_memory_are_left_alone(array):
    assert not ReadAhead(array).helps
    ReadAhead(array).begin(np.array([1]))


def test_columns_of_a_map_are_left_alone(mapped):
    assert not ReadAhead(mapped[:, ::2]).helps


def test_batches_from_a_map_are_those_from_memory_whatever_was_read_ahead(mapped):
    one, other = Batches(mapped, None, 7, seed=3), Batches(np.array(mapped), None, 7, seed=3)
    for step, count in ((0, 1), (1, 1), (2, 3), (5, 2), (0, 4), (50, 1)):
        assert np.array_equal(one.block(step, count)[0], other.block(step, count)[0])


def test_the_next_steps_are_asked_for_while_these_are_trained_on(mapped):
    batches = Batches(mapped, None, 4, seed=0)
    asked, begin = [], batches._ahead.begin
    batches._ahead.begin = lambda rows: (asked.append(rows.tolist()), begin(rows))
    if not batches._ahead.helps:
        pytest.skip("this system takes no advice")
    batches.block(0, 2)
    assert asked == [batches.indices(0, 2).tolist(), batches.indices(2, 2).tolist()]
