import numpy as np
import pytest

MISTAKES = {
    "%gan_train --networ dcgan": "unknown option --networ; did you mean --network?",
    "%gan_train --network dcgam": "--network dcgam: allowed are auto, compact, photo, dcgan, mlp,",
    "%gan_train --loss wassertein": "did you mean wasserstein?",
    "%gan_train --steps 0": "--steps 0: should be greater than or equal to 1",
    "%gan_train --steps": "argument --steps: expected one argument",
    "%gan_train --learning-rate nan": "--learning-rate nan",
    "%gan_train --steps many": "--steps many",
    "%gan_train --data fashon": "did you mean fashion?",
    "%gan_train --data photso": "did you mean photos?",
    "%gan_train --data number": "number is a variable, but holds a value of type int",
    "%gan_train --data ./nowhere": "no file or folder './nowhere'",
    "%gan_train --data notes.txt": "notes holds one line, 'no pictures'; a GAN needs at least two",
    "%gan_train --data notes.csv": "'notes.csv' is a file but no .npz; read it into an array first",
    "%gan_train --data empty": "no image in",
    "%gan_train --data wrong": "shape (4, 8); allowed is (N, H, W)",
    "%gan_train --channels 2": "--channels 2: allowed are 1, 3",
    "%gan_train --name ../x": "--name ../x: allowed are letters",
    "%gan_train --name <b>x</b>": "--name <b>x</b>: allowed are letters",
    "%gan_train --name 'x": "a quotation mark is not closed in: --name 'x",
    "%gan_train fashion": "unexpected 'fashion': options start with -- (did you mean --data fashion?)",
    "%gan_train --resume nothing": "no run 'nothing' in",
    "%gan_train --resume x --overwrite": "give one of them",
    "%gan_train --augment-weight 1": "--augment-weight extends --loss minimax",
    "%gan_sample nothing": "no run 'nothing' in",
    "%gan_sample": "%gan_sample needs a run",
    "%gan_sample x y": "unexpected 'y': options start with --",
    "%gan_sample x --count 0": "--count 0: should be greater than or equal to 1",
    "%gan_data": "%gan_data needs a data set",
    "%gan_data my photos": "options start with --, and names with spaces need quotes: 'my photos'",
    "%gan_train --data my photos": "names with spaces need quotes: 'my photos'",
    "%gan_data digit": "did you mean digits?",
    "%gan_data emoji --image-size 3": "--image-size 3: should be greater than or equal to 4",
    "%gan_browse": "%gan_browse needs a run or a generator",
    "%gan_browse nothing": "no run 'nothing' in",
    "%gan_browse number": "no run 'number' in",
    "%gan_browse x --sort beuty": "--sort beuty: allowed are drawn, score, nearest",
    "%gan_browse x --truncation 5": "--truncation 5: should be less than or equal to 2",
    "%gan_browse x --checkpoint 5": "unknown option --checkpoint",
    "%gan_playground rings": "unknown points 'rings': give ring, grid, spiral,",
    "%gan_playground digits": "the playground takes points in the plane, and digits holds images",
    "%gan_playground ring --learning-rate 100": "--learning-rate 100: should be less than or equal to 10",
    "%gan_playground ring --hidden 10000": "--hidden 10000: widths are whole numbers from 1 to 4,096",
    "%gan_playground ring --steps 5": "unknown option --steps",
    "%gan_inpaint nowhere.png": "nowhere.png is not an image, folder or data set, and as a run: no run",
    "%gan_inpaint notes.txt": "notes.txt cannot be read: not a JPEG",
    "%gan_inpaint empty": "no image in",
    "%gan_inpaint x y": "unexpected 'y': options start with --",
    "%gan_enhance nowhere.png": "nowhere.png is not an image, folder or data set, and as a run: no run",
    "%gan_enhance photos --run nothing": "no run 'nothing' in",
    "%gan_inpaint photos --run nothing": "no run 'nothing' in",
    "%gan_augment --policy rotatoin": "unknown policy or operation 'rotatoin'; did you mean rotation?",
    "%gan_augment --data digit": "did you mean digits?",
    "%gan_augment leek": "unexpected 'leek': options start with -- (did you mean --data leek?)",
    "%gan_study --data unlabelled": "unlabelled has no labels, and the study trains a classifier: give labels",
    "%gan_study --fractions 0": "a fraction is 0: it is more than 0 and at most 1",
    "%gan_study --fractions few": "--fractions few: write per cent, as in 1,5,100",
    "%gan_study --minutes 0": "--minutes 0: should be greater than 0",
    "%gan_leaks nothing": "no run 'nothing' in",
    "%gan_runs --all": "unknown option --all",
    "%%gan_train\nstep: 3": "line 2: unknown option 'step'; did you mean steps?",
    "%%gan_train\n# first\nsteps 3": "line 3: 'steps 3' is not 'key: value'",
    "%%gan_train\nsteps: 3\n\nsteps: 4": "line 4: steps is given twice",
    "%%gan_train\nsteps:": "line 2: steps has no value",
    "%%gan_train\nname: 'x": "line 2: a quotation mark is not closed",
    "%%gan_train\nwait: maybe": "line 2: wait must be true or false, not 'maybe'",
    "%%gan_train --steps 3\nname: x": "move '--steps 3' there",
}


@pytest.mark.parametrize("code", MISTAKES)
def test_a_mistake_gives_one_line_with_the_nearest_right_name(shell, tmp_path, code):
    for name in ("notes.txt", "notes.csv"):
        (tmp_path / name).write_text("no pictures")
    (tmp_path / "empty").mkdir()
    arrays = {"photos": np.zeros((4, 8, 8), np.uint8), "unlabelled": np.zeros((9, 8, 8), np.uint8)}
    shell.variables |= arrays | {"number": 3, "wrong": np.zeros((4, 8), np.uint8)}
    said = shell.mistake(code)
    assert MISTAKES[code] in said
    assert not (tmp_path / "runs").exists()


def test_an_assigned_magic_gives_the_same_line(shell):
    assert "did you mean --steps?" in shell.mistake("run = %gan_train --step 3")
    assert "run" not in shell.variables


def test_defaults_are_checked_when_they_are_set(shell):
    shell("%config GanMagics.network = 'dcgam'")
    assert shell("%config GanMagics.network") is None
    shell("%config GanMagics.network = 'dcgan'")
    assert shell("%config GanMagics.network") == "dcgan"


def test_a_run_without_weights_cannot_be_sampled(shell, tmp_path):
    from ganbook.config.train import TrainConfig
    from ganbook.training.run_folder import RunFolder

    about = {"name": "digits", "source": "digits", "num_classes": 0}
    RunFolder(tmp_path / "runs" / "new").create({"options": TrainConfig(steps=5).to_save(), "data": about})
    assert "holds no sound checkpoint: train it first" in shell.mistake("%gan_sample new")
