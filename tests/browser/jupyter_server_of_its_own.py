"""Start Jupyter apart from the user's own, open a notebook in it, and ask its kernel from outside."""

import ast
import json
import os
import queue
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

SETTINGS = {
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
    "@jupyter-widgets/jupyterlab-manager/plugin": {"saveState": False},
}
WIDGETS = "application/vnd.jupyter.widget-state+json"
SAVING_WIDGETS = {"@jupyter-widgets/jupyterlab-manager/plugin": {"saveState": True}}

# No widget waits for its state any more: it is shown, or said not to be there.
WIDGETS_READ = (
    "() => { const outputs = [...document.querySelectorAll('.jp-OutputArea-output')];"
    " return outputs.length && outputs.every(e => e.textContent !== 'Loading widget...') }"
)
LOADS, LOADING = 3, 90_000  # times, ms

# Makes a kernel as good as new for the next page, but for what it has imported: TensorFlow takes seconds.
EMPTIED = """
import gc, sys
from ipywidgets import Widget
shell = get_ipython()
for run in sys.modules["ganbook.training.active"].active_runs() if "ganbook.training.active" in sys.modules else ():
    run.stop()
    run.ended.wait(300)
Widget.close_all()
shell.extension_manager.loaded.discard("ganbook")
shell.reset()
gc.collect()
"""

# Notebook 7.6 raises these while it starts, the first with an empty notebook and nothing of ours, the second when
# the machine is slow.
NOTEBOOK_S_OWN = (
    "Cannot read properties of undefined (reading 'schema')",
    "Command 'filebrowser:open-path' not registered",
)


def look(element, name):
    """Take a picture for somebody to look at, NAME.png, if ``GANBOOK_LOOK`` names a folder."""
    if folder := os.environ.get("GANBOOK_LOOK"):
        element.screenshot(path=Path(folder) / f"{name}.png", animations="disabled")


class Server:
    """``jupyter lab``, which serves Notebook 7 too."""

    def __init__(self, folder):
        self.folder, self.work = folder, folder / "work"
        self.work.mkdir()
        places = {
            "JUPYTER_CONFIG_DIR": "config", "JUPYTER_RUNTIME_DIR": "runtime", "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces", "IPYTHONDIR": "ipython", "JUPYTER_DATA_DIR": "data",
        }  # fmt: skip
        self.environment = os.environ | {name: str(folder / place) for name, place in places.items()}
        self.environment.pop("GANBOOK_RUNS", None)  # runs are then beside the notebook
        self.session = None  # of a notebook that was closed, with a kernel that the next one may have
        self.tab = None  # with JupyterLab, from which the last notebook was closed
        self.settings({})

    def settings(self, more):
        """Write the settings of the next page that opens."""
        for plugin in (*SETTINGS, "@jupyterlab/apputils-extension/themes"):  # the last page may have changed that
            file = self.folder / "settings" / f"{plugin}.jupyterlab-settings"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps((SETTINGS | more).get(plugin, {})))

    def __enter__(self):
        command = [
            sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.port=0",
            "--ServerApp.port_retries=0", "--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True",
            "--LabApp.expose_app_in_browser=True",
            "--JupyterNotebookApp.expose_app_in_browser=True", f"--ServerApp.root_dir={self.work}",
        ]  # fmt: skip
        self.log = (self.folder / "log").open("w")
        self.process = subprocess.Popen(command, env=self.environment, stdout=self.log, stderr=self.log, cwd=self.work)
        deadline = time.monotonic() + 300  # its import may have to wait for the disk
        while time.monotonic() < deadline and self.process.poll() is None:
            for file in (self.folder / "runtime").glob("jpserver-*.json"):
                with suppress(json.JSONDecodeError):  # it is being written
                    self.url = json.loads(file.read_text())["url"].rstrip("/")
                    return self
            time.sleep(0.1)
        self.process.terminate()
        raise RuntimeError((self.folder / "log").read_text())

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()

    def api(self, path, method="GET", content=None):
        """Ask the server."""
        body = None if content is None else json.dumps(content).encode()
        request = urllib.request.Request(f"{self.url}/api/{path}", body, method=method)
        with urllib.request.urlopen(request, timeout=300) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def hand_on_kernel(self, path):
        """Give the notebook at a path the kernel of the page before; if there is none, JupyterLab starts one."""
        if self.session:
            self.api(f"sessions/{self.session}", "PATCH", {"path": path})
            self.session = None
            kernel = Kernel(self, path)
            kernel.run(f"import os; os.chdir({str((self.work / path).parent)!r}); del os")
            kernel.close()


class Kernel:
    """A second client of the kernel that a page uses."""

    def __init__(self, server, path):
        from jupyter_client import BlockingKernelClient

        sessions = [s for s in server.api("sessions") if s["path"] == path]
        self.session, self.id = sessions[0]["id"], sessions[0]["kernel"]["id"]
        self._client = BlockingKernelClient(connection_file=str(server.folder / "runtime" / f"kernel-{self.id}.json"))
        self._client.load_connection_file()
        self._client.start_channels()

    def __call__(self, expression):
        """Return the value of an expression in the kernel, a literal."""
        answer = self._execute("", {"it": f"repr({expression})"})["user_expressions"]["it"]
        if answer["status"] != "ok":
            raise RuntimeError(f"{expression}: {answer['ename']}: {answer['evalue']}")
        return ast.literal_eval(ast.literal_eval(answer["data"]["text/plain"]))

    def run(self, code):
        """Execute statements in the kernel."""
        answer = self._execute(code, {})
        if answer["status"] != "ok":
            raise RuntimeError(f"{answer['ename']}: {answer['evalue']}")

    def _execute(self, code, expressions):
        message = self._client.execute(code, silent=True, store_history=False, user_expressions=expressions)
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline:
            reply = self._client.get_shell_msg(timeout=300)
            if reply["parent_header"].get("msg_id") == message:
                return reply["content"]
        raise TimeoutError(code or expressions)

    def until(self, expression, wanted, seconds=300):
        """Wait until an expression has a value; return the seconds that took."""
        began = time.monotonic()
        while (value := self(expression)) != wanted:
            if time.monotonic() - began > seconds:
                raise AssertionError(f"{expression} is {value!r} after {seconds} s, not {wanted!r}")
            time.sleep(0.02)
        return time.monotonic() - began

    def close(self):
        self._client.stop_channels()


class Page:
    """A notebook opened in a browser, if it can be in the tab of the last one: JupyterLab takes long to load.

    One that loads again to find its panels in the kernel has a tab of its own.
    """

    def __init__(
        self,
        context,
        server,
        cells,
        *,
        app="lab",
        name="test",
        width=1280,
        height=1000,
        settings=(),
        dark=False,
        own=False,
        run=True,
    ):
        import nbformat

        number = sum(1 for _ in server.work.iterdir())
        (server.work / str(number)).mkdir()
        self.server, self.context, self.app, self.path = server, context, app, f"{number}/{name}.ipynb"
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(book, server.work / self.path)
        server.hand_on_kernel(self.path)
        self.faults = []
        loaded = server.tab if app == "lab" and not (own or settings) else None
        self.page = loaded or context.new_page()
        self._listeners = {
            "pageerror": self._page_error, "requestfailed": self._request_failed, "console": self._console,
        }  # fmt: skip
        self.page.set_default_timeout(300_000)
        for event, listener in self._listeners.items():
            self.page.on(event, listener)
        self.page.set_viewport_size({"width": width, "height": height})
        if loaded:
            server.tab = None
            self._leaving = False
            self.page.evaluate("path => { jupyterapp.commands.execute('docmanager:open', { path }) }", self.path)
            self._until_connected()
        else:
            server.settings(dict(settings))
            self.go()
        self._own, self._dark = bool(own or settings), dark
        if dark:
            self.theme("Dark")
        self.kernel = Kernel(server, self.path)
        if run:
            self.run_all(len(cells))

    def _console(self, message):
        slow_machine = "to activate" in message.text  # how long JupyterLab took for a plugin
        if "anywidget" in message.text and not slow_machine:
            self.faults.append(f"console: {message.text}")

    def _page_error(self, error):
        own = "notebook_core" in error.stack and any(words in error.stack for words in NOTEBOOK_S_OWN)
        if not own:
            self.faults.append(f"page error: {error.name} {error.message} {error.stack}")

    def _request_failed(self, request):
        # What was on its way when the page was left is aborted by the browser.
        if not (self._leaving and request.failure == "net::ERR_ABORTED"):
            self.faults.append(f"failed: {request.url} {request.failure}")

    def go(self):
        """Load the page and wait for its kernel."""
        self._leaving = True
        place = {"lab": f"lab/tree/{self.path}?reset", "notebook": f"notebooks/{self.path}"}[self.app]
        self.page.goto(f"{self.server.url}/{place}")
        self._until_connected()
        self._leaving = False
        if self.app == "lab":
            self.page.evaluate("jupyterapp.shell.collapseLeft()")

    def _until_connected(self):
        self.wait(
            "path => { const shown = globalThis.jupyterapp?.shell.currentWidget; return shown?.context?.path === path"
            " && shown.sessionContext?.session?.kernel?.connectionStatus === 'connected' }",
            self.path,
        )

    def _until_welcomed(self):
        """Wait until JupyterLab has met the kernel: closed before, it rejects a promise that nobody holds."""
        self.wait(
            "() => { const kernel = jupyterapp.shell.currentWidget.sessionContext.session?.kernel;"
            " return kernel?.connectionStatus !== 'connected' || (kernel.status !== 'unknown' &&"
            " [...kernel._futures.values()].every(f => f.msg.header.msg_type !== 'create_subshell_request')) }"
        )

    def open_with_a_new_kernel(self):
        """Load the page as on the next day: its kernel is a new one, which knows no panel.

        Where the connection to that breaks while the page loads, JupyterLab never reads what was saved of widgets and
        says "Loading widget..." for ever: then it is loaded again.
        """
        from playwright.sync_api import TimeoutError as StillLoading

        self._leaving = True
        self.page.goto("about:blank")
        self.server.api(f"sessions/{self.kernel.session}", "PATCH", {"path": "aside"})
        for _ in range(LOADS):
            self.go()
            with suppress(StillLoading):
                return self.wait(WIDGETS_READ, timeout=LOADING)
        raise TimeoutError(f"JupyterLab did not read the notebook's widgets in {LOADS} loads")

    def wait(self, condition, arg=None, timeout=300_000):
        """Wait until JavaScript is true of the page. Asked in each frame, as is usual, it would keep the page busy."""
        self.page.wait_for_function(condition, arg=arg, timeout=timeout, polling=50)

    def run_all(self, cells):
        """Run all cells and wait until each has been executed."""
        self.page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells') }")
        self.wait(
            "n => jupyterapp.shell.currentWidget.content.widgets.slice(0, n).every(c => c.model.executionCount)",
            cells,
        )

    def theme(self, name):
        """Change to the theme Light or Dark, and wait until JupyterLab's splash is gone: two would collide."""
        self.page.evaluate(
            f"() => {{ jupyterapp.commands.execute('apputils:change-theme', {{ theme: 'JupyterLab {name}' }}) }}"
        )
        light = str(name == "Light").lower()
        self.wait(
            f"() => document.body.dataset.jpThemeLight === '{light}' && !document.querySelector('#jupyterlab-splash')"
        )

    def save(self):
        """Save the notebook."""
        self.page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
        self.wait("() => !jupyterapp.shell.currentWidget.context.model.dirty")

    def save_with_widgets(self, shows):
        """Save the notebook as soon as a widget remembers a message of which ``shows`` is true."""
        for _ in range(300):
            self.save()
            saved = json.loads((self.server.work / self.path).read_text())
            widgets = saved["metadata"].get("widgets", {}).get(WIDGETS, {"state": {}})["state"].values()
            if any(shows(widget["state"]["saved"]) for widget in widgets if widget["state"].get("saved")):
                return
            self.page.wait_for_timeout(200)
        raise TimeoutError("no widget remembers that")

    def panel(self, which=0):
        """Return the panel's element."""
        return self.page.locator(".gb-training").nth(which)

    def button(self, text, which=0):
        return self.panel(which).get_by_role("button", name=text, exact=True)

    def close(self):
        """Close the notebook, hand back its kernel or end it, and fail if anything went wrong in the page."""
        self.page.screenshot(path=self.server.folder / "last.png")
        if self.app == "lab" and not self._own and not self.faults:
            self._until_welcomed()
            self.page.evaluate("() => jupyterapp.shell.currentWidget.dispose()")
            if self._dark:
                self.theme("Light")
            self.server.tab = self.page
            for event, listener in self._listeners.items():
                self.page.remove_listener(event, listener)
        else:
            self.page.close()
        alive = self.kernel.session in [session["id"] for session in self.server.api("sessions")]
        if alive and not (self.faults or self.server.session):
            with suppress(RuntimeError, TimeoutError, queue.Empty):
                self.kernel.run(EMPTIED)
                self.server.session = self.kernel.session
        self.kernel.close()
        for session in self.server.api("sessions"):
            if session["id"] != self.server.session:
                self.server.api(f"sessions/{session['id']}", "DELETE")
        assert not self.faults, self.faults
