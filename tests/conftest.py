import atexit
import gc
import os
import shutil
import signal
import sys
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")  # as ganbook does, which may import it later than a test
if "PYTEST_XDIST_WORKER" in os.environ:  # several tests at a time: threads of one would only wait for those of another
    for library in ("TF_NUM_INTRAOP", "OPENBLAS_NUM", "OMP_NUM"):
        os.environ.setdefault(f"{library}_THREADS", "1")

if "TF_XLA_FLAGS" not in os.environ:  # what XLA has compiled is read by all workers, kernels and terminals of a session
    compiled = tempfile.mkdtemp(prefix="ganbook-xla-")
    atexit.register(shutil.rmtree, compiled, ignore_errors=True)
    os.environ["TF_XLA_FLAGS"] = f"--tf_xla_persistent_cache_directory={compiled}"

import pytest

# Workers of pytest-xdist ignore it, and so would whatever they start.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Fixtures that every worker can make for itself in no time.
CHEAP = {"digits", "some_digits", "one_cache_for_all_tests", "weights_of", "small", "emoji", "fashion", "two", "photo"}


def pytest_addoption(parser):
    parser.addoption("--slow", action="store_true", help="run the tests marked slow, too, as CI does")


def pytest_configure(config):
    """Plain ``pytest`` leaves out what is slow; CI does not, and neither does ``pytest FILE_OR_FOLDER``."""
    named = config.args_source is not pytest.Config.ArgsSource.TESTPATHS
    if named or os.environ.get("CI"):
        config.option.slow = True  # which workers of pytest-xdist receive


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(config, items):
    for item in items:
        in_browser = "server" in item.fixturenames  # a real JupyterLab, of which one at a time is enough for two cores
        if in_browser:
            item.add_marker(pytest.mark.slow)
        if not config.option.slow and item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.skip(reason="slow: pytest --slow runs it, and so does CI"))
        if _shares(item):
            item.add_marker(pytest.mark.xdist_group("browser" if in_browser else item.location[0]))


def _shares(item):
    """Whether a test uses what is made once a module or session, as a run or a kernel is: its file stays together."""
    ours = [fixtures[-1] for fixtures in item._fixtureinfo.name2fixturedefs.values() if fixtures[-1].baseid]
    return any(fixture.scope in ("session", "module") and fixture.argname not in CHEAP for fixture in ours)


def pytest_runtest_teardown(item, nextitem):
    if nextitem is None or nextitem.module is not item.module:
        gc.collect()  # a GAN's graphs are cycles, which Python would collect late
        if "tensorflow" in sys.modules and not gc.get_freeze_count():
            gc.freeze()  # its own half a million objects stay: no need to go through them each time


@pytest.fixture(scope="session")
def digits():
    """The bundled digits."""
    from ganbook.data import load

    return load("digits")


@pytest.fixture(scope="session")
def some_digits(digits):
    """A few hundred real digits and their labels, as a user would pass an array."""
    return digits.images[:320], digits.labels[:320]


@pytest.fixture(scope="session", autouse=True)
def one_cache_for_all_tests(tmp_path_factory):
    """What is learned of the bundled data is learned once, by whichever worker comes first."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GANBOOK_CACHE", str(shared / "cache"))
        yield


@pytest.fixture
def empty_cache(tmp_path, monkeypatch):
    """A cache of the test's own."""
    monkeypatch.setenv("GANBOOK_CACHE", str(tmp_path / "cache"))


@pytest.fixture(autouse=True)
def runs_in_a_temporary_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("GANBOOK_RUNS", str(tmp_path / "runs"))


@pytest.fixture(scope="session")
def weights_of():
    """Every variable of a GAN and of its optimisers, as arrays."""

    def collect(gan):
        return [v.numpy() for v in (*gan.variables, *gan.g_optimizer.variables, *gan.d_optimizer.variables)]

    return collect
