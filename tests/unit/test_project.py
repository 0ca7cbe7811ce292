"""Promises about the project itself."""

import ast
import importlib
import re
import subprocess
import sys
import tomllib
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "ganbook"
MODULES = {
    ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): file
    for file in sorted(PACKAGE.rglob("*.py"))
}
FRONT_DOOR = "ganbook"  # ganbook/__init__.py may name every folder
LAYERS = [
    layer.split(" | ")
    for layer in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]["layers"]
]


def test_environment_yml_asks_for_what_pyproject_does():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {*project["dependencies"], *project["optional-dependencies"]["lab"]}
    conda = re.findall(r"^ +- ([a-z].*>=.*)$", (ROOT / "environment.yml").read_text(), re.M)
    assert {f"python{project['requires-python']}", *wanted} == set(conda)


def test_importing_ganbook_imports_no_tensorflow():
    script = "import sys, ganbook; print([m for m in ('tensorflow', 'keras', 'numpy', 'pandas') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_public_name_exists():
    import ganbook

    assert all(getattr(ganbook, name) is not None for name in ganbook.__all__)
    assert set(ganbook.__all__) <= set(dir(ganbook))


def test_committed_files_name_no_path_of_this_machine():
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    texts = [f for f in files if f.endswith((".py", ".md", ".toml", ".yml", ".ipynb", ".js", ".css"))]
    places = [f"{place}/" for place in (Path.home(), ROOT) if len(place.parts) > 1]
    guilty = [f for f in texts if any(place in (ROOT / f).read_text() for place in places)]
    assert guilty == []


def test_the_package_holds_folders_and_the_front_door_alone():
    loose = {path.name for path in PACKAGE.iterdir() if path.is_file()}
    assert loose == {"__init__.py", "py.typed"}


def level(module):
    """Return the number of a module's layer, 0 on top, and its folder."""
    folder = ".".join(module.split(".")[:2])
    return next(number for number, layer in enumerate(LAYERS) if folder in layer), folder


def modules_named_in_strings(tree):
    """Yield the modules that strings name: "ganbook.a.b", "ganbook.a.b:member" or f"ganbook.a.b.{name}"."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            name = re.match(r"(ganbook(?:\.\w+)+)(?::\w+|\.)?$", node.value)
            if name:
                yield name[1]


def test_modules_named_in_strings_lie_on_the_same_or_a_lower_layer():
    named = {
        (module, name)
        for module, file in MODULES.items()
        if module != FRONT_DOOR
        for name in modules_named_in_strings(ast.parse(file.read_text()))
    }
    assert ("ganbook.studies", "ganbook.studies.leak_test") in named, "lazy tables are read"
    assert sorted((module, name) for module, name in named if name not in MODULES) == []
    upward = []
    for module, name in named:
        (own_level, own_folder), (its_level, its_folder) = level(module), level(name)
        if its_folder != own_folder and its_level <= own_level:
            upward.append(f"{module} names {name}")
    assert sorted(upward) == []


LAZY = [module for module, file in MODULES.items() if "_MEMBERS = {" in file.read_text()]


@pytest.mark.parametrize("package", LAZY)
def test_every_lazy_name_exists(package):
    module = importlib.import_module(package)
    for name in module._MEMBERS:
        assert getattr(module, name) is not None
    assert set(module.__all__) == set(module._MEMBERS) <= set(dir(module))


def test_no_modules_import_each_other_in_a_cycle():
    graph = grimp.build_graph("ganbook", exclude_type_checking_imports=True, cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules - {FRONT_DOOR}}
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        pytest.fail("a cycle of imports: " + " imports ".join(reversed(error.args[1])))


@pytest.mark.parametrize("file", sorted((ROOT / "benchmarks").rglob("*.py")), ids=lambda file: file.stem)
def test_benchmarks_ask_for_what_there_is(file):
    """They run seldom: a name that was changed since would be noticed late."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] in ("ganbook", "benchmarks"):
            module = importlib.import_module(node.module)
            for alias in node.names:
                if not hasattr(module, alias.name):
                    importlib.import_module(f"{node.module}.{alias.name}")


def test_whatever_ships_is_in_the_list_of_what_ships():
    """An editable install, which tests have, would not miss it."""
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]["ganbook"]
    listed = {path for pattern in patterns for path in PACKAGE.glob(pattern)}
    there = subprocess.run(["git", "ls-files", "ganbook"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = {ROOT / line for line in there.splitlines() if not line.endswith(".py")}
    assert files
    assert files <= listed
