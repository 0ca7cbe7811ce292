"""The curves of the training panel: every point, the last one as well, is the mean of as many reports."""

from types import SimpleNamespace

import pandas as pd

from ganbook.config.train import TrainConfig
from ganbook.notebook.panels.training import messages
from ganbook.training import history


def test_the_last_point_is_the_mean_of_as_many_reports_as_the_others(in_page):
    code = """
      const curves = new Curves();
      curves.replace({ per: 4, columns: { step: [40], seconds: [4], d_loss: [1], g_loss: [1] }, alarms: [] });
      const seen = [];
      for (let i = 1; i <= 5; i++) {
        curves.add({ step: 40 + 10 * i, seconds: 4 + i, d_loss: 2, g_loss: i === 1 ? null : 3 });
        seen.push(Object.values(curves.columns).map((column) => column.at(-1)));
      }
      return seen;
    """
    assert in_page("training/curves.js", code) == [
        [50, 5, 1.25, None],
        [60, 6, 1.5, 2],
        [70, 7, 1.75, 2.5],
        [80, 8, 2, 3],
        [90, 9, 2, 3],
    ]


def test_what_is_measured_at_the_end_belongs_to_the_last_point(in_page):
    code = """
      const curves = new Curves();
      curves.replace({ per: 1, columns: { step: [], seconds: [], d_loss: [], frechet: [] }, alarms: [] });
      curves.add({ step: 10, seconds: 1, d_loss: 2, frechet: 9 });
      curves.add({ step: 20, seconds: 2, d_loss: 1, frechet: null });
      curves.add({ step: 20, seconds: 2, d_loss: null, frechet: 7 });
      curves.add({ step: 20, seconds: 2, d_loss: null, frechet: 8 });
      return [curves.columns, curves.last("frechet")];
    """
    columns = {"step": [10, 20], "seconds": [1, 2], "d_loss": [2, 1], "frechet": [9, 7]}
    assert in_page("training/curves.js", code) == [columns, 7]
    rows = [
        {"step": 10, "seconds": 1, "d_loss": 2, "frechet": 9}, {"step": 20, "seconds": 2, "d_loss": 1},
        {"step": 20, "seconds": 2, "frechet": 7},
    ]  # fmt: skip
    table = pd.concat([history.empty(), pd.DataFrame(rows)])
    sent = messages.curves(SimpleNamespace(history=table, config=TrainConfig(data="digits").resolved()))["columns"]
    assert {name: sent[name] for name in columns} == columns


def test_a_page_that_connects_late_has_no_last_point_of_few_reports():
    count = 2 * messages.POINTS + 1
    rows = [{"step": i, "seconds": i, "d_loss": i, "g_loss": 0.0} for i in range(1, count + 1)]
    table = pd.concat([history.empty(), pd.DataFrame(rows)])
    run = SimpleNamespace(history=table, config=TrainConfig(data="digits").resolved())
    curves = messages.curves(run)
    assert curves["per"] == 3
    assert curves["columns"]["step"][-1] == count
    assert curves["columns"]["d_loss"][-1] == count - 1
