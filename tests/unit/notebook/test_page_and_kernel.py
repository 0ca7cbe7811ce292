"""How a page knows that its kernel is at work, and when it has gone: ``shared/store.js`` and ``base.py``."""

import pytest

from ganbook.notebook.panels.base import Panel, verb

# A store that notes what it is told, in a page whose clock is turned by hand.
PAGE = """
  let now = 0, timers = [];
  globalThis.setTimeout = (act, ms) => { timers.push({ act, at: now + ms }); return timers.at(-1); };
  globalThis.clearTimeout = (timer) => { timers = timers.filter((other) => other !== timer); };
  const pass = (seconds) => {
    now += 1000 * seconds;
    for (const timer of timers.filter(({ at }) => at <= now)) { clearTimeout(timer); timer.act(); }
  };
  const model = new Model(), store = new Store(model), seen = [];
  const hear = (kind, n) => model.hear({ kind, n });
  const look = () => seen.push(store.silent);
"""


@pytest.mark.parametrize(
    ("happens", "silent"),
    [
        ("store.send({}); pass(4); look(); pass(2); look();", [False, True]),
        ("store.send({}); hear('taken', 1); pass(60); look();", [False]),
        ("store.send({}); hear('taken', 1); store.send({}); pass(60); look(); pass(61); look();", [False, True]),
        ("store.send({}); hear('taken', 1); hear('done', 1); store.send({}); pass(6); look();", [True]),
        ("store.send({}); pass(6); look(); hear('taken', 1); look();", [True, False]),
        ("store.send({}); hear('taken', 9); pass(60); look(); hear('done', 9); pass(600); look();", [False, False]),
    ],
    ids=["nobody listens", "at work", "at work on an earlier question", "gone after an answer", "back", "other pages"],
)
def test_a_kernel_at_work_is_not_taken_for_one_that_has_gone(in_page, happens, silent):
    assert in_page("shared/store.js", f"{PAGE} {happens} return seen;") == silent


class Slow(Panel):
    @verb
    def _ask(self):
        self.send({"kind": "answer"})

    @verb
    def _fail(self):
        raise ValueError("no")


@pytest.mark.parametrize(("question", "between"), [("ask", "answer"), ("fail", "message"), ("unknown", "message")])
def test_a_question_is_taken_before_the_work_and_done_after_it(question, between):
    panel, sent = Slow(), []
    panel.send = lambda message, *_: sent.append(message)
    panel._receive(None, {"do": question, "n": 7}, [])
    assert [message["kind"] for message in sent] == ["taken", between, "done"]
    assert sent[0]["n"] == sent[-1]["n"] == 7
