"""Runs that come with ganbook: complete, like every other run, and left alone by what is done with them."""

import keras
import numpy as np
import pytest

import ganbook as gb
from ganbook.training import shipped
from ganbook.utils.files import sha256


def contents(folder):
    return {str(file.relative_to(folder)): sha256(file) for file in sorted(folder.rglob("*")) if file.is_file()}


@pytest.mark.parametrize("name", shipped.names())
def test_a_run_that_comes_with_ganbook_is_whole_and_goes_on(name, tmp_path):
    before = contents(shipped.RUNS / name)
    run = gb.load_run(name, runs_dir=tmp_path)
    assert run.state == "finished"
    assert contents(run.folder.path) == before
    assert len(run.history) > 100
    z = run.gan.noise(2, 0)
    generator = keras.saving.load_model(run.folder.path / "generator.keras")
    np.testing.assert_allclose(generator(z), run.gan.sample(z), atol=1e-5)
    steps = run.steps_done
    run.extend(steps=2).wait()
    assert run.steps_done == steps + 2
    assert contents(shipped.RUNS / name) == before


def test_there_is_one_of_images_and_one_of_lines(tmp_path):
    assert shipped.names() == ["fashion-example", "names-example"]
    assert gb.load_run("fashion-example", runs_dir=tmp_path).sample(3).shape == (3, 28, 28, 1)
    assert all(isinstance(line, str) for line in gb.load_run("names-example", runs_dir=tmp_path).sample(3))


def test_what_is_called_so_already_is_left_alone(tmp_path):
    (tmp_path / "fashion-example").mkdir()
    (tmp_path / "fashion-example" / "mine.txt").write_text("mine")
    with pytest.raises(FileNotFoundError, match="no run 'fashion-example'"):
        gb.load_run("fashion-example", runs_dir=tmp_path)
    assert [file.name for file in (tmp_path / "fashion-example").iterdir()] == ["mine.txt"]


def test_where_no_run_is_their_names_are_told(tmp_path):
    with pytest.raises(FileNotFoundError, match="fashion-example and names-example come with ganbook") as told:
        gb.load_run("shoes", runs_dir=tmp_path / "none")
    assert "\n" not in str(told.value)
    assert not (tmp_path / "none").exists()
