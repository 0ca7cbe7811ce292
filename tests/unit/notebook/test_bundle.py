"""Modules of a panel joined into one, and what cannot be joined."""

import re
from pathlib import Path

import pytest

import ganbook
from ganbook.notebook.panels import bundle
from ganbook.notebook.panels.explanations import EXPLANATIONS

PANELS = Path(ganbook.__file__).parent / "notebook" / "panels"


def write(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.js").write_text(text)
    return folder


def test_a_module_comes_once_and_before_those_that_import_it(tmp_path):
    folder = write(
        tmp_path,
        panel='import {\n  a,\n} from "./one.js";\nimport { b } from "./two.js";\nexport default a + b;\n',
        one='import { b } from "./two.js";\nexport const a = b;\n',
        two="export const b = 1;\n",
    )
    text = bundle.script(folder)
    assert text.split() == ["const", "b", "=", "1;", "const", "a", "=", "b;", "export", "default", "a", "+", "b;"]


@pytest.mark.parametrize(
    "other",
    ["const size = 1;", "export function size() {}", "class size {}", "let size;", "const [left, size] = [1, 2];",
     "const { size, height } = box;", "async function size() {}"],
)  # fmt: skip
def test_two_files_of_a_panel_may_not_declare_the_same_name(tmp_path, other):
    folder = write(tmp_path, panel='import { x } from "./other.js";\nconst size = x;\n', other=f"{other}\n")
    with pytest.raises(ValueError, match=r"other\.js and panel\.js both declare size"):
        bundle.script(folder)


def test_a_name_inside_a_function_is_nobody_else_s_matter(tmp_path):
    folder = write(
        tmp_path,
        panel='import { x } from "./other.js";\nconst size = x;\n',
        other="f(() => {\n  const size = 1;\n});\n",
    )
    assert bundle.script(folder)


@pytest.mark.parametrize("line", ['import { x as y } from "react";', 'import x from "./other.js";'])
def test_an_import_that_cannot_be_joined_is_refused(tmp_path, line):
    with pytest.raises(ValueError, match=re.escape(f"panel.js: cannot join {line!r}")):
        bundle.script(write(tmp_path, panel=f"{line}\n", other=""))


@pytest.mark.parametrize(
    "name",
    [
        "training",
        "browsing",
        "augmentation",
        "inpainting",
        "enhancement",
        "playground",
        "dashboard",
        "lines",
        "sweep",
        "start",
    ],
)
def test_every_panel_is_joined_from_all_of_its_files(name):
    text = bundle.script(PANELS / name)
    assert not re.search(r"^import", text, re.MULTILINE)
    assert len(re.findall(r"^export", text, re.MULTILINE)) == 1
    for file in (PANELS / name).glob("*.js"):
        assert file.read_text().splitlines()[0] in text, f"{file.name} is used by nobody"


def test_an_explanation_that_does_not_exist_is_not_asked_for(tmp_path):
    with pytest.raises(KeyError, match="nothing"):
        bundle.script(write(tmp_path, panel='export default help("nothing");\n'))


def test_every_explanation_stands_behind_some_question():
    asked = set()
    for file in PANELS.rglob("*.js"):
        asked |= set(re.findall(r'\bhelp\("([\w.-]+)"', file.read_text()))
    groups = tuple(key for key in asked if key.endswith("."))
    unasked = {key for key in EXPLANATIONS if key not in asked and not key.startswith(groups)}
    assert not unasked
