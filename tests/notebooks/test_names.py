"""Variables as data and as runs, and runs as variables."""

import numpy as np
import pytest

from ganbook.notebook import variables

PHOTOS = np.zeros((6, 8, 8), np.uint8)


@pytest.fixture
def asked(shell, monkeypatch):
    """What %gan_train passes on."""
    import ganbook.training.train

    given = {}

    def train(**options):
        given.clear()
        given.update(options)
        raise ValueError("not in this test")

    monkeypatch.setattr(ganbook.training.train, "train", train)

    def run(code):
        shell(code)
        return given

    return run


def test_data_may_be_a_variable(shell, asked):
    from ganbook.data import load

    shell.variables |= {"photos": PHOTOS, "both": (PHOTOS, np.arange(6)), "loaded": load(PHOTOS)}
    assert asked("%gan_train --data photos")["data"] is PHOTOS
    assert asked("%gan_train --data both")["data"] is shell.variables["both"]
    assert asked("%%gan_train\ndata: loaded")["data"] is shell.variables["loaded"]
    assert shell("%gan_data photos").images.shape == (6, 8, 8, 1)
    assert shell("%gan_data photos --report").images.shape == (6, 8, 8, 1)
    assert "6 images are very few" in shell.out


def test_images_of_any_kind_may_be_a_variable_and_are_called_as_it_is(shell, tmp_path):
    import pandas as pd
    from PIL import Image

    variables = {
        "pictures": [Image.fromarray(photo) for photo in PHOTOS], "one": Image.fromarray(PHOTOS[0]),
        "rows": list(PHOTOS), "photos": PHOTOS, "pair": (PHOTOS, np.arange(6)),
        "places": np.random.default_rng(0).normal(size=(60, 2)), "table": pd.DataFrame(np.ones((60, 2))).cumsum(),
        "lines": [f"line {i}" for i in range(60)],
    }  # fmt: skip
    shell.variables |= variables
    for name in variables:
        data = shell(f"%gan_data {name}")
        assert data.name == name, shell.err
    assert shell("import ganbook as gb\ngb.data.load(photos)").name == "array"
    run = shell("%gan_train --data photos --network mlp --hidden 8 --batch-size 2 --jit off --steps 1 --wait")
    assert run.name == "photos-mlp-1"
    assert repr(run).count("mlp on photos")


def test_a_known_name_wins_over_a_variable_and_says_so(shell, asked):
    shell.variables["fashion"] = PHOTOS
    assert asked("%gan_train --data fashion")["data"] == "fashion"
    assert "rename your variable" in shell.out
    del shell.variables["fashion"]
    asked("%gan_train --data fashion")
    assert not shell.out


def test_a_variable_wins_over_a_folder_and_says_so(shell, asked, tmp_path):
    (tmp_path / "photos").mkdir()
    assert asked("%gan_train --data photos")["data"] == "photos"
    shell.variables["photos"] = PHOTOS
    assert asked("%gan_train --data photos")["data"] is PHOTOS
    assert "not the folder; that would be ./photos" in shell.out
    assert asked("%gan_train --data ./photos")["data"] == "./photos"


def test_defaults_apply_where_nothing_is_given(shell, asked):
    shell("%config GanMagics.network = 'dcgan'")
    shell("%config GanMagics.steps = 70")
    shell("%config GanMagics.runs_dir = 'there'")
    assert asked("%gan_train")["network"] == "dcgan"
    assert asked("%gan_train --network mlp")["network"] == "mlp"
    assert "steps" not in asked("%gan_train --seconds 3")
    assert asked("%gan_train --resume x") == {"resume": "x", "runs_dir": "there"}
    assert "in there" in shell.mistake("%gan_sample x")


@pytest.mark.parametrize(
    ("name", "because"),
    [
        ("my-run", "is not a Python name"),
        ("for", "is not a Python name"),
        ("list", "means something else to Python already"),
        ("exit", "means something else to Python already"),
        ("_", "means something else to Python already"),
        ("photos", "holds a value of type ndarray, which was not replaced"),
        ("np", "holds a value of type module, which was not replaced"),
        ("shoes", ""),
    ],
)
def test_a_run_is_put_into_a_variable_unless_that_does_harm(shell, tmp_path, name, because):
    from ganbook.config.train import TrainConfig
    from ganbook.training.run import Run
    from ganbook.training.run_folder import RunFolder

    shell.variables |= {"photos": PHOTOS, "np": np}
    run = Run(RunFolder(tmp_path / name), TrainConfig(steps=5))
    before = shell.variables.get(name)
    remark = variables.put(run, shell.shell)
    assert because in remark
    if because:
        assert "ganbook.load_run(" in remark
        assert shell.variables.get(name) is before
    else:
        assert not remark
        assert shell.variables[name] is run
        assert variables.find_run(name, shell.variables) is run
        assert not variables.put(run, shell.shell), "a newer run takes the place of an older one"


def test_data_of_one_magic_do_not_give_their_name_to_those_of_the_next(shell):
    from ganbook.notebook.magics import GanMagics

    shell.variables["photos"] = PHOTOS
    magics = GanMagics(shell.shell)
    magics._options("gan_data", (), "photos", None)
    assert magics._variable == "photos"
    magics._options("gan_runs", (), "", None)
    assert not magics._variable
