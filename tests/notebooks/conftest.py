import json
import os
import sys

import nbformat
import pytest


class Kernel:
    """A real kernel, cell by cell, as nbclient runs a notebook."""

    def __init__(self, folder, runs, first="%load_ext ganbook"):
        from nbclient import NotebookClient

        self.notebook = nbformat.v4.new_notebook(
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        )
        self._client = NotebookClient(
            self.notebook, timeout=500, allow_errors=True, resources={"metadata": {"path": str(folder)}}
        )
        self._setup = self._client.setup_kernel(env=os.environ | {"GANBOOK_RUNS": str(runs)})
        self._setup.__enter__()
        self.runs = runs
        self.pid = int(self("import os; print(os.getpid())").text)
        self(first)

    def __call__(self, code):
        cell = nbformat.v4.new_code_cell(code)
        self.notebook.cells.append(cell)
        self._client.execute_cell(cell, len(self.notebook.cells) - 1)
        return Outputs(cell.outputs)

    def value(self, expression):
        """A value of the kernel that JSON can carry."""
        answer = self(f"import json; print(json.dumps({expression}))")
        assert not answer.error, answer.error
        return json.loads(answer.text.splitlines()[-1])

    def complete(self, code):
        return self._ask("complete", code)["matches"]

    def inspect(self, code):
        return self._ask("inspect", code)["data"]["text/plain"]

    def _ask(self, request, code):
        from jupyter_core.utils import run_sync

        client = self._client.kc
        message = getattr(client, request)(code, len(code))
        while True:
            reply = run_sync(client.get_shell_msg)(timeout=300)
            if reply["parent_header"].get("msg_id") == message:
                return reply["content"]

    def close(self):
        self._setup.__exit__(None, None, None)


class Outputs(list):
    """What a cell left behind."""

    @property
    def text(self):
        return "".join(o.text for o in self if o.output_type == "stream" and o.name == "stdout")

    @property
    def said(self):
        """Lines on stderr."""
        return "".join(o.text for o in self if o.output_type == "stream" and o.name == "stderr").splitlines()

    @property
    def error(self):
        return next((f"{o.ename}: {o.evalue}" for o in self if o.output_type == "error"), "")

    def data(self, kind):
        """All displays and results of a kind, but for empty ones: a progress bar that came and went leaves one."""
        return [o.data[kind] for o in self if "data" in o and o.data.get(kind)]


@pytest.fixture(scope="module")
def new_kernel(tmp_path_factory):
    """Start a kernel with a folder for its runs; it ends with the tests of the module."""
    kernels = []

    def start(runs=None, **options):
        folder = tmp_path_factory.mktemp("notebook")
        kernels.append(Kernel(folder, runs or folder / "runs", **options))
        return kernels[-1]

    yield start
    for kernel in kernels:
        kernel.close()


class Shell:
    """An IPython shell in this process, without a front end."""

    def __init__(self, shell, capsys):
        self.shell, self._capsys = shell, capsys
        self.variables = shell.user_ns

    def __call__(self, code):
        """Run a cell; return its result, or raise what it raised."""
        self._capsys.readouterr()
        self.result = self.shell.run_cell(code)
        self.out, self.err = self._capsys.readouterr()
        return self.result.result

    def mistake(self, code):
        """The one line that a mistake gives."""
        self(code)
        raised = self.result.error_in_exec or self.result.error_before_exec
        assert type(raised).__name__ == "UsageError", f"{code!r} gave {raised!r}: {self.out}{self.err}"
        lines = [line for line in self.err.splitlines() if line.strip()]
        assert len(lines) == 1, self.err
        assert not self.out
        return lines[0].removeprefix("UsageError: ")


@pytest.fixture
def shell(capsys, monkeypatch, tmp_path):
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    monkeypatch.chdir(tmp_path)
    displayhook, modules = sys.displayhook, dict(sys.modules)
    made = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    answers = Shell(made, capsys)
    answers("%load_ext ganbook")
    yield answers
    InteractiveShell.clear_instance()
    sys.displayhook = displayhook
    sys.modules["__main__"] = modules["__main__"]
