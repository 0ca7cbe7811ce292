"""What the kernel tells the training panel."""

import json

import ganbook as gb
from ganbook.notebook.panels.training.panel import TrainingPanel


def test_what_a_button_adds_does_not_grow_with_the_run(tmp_path, some_digits):
    run = gb.train(some_digits[0], network="mlp", hidden="8", jit="off", steps=20, runs_dir=tmp_path, wait=True)
    panel, sent = TrainingPanel(run), []
    panel.send = lambda content, buffers=(): sent.append(content)
    for steps in (20, 40, 60):
        assert run.steps_done == steps
        panel.send_all()
        assert sent[-1]["about"]["more"] == {"budget": "steps", "count": 20}
        run.extend(**{more["budget"]: more["count"] for more in [sent[-1]["about"]["more"]]}).wait()
    panel.close()


def test_a_run_whose_options_name_no_end_is_shown(tmp_path, some_digits):
    run = gb.train(some_digits[0], network="mlp", hidden="8", jit="off", steps=20, runs_dir=tmp_path, wait=True)
    file = run.folder.path / "config.json"
    content = json.loads(file.read_text())
    del content["options"]["steps"], content["options"]["seconds"]
    file.write_text(json.dumps(content))
    panel, sent = TrainingPanel(gb.load_run(run.name, tmp_path)), []
    panel.send = lambda content, buffers=(): sent.append(content)
    panel.send_all()
    assert sent[-1]["about"]["more"] == {"budget": "steps", "count": 1000}
    assert (sent[-1]["now"]["steps_wanted"], sent[-1]["now"]["seconds_wanted"]) == (None, None)
    panel.close()
