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


# Keras and TensorFlow cannot be imported here; `loud` are the calls that would have done so with the banner.
BANNER = """
import sys
import ganbook as gb
from ganbook.utils import backend

class Guard:
    def find_spec(self, name, path=None, target=None):
        if name in ("keras", "tensorflow"):
            raise InterruptedError("quiet" if backend._importing.locked() else "loud")

sys.meta_path.insert(0, Guard())
calls = {
    "GAN": lambda: gb.GAN,
    "losses": lambda: gb.losses,
    "networks": lambda: gb.networks.build("mlp", (8, 8, 1)),
    "PolicyLayer": lambda: gb.augmentation.PolicyLayer,
    "mnist": lambda: gb.data.load("mnist"),
    "train": lambda: gb.train("digits", steps=1, wait=True),
    "evaluate": lambda: gb.evaluate(gb.data.load("digits").images[:99], data="digits"),
    "leaks": lambda: gb.studies.leaks("digits"),
    "study": lambda: gb.studies.augmentation("digits", "study"),
    "deep-prior": lambda: gb.inpaint(image, image[..., 0] > 99, method="deep-prior"),
    "enhance": lambda: gb.enhance(image, 2),
    "enhancement study": lambda: gb.studies.enhancement([image], methods="bicubic"),
}
image = gb.data.load("digits").images[0]
for name, call in calls.items():
    try:
        call()
    except InterruptedError as error:
        print(name, error)
    except Exception as error:
        print(name, type(error).__name__, error)
"""


def test_keras_is_imported_without_the_banner_whatever_is_used_first(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TF_CPP_MIN_LOG_LEVEL", raising=False)
    done = subprocess.run([sys.executable, "-c", BANNER], capture_output=True, text=True, check=True)
    said = dict(line.rsplit(" ", 1) for line in done.stdout.splitlines())
    assert set(said.values()) == {"quiet"}, done.stdout
    assert len(said) > 9


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
