"""An evaluation as HTML: the distance to real data in words, what is wrong, the chief metrics, and the rest folded."""

from __future__ import annotations

import html
from base64 import b64encode
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ganbook.evaluation.diagnosis import Verdict
    from ganbook.evaluation.report import Report

SIGNS = {"good": "✓", "fair": "○", "poor": "✗", "": ""}
# Colours of the notebook's theme, so that the report is legible in both.
STYLE = """<style>
.ganbook-report { max-width: 960px; color: var(--jp-ui-font-color1, inherit); }
.ganbook-report .headline { padding: 8px 12px; border-left: 4px solid var(--jp-brand-color1, #0072b2);
  background: var(--jp-layout-color2, #f6f7f9); font-family: inherit; font-size: 115%; }
.ganbook-report .headline.far { border-left-color: var(--jp-warn-color1, #e0a030); }
.ganbook-report table { margin: 10px 0; }
.ganbook-report th[scope=row] { text-align: left; font-weight: 500; vertical-align: top; }
.ganbook-report th[scope=col], .ganbook-report td { text-align: right; vertical-align: top; white-space: nowrap; }
.ganbook-report .good { color: var(--jp-success-color0, #0b7a4b); text-align: left; }
.ganbook-report .fair { color: var(--jp-ui-font-color2, #646872); text-align: left; }
.ganbook-report .poor { color: var(--jp-error-color1, #c23b22); font-weight: 600; text-align: left; }
.ganbook-report th details { display: inline; font-weight: 400; }
.ganbook-report th details > span { display: block; max-width: 34em; white-space: normal; }
.ganbook-report th summary { display: inline-block; width: 1.5em; margin-left: 4px; border-radius: 50%;
  border: 1px solid var(--jp-border-color2, #ccc); text-align: center; cursor: pointer; font-size: 80%; }
.ganbook-report img { max-width: 100%; border-radius: 6px; }
</style>"""


def page(report: Report, figure: bytes) -> str:
    """Return the report as HTML, with its figure, a PNG."""
    headline, *others = report.verdicts
    items = "".join(f"<li>{_said(verdict)}</li>" for verdict in others)
    first, rest = report._rows()
    png = b64encode(figure).decode()
    alternative = "; ".join(verdict.kind for verdict in report.verdicts)
    more = ""
    if rest:
        more = f"<details><summary>{len(rest)} more metrics</summary>{_table(report, rest)}</details>"
    return (
        f"{STYLE}<div class='ganbook-report'><p><b>{html.escape(report.title)}</b><br>{html.escape(report.space)}</p>"
        f"<p class='headline{' far' if headline.kind.startswith('far') else ''}'>{_said(headline)}</p>"
        f"{f'<ul>{items}</ul>' if items else ''}{_table(report, first)}{more}"
        f"<img alt='{html.escape(alternative)}' src='data:image/png;base64,{png}'></div>"
    )


def _said(verdict: Verdict) -> str:
    kind = verdict.kind[0].upper() + verdict.kind[1:]
    return f"<b>{html.escape(kind)}</b>: {html.escape(verdict.because)}."


def _table(report: Report, rows: list[tuple[str, tuple[str, str, str, str]]]) -> str:
    titles = ("", "samples", f"real {report.noun}s", "", "ideal")
    head = "".join(f"<th scope='col'>{title}</th>" for title in titles)
    body = "".join(_row(report, key, cells) for key, cells in rows)
    return f"<table><tr>{head}</tr>{body}</table>"


def _row(report: Report, key: str, cells: tuple[str, str, str, str]) -> str:
    samples, real, grade, ideal = cells
    row = report.frame.loc[key]
    name = html.escape(f"{row.number} ({row.space})")
    meaning = f"<span>{html.escape(row.meaning)} <i>Careful:</i> {html.escape(row.caveat)}</span>"
    explained = f"<details><summary title='What is this?'>?</summary>{meaning}</details>"
    graded = f"<td class='{grade}'>{SIGNS[grade]} {grade}</td>" if grade else "<td></td>"
    return (
        f"<tr><th scope='row'>{name}{explained}</th><td>{html.escape(samples)}</td><td>{html.escape(real)}</td>"
        f"{graded}<td>{html.escape(ideal)}</td></tr>"
    )
