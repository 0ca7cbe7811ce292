import json

import numpy as np
import pytest
from IPython.core.completer import provisionalcompleter

from ganbook.training import shipped


@pytest.fixture
def complete(shell):
    def ask(code):
        with provisionalcompleter():
            found = list(shell.shell.Completer.completions(code, len(code)))
        return {code[: each.start] + each.text for each in found} - {code}

    return ask


def test_options_are_completed(complete):
    assert complete("%gan_train --ne") == {"%gan_train --network"}
    assert complete("x = %gan_train --steps 3 --ov") == {"x = %gan_train --steps 3 --overwrite"}
    assert {"%gan_train --resume", "%gan_train --wait", "%gan_train --data"} < complete("%gan_train --")
    assert complete("%gan_train --steps 3 --steps") == set(), "given already"
    assert complete("%%gan_train\nnetw") == {"%%gan_train\nnetwork: "}


@pytest.mark.parametrize(
    ("call", "option"),
    [
        ("train(lea", "learning_rate"), ("train('digits', ste", "steps"), ("evaluate(run, spa", "space"),
        ("inpaint(image, meth", "method"), ("enhance(image, scal", "scale"), ("playground(lear", "learning_rate"),
    ],
)  # fmt: skip
def test_options_of_functions_are_completed(complete, shell, call, option):
    shell("import ganbook as gb")
    started = call.replace("(", " ").replace(",", " ").split()[-1]
    assert f"gb.{call.removesuffix(started)}{option}=" in complete(f"gb.{call}")


def test_choices_are_completed(complete):
    assert {"%gan_train --network mlp", "%gan_train --network dcgan"} <= complete("%gan_train --network ")
    assert complete("%gan_train --loss=w") == {"%gan_train --loss=wasserstein"}
    assert complete("%gan_sample x --weights r") == {"%gan_sample x --weights raw"}
    assert complete("%%gan_train\nsteps: 4\nloss: hi") == {"%%gan_train\nsteps: 4\nloss: hinge"}
    assert complete("%%gan_train\nwait: ") == {"%%gan_train\nwait: true", "%%gan_train\nwait: false"}


@pytest.mark.parametrize(
    "code",
    [
        "%gan_train --learning-rate ", "%gan_train --learning-rate=", "%gan_augment --seed ",
        "%%gan_train\nlearning_rate: ", "%%gan_train\nno_option: ", "%gan_data digits pri",
    ],
)  # fmt: skip
def test_no_names_of_python_are_offered_where_a_magic_takes_something_else(complete, code):
    assert complete(code) == set()


def test_operations_of_a_policy_are_completed_one_after_the_other(complete):
    assert complete("%gan_augment --policy fl") == {
        f"%gan_augment --policy {name}" for name in ("flip", "flip_vertical")
    }
    assert complete("%gan_augment --policy flip,rot") == {"%gan_augment --policy flip,rotation"}
    assert complete("%%gan_train\naugment: flip,rot") == {"%%gan_train\naugment: flip,rotation"}


def test_runs_are_completed(complete, shell, tmp_path):
    folder = tmp_path / "runs" / "boots"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({}))
    of_ganbook = {f"%gan_sample {name}" for name in shipped.names()}
    assert complete("%gan_sample ") == {"%gan_sample boots"} | of_ganbook
    assert complete("%gan_train --resume b") == {"%gan_train --resume boots"}
    assert complete("%%gan_train\nresume: b") == {"%%gan_train\nresume: boots"}
    shell(f"%config GanMagics.runs_dir = {str(tmp_path)!r}")
    assert "%gan_sample boots" not in complete("%gan_sample b")


def test_data_are_completed_by_name_variable_and_path(complete, shell, tmp_path):
    shell.variables |= {"faces": np.zeros((4, 8, 8)), "fast": 3}
    (tmp_path / "families").mkdir()
    np.savez(tmp_path / "farms.npz", images=np.zeros(1))
    (tmp_path / "far.txt").write_text("")
    found = complete("%gan_train --data fa")
    assert found == {
        f"%gan_train --data {name}" for name in ("fashion", "fashion_mnist", "faces", "families/", "farms.npz")
    }
    assert complete("%gan_data dig") == {"%gan_data digits"}
    assert complete("%gan_train --runs-dir fa") == {"%gan_train --runs-dir families/"}
    (tmp_path / "fair.PNG").write_text("")
    assert complete("%gan_inpaint fai") == {"%gan_inpaint fair.PNG"}
    assert complete("%gan_inpaint fac") == {"%gan_inpaint faces"}


def test_other_code_is_left_to_ipython(complete, shell):
    shell.variables["fashionable"] = 1
    assert "fashionable" in complete("fashionab")
    assert "%gan_train" in complete("%gan_tr")
    assert "x = 'a' + fashionable" in complete("x = 'a' + fashionab")


def test_loading_twice_completes_once(complete, shell):
    shell("%reload_ext ganbook")
    own = [each for each in shell.shell.Completer.custom_matchers if "ganbook" in repr(each.matcher_identifier)]
    assert len(own) == 1
    assert sum(type(each).__name__ == "GanMagics" for each in shell.shell.configurables) == 1
