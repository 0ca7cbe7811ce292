import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from ganbook.notebook import panels
from ganbook.notebook.panels import bundle

PANELS = Path(panels.__file__).parent
# What a store of a page speaks to: it keeps what is sent, and hands on what the kernel would say.
MODEL = """
class Model {
  sent = [];
  on(_, hear) { this.hear = hear; }
  get() {}
  send(content) { this.sent.push(content); }
}
"""


@pytest.fixture(scope="session")
def in_page():
    """Run a module of a panel by itself: ``in_page("training/curves.js", code)`` gives what the code returns."""
    node = shutil.which("node")
    if node is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("there is no node on the PATH")

    def run(module, code):
        file = PANELS / module
        text = bundle.script(file.parent, file.name) + MODEL
        text += f"console.log(JSON.stringify(await (async () => {{ {code} }})() ?? null)); process.exit();"
        done = subprocess.run(
            [node, "--input-type=module", "-"], input=text, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run
