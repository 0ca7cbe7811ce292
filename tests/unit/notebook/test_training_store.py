"""What a page knows of a run: commands are under way no longer than they are, an ended kernel is noticed."""

import pytest

BEGIN = """
  const model = new Model();
  let follow;
  model.widget_manager = { kernel: { statusChanged: { connect: (slot, self) => (follow = slot.bind(self)) } } };
  const store = new RunStore(model);
  const news = (state) => model.hear({ kind: "news", rows: [], now: { state } }, []);
  const all = { kind: "all", about: {}, curves: { per: 1, columns: { step: [] }, alarms: [] }, previews: [] };
  model.hear({ ...all, now: { state: "training" } }, []);
"""


@pytest.mark.parametrize(
    ("command", "before", "after"),
    [
        *(("pause", "training", state) for state in ("paused", "finished", "stopped", "failed")),
        *(("stop", "training", state) for state in ("finished", "stopped", "failed")),
        *(("resume", "paused", state) for state in ("training", "preparing", "queued", "finished", "failed")),
    ],
)
def test_a_command_is_under_way_until_the_run_has_left_its_state(in_page, command, before, after):
    code = f"""
      news("{before}");
      store.press("{command}");
      news("{before}"); // said before the command arrived
      const meanwhile = store.pressed;
      news("{after}");
      return [meanwhile, store.pressed];
    """
    assert in_page("training/store.js", BEGIN + code) == [command, ""]


def test_that_the_kernel_ends_is_known_from_its_status(in_page):
    code = """
      const known = [store.silent];
      for (const status of ["busy", "idle", "restarting"]) {
        follow(null, status);
        known.push(store.silent);
      }
      return known;
    """
    assert in_page("training/store.js", BEGIN + code) == [False, False, False, True]
