"""The figures of ``humanize-bot eval``, as people and machines read them."""

import io
import json
from collections.abc import Iterable, Iterator, Mapping

from rich.console import Console
from rich.table import Table

from bot.evaluate import VERDICTS, Figure, SetFigures

WIDTH = 118
SHOWN_RULES = 8


def as_json(found: Iterable[SetFigures]) -> Iterator[str]:
    """A JSON list, one object a set."""
    yield json.dumps([one.model_dump(mode="json") for one in found], ensure_ascii=False, indent=1) + "\n"


def as_text(found: Iterable[SetFigures]) -> Iterator[str]:
    """Tables, one set after the other."""
    for one in found:
        out = io.StringIO()
        console = Console(file=out, width=WIDTH, color_system=None, highlight=False, markup=False, emoji=False)
        console.print(f"{one.path}: {one.n} rows{', as channel messages' if one.as_channel else ''}")
        console.print(_labels(one))
        for line in _lines(one):
            console.print(f"  {line}", soft_wrap=True)
        console.print()
        yield "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def _labels(one: SetFigures) -> Table:
    verdicts = [name for name in VERDICTS if any(name in label.verdicts for label in one.labels.values())]
    table = Table("label", box=None, padding=(0, 2))
    for name in ("n", *verdicts, "speaks up", "(95%)", *(["a draft"] if one.as_channel else [])):
        table.add_column(name, justify="right")
    for name, label in one.labels.items():
        cells = [str(label.n), *(_percent(label.verdicts.get(verdict, 0)) for verdict in verdicts)]
        up = label.speaks_up
        cells += [_percent(up.value), "" if up.low is None else f"{_percent(up.low)} to {_percent(up.high or 0)}"]
        table.add_row(name, *cells, *([_percent(label.drafts)] if one.as_channel else []))
    return table


def _lines(one: SetFigures) -> Iterator[str]:
    for name, figure in one.figures.items():
        line = f"{name.replace('_', ' ')}: {_with_interval(figure)}"
        groups = one.by_group.get(name)
        if groups:
            line += "; by group: " + ", ".join(f"{group} {value:.3f}" for group, value in groups.groups.items())
            line += f"; mean of held-out groups {groups.mean:.3f}" if groups.mean is not None else ""
        yield line
    if one.quiet:
        yield f"false alarms: {one.false_alarms} of {one.quiet}, {one.false_alarms_per_1000} per 1,000"
    if one.false_alarm_rules:
        yield f"rules of the false alarms: {_counts(one.false_alarm_rules)}"
    for name, label in one.labels.items():
        if label.rules:
            yield f"rules on {name}: {_counts(label.rules)}"
    for row in one.wrong:
        yield f"wrong: {row.id}, {row.label}, seen as {row.verdict} ({row.score}) {' '.join(row.rules)}".rstrip()


def _counts(rules: Mapping[str, int]) -> str:
    shown = ", ".join(f"{rule} {times}" for rule, times in list(rules.items())[:SHOWN_RULES])
    return shown + (f" and {len(rules) - SHOWN_RULES} more" if len(rules) > SHOWN_RULES else "")


def _with_interval(figure: Figure) -> str:
    return f"{figure.value:.3f}" + ("" if figure.low is None else f" ({figure.low:.3f} to {figure.high:.3f})")


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"
