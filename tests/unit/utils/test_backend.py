import subprocess
import sys

import pytest

from ganbook.utils import backend

ENABLED = "from tensorflow.python.util import _pywrap_util_port as port; print(port.IsMklEnabled())"


def in_a_new_process(program: str, monkeypatch: pytest.MonkeyPatch) -> bool:
    monkeypatch.delenv(backend.ONEDNN, raising=False)
    return (
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "True\n"
    )


def test_it_is_known_whether_tensorflow_uses_onednn_by_itself(monkeypatch):
    assert in_a_new_process(ENABLED, monkeypatch) == backend.onednn_by_itself()


@pytest.mark.parametrize("recorded", [True, False])
def test_a_process_computes_as_the_run_was_begun(recorded, monkeypatch):
    program = (
        "from ganbook.utils import backend; before = backend.onednn(); "
        f"backend.tensorflow({recorded}); assert before, before; print(backend.onednn())"
    )
    assert in_a_new_process(program, monkeypatch) == recorded


def test_what_the_user_sets_counts_more(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    del sys.modules["tensorflow"]  # restored afterwards
    monkeypatch.setenv(backend.ONEDNN, "0")
    assert not backend.onednn()
