"""Promises about the project itself."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


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
