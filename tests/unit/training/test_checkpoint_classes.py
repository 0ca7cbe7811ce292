"""A run is read by a process that did not train it."""

import re
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[3] / "ganbook"


def test_reading_a_checkpoint_knows_every_class_of_ours_that_keras_may_find_in_it():
    pattern = re.compile(r'register_keras_serializable\("ganbook"(?:, name="(\w+)")?\)\nclass (\w+)')
    found = [match for file in PACKAGE.rglob("*.py") for match in pattern.findall(file.read_text())]
    names = [name or class_name for name, class_name in found]
    assert {"GAN", "CompletionGAN", "Augment"} <= set(names)
    script = (
        "import sys, ganbook.training.checkpoint, keras\n"
        "print([n for n in sys.argv[1:] if keras.saving.get_registered_object(f'ganbook>{n}') is None])"
    )
    done = subprocess.run([sys.executable, "-c", script, *names], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
