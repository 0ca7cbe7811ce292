import numpy as np
from IPython.core.completer import provisionalcompleter


def test_images_in_variables_are_evaluated_and_the_report_is_returned(shell, digits):
    shell.variables |= {"mine": digits.images[:80], "truth": digits.images[100:500]}
    report = shell("%gan_evaluate mine --data truth --space random")
    assert type(report).__name__ == "ImageReport"
    assert report.about["count"] == 80
    assert "too few images for a Fréchet distance" in {verdict.kind for verdict in report.verdicts}
    assert "istinguishable from real images" in shell.out


def test_mistakes_of_an_evaluation_are_one_line(shell):
    shell.variables["mine"] = np.zeros((60, 8, 8), np.uint8)
    assert "%gan_evaluate needs a run or images" in shell.mistake("%gan_evaluate")
    assert "no run 'nothing' in" in shell.mistake("%gan_evaluate nothing")
    assert "did you mean --space?" in shell.mistake("%gan_evaluate mine --spce random")
    assert "images are compared with reference images: give --data" in shell.mistake("%gan_evaluate mine")
    assert "are 8×8×1 and images of digits are 28×28×1" in shell.mistake("%gan_evaluate mine --data digits")


def test_runs_are_compared_and_completed_by_name(shell, tmp_path):
    import ganbook as gb

    for name in ("first", "second"):
        options = {"network": "mlp", "hidden": "16", "image_size": 12, "batch_size": 16, "jit": "off"}
        shell.variables[name] = gb.train("digits", name=name, steps=1, wait=True, **options)
    found = shell("%gan_compare first second --quick")
    assert list(found.runs) == ["first", "second"]
    code = "%gan_compare first sec"
    with provisionalcompleter():
        assert {each.text for each in shell.shell.Completer.completions(code, len(code))} == {"second"}
    assert "compare takes two runs or more of different names" in shell.mistake("%gan_compare first")
