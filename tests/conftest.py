import gc
import os
import signal

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
if "PYTEST_XDIST_WORKER" in os.environ:  # several tests at a time: threads of one would only wait for those of another
    for library in ("TF_NUM_INTRAOP", "OPENBLAS_NUM", "OMP_NUM"):
        os.environ.setdefault(f"{library}_THREADS", "1")

import pytest

# Workers of pytest-xdist ignore it, and so would whatever they start.
signal.signal(signal.SIGINT, signal.default_int_handler)


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


@pytest.fixture(scope="module", autouse=True)
def graphs_are_given_back():
    """A GAN's graphs are cycles, which Python would collect late."""
    yield
    gc.collect()


@pytest.fixture(scope="session")
def weights_of():
    """Every variable of a GAN and of its optimisers, as arrays."""

    def collect(gan):
        return [v.numpy() for v in (*gan.variables, *gan.g_optimizer.variables, *gan.d_optimizer.variables)]

    return collect
