"""How good is the detection? Labelled texts in, figures with intervals out.

A set is a CSV with the columns ``text`` and ``label``; ``id``, ``group`` (a company, a source) and ``speak`` (yes or
no: should a coach say something?) are used where they are there. Nothing is fitted here, so a group's own figure is
what it would be were that group held out.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from random import Random
from typing import NamedTuple, get_args

from bot.coach import Coach, DraftError
from bot.inputs import InputError, read_table
from bot.models import Category, Context, Model, Review, Verdict

TALKING_WITH = frozenset(("conversation", "reply", "human"))
"""Labels that the score should rank above all others."""
QUIET = TALKING_WITH | {"personal", "chatter", "approved", "plain", "written"}
"""Labels of texts that a coach leaves alone; in a set with a ``speak`` column that column decides."""
VERDICTS: tuple[str, ...] = get_args(Verdict)
CATEGORIES: tuple[str, ...] = get_args(Category)
MIN_SIDE = 5
"""A group counts in the mean of the groups when it has this many rows on either side."""
SEED = 2024
SPEAK = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


class Row(NamedTuple):
    """One labelled text and what the coach made of it."""

    id: str
    label: str
    group: str
    speak: bool | None
    """Should a coach speak up? None when the set does not say."""
    review: Review

    @property
    def spoken(self) -> bool:
        """Did it: a verdict other than human, with a flag."""
        return self.review.verdict != "human" and bool(self.review.flags)


class _Seen(NamedTuple):
    """What all figures are made of; few rows differ in it, which keeps the resampling fast."""

    label: str
    speak: bool | None
    spoken: bool
    verdict: str
    score: int
    megaphone: float


_Tally = Mapping[_Seen, int]


class Figure(Model):
    """A share or an AUC with its 95% bootstrap interval (percentiles); 0 to 1."""

    value: float
    low: float | None = None
    high: float | None = None


class LabelFigures(Model):
    """What happened to the rows of one label; shares are 0 to 1."""

    n: int
    drafts: float
    """Seen as a draft; below 1 only with ``as_channel``."""
    verdicts: dict[str, float]
    flagged: dict[str, float]
    """Share with a flag of each category, and of ``any``."""
    speaks_up: Figure
    rules: dict[str, int]
    """Rows that each rule flagged, most first."""


class GroupFigures(Model):
    """An AUC by group, and the mean over the groups with at least five rows on either side."""

    groups: dict[str, float]
    mean: float | None


class WrongRow(Model):
    """A row that came out wrong; never its text."""

    id: str
    label: str
    verdict: str
    score: int
    rules: tuple[str, ...]


class SetFigures(Model):
    """All figures of one set."""

    path: str
    n: int
    as_channel: bool
    labels: dict[str, LabelFigures]
    figures: dict[str, Figure]
    """By name: ``precision`` and ``recall`` of speaking up, ``verdict_accuracy``, ``score_auc``, ``megaphone_auc``;
    each only where the labels allow it."""
    by_group: dict[str, GroupFigures]
    """``score_auc`` and ``megaphone_auc`` by group."""
    quiet: int
    """Rows that a coach should leave alone."""
    false_alarms: int
    false_alarms_per_1000: float | None
    false_alarm_rules: dict[str, int]
    wrong: tuple[WrongRow, ...] = ()


def evaluate(path: str, coach: Coach, *, as_channel: bool = False, resamples: int = 1000, wrong: int = 0) -> SetFigures:
    """Review every row of a labelled CSV. Raises InputError, naming the row, for what can't be read or reviewed."""
    rows = _read(path, coach, Context(as_channel=as_channel))
    tally = Counter(map(_seen, rows))
    intervals = _intervals(tally, resamples)
    labels = sorted({row.label for row in rows})
    quiet = [row for row in rows if row.speak is False]
    alarms = [row for row in quiet if row.spoken]
    return SetFigures(
        path=path,
        n=len(rows),
        as_channel=as_channel,
        labels={label: _label([row for row in rows if row.label == label], intervals) for label in labels},
        figures={name: intervals[name] for name in FIGURES if name in intervals},
        by_group=_by_group(rows),
        quiet=len(quiet),
        false_alarms=len(alarms),
        false_alarms_per_1000=round(1000 * len(alarms) / len(quiet), 1) if quiet else None,
        false_alarm_rules=_rules(alarms),
        wrong=tuple(map(_shown, [row for row in rows if _is_wrong(row)][:wrong])),
    )


def _read(path: str, coach: Coach, context: Context) -> list[Row]:
    if Path(path).suffix.lower() != ".csv":
        raise InputError(f"{path}: a labelled set is a .csv with the columns text and label.")
    rows = [
        _row(path, number, fields, coach, context) for number, fields in read_table(path, required=("text", "label"))
    ]
    if not rows:
        raise InputError(f"{path}: there are no rows below the columns' names.")
    return rows


def _row(path: str, number: int, fields: Mapping[str, str], coach: Coach, context: Context) -> Row:
    where, label = f"{path}, row {number}", fields["label"].strip()
    if not label:
        raise InputError(f"{where}: the label is empty.")
    speak: bool | None = False if label in QUIET else True if label in VERDICTS else None
    if "speak" in fields:
        said = fields["speak"].strip().lower()
        if said not in SPEAK:
            raise InputError(f"{where}: speak is {said!r}; write yes or no.")
        speak = SPEAK[said]
    try:
        review = coach.review(fields["text"], context)
    except DraftError as error:
        raise InputError(f"{where}: {error}") from None
    return Row(fields.get("id") or str(number), label, fields.get("group", ""), speak, review)


def _seen(row: Row) -> _Seen:
    review = row.review
    return _Seen(row.label, row.speak, row.spoken, review.verdict, review.score, review.categories.megaphone)


# Figures: each a function of a tally, None where the tally can't tell.


def auc(above: Mapping[float, int], below: Mapping[float, int]) -> float | None:
    """How often a value of ``above`` is the higher one of a random pair, ties counting half (Mann-Whitney).

    Both are counts by value; None when either is empty.
    """
    pairs = sum(above.values()) * sum(below.values())
    if not pairs:
        return None
    won, under = 0.0, 0
    for value in sorted(above.keys() | below.keys()):
        tied = below.get(value, 0)
        won += above.get(value, 0) * (under + tied / 2)
        under += tied
    return won / pairs


def _score_auc(tally: _Tally) -> float | None:
    return _auc_of(tally, lambda seen: seen.score, TALKING_WITH)


def _megaphone_auc(tally: _Tally) -> float | None:
    return _auc_of(tally, lambda seen: seen.megaphone, ("megaphone",))


def _auc_of(tally: _Tally, value: Callable[[_Seen], float], labels: Collection[str]) -> float | None:
    above: Counter[float] = Counter()
    below: Counter[float] = Counter()
    for seen, times in tally.items():
        (above if seen.label in labels else below)[value(seen)] += times
    return auc(above, below)


def _precision(tally: _Tally) -> float | None:
    return _share(tally, lambda seen: seen.speak is True, lambda seen: seen.spoken and seen.speak is not None)


def _recall(tally: _Tally) -> float | None:
    return _share(tally, lambda seen: seen.spoken, lambda seen: seen.speak is True)


def _accuracy(tally: _Tally) -> float | None:
    return _share(tally, lambda seen: seen.verdict == seen.label, lambda _: True)


def _share(tally: _Tally, hit: Callable[[_Seen], bool], of: Callable[[_Seen], bool]) -> float | None:
    counted = [(times, hit(seen)) for seen, times in tally.items() if of(seen)]
    total = sum(times for times, _ in counted)
    return sum(times for times, is_hit in counted if is_hit) / total if total else None


FIGURES: dict[str, Callable[[_Tally], float | None]] = {
    "precision": _precision,
    "recall": _recall,
    "verdict_accuracy": _accuracy,
    "score_auc": _score_auc,
    "megaphone_auc": _megaphone_auc,
}


def _asked(tally: _Tally) -> dict[str, Callable[[_Tally], float | None]]:
    """The figures that make sense for a set with these labels, and how often each label is spoken up on."""
    labels = {seen.label for seen in tally}
    asked = dict(FIGURES)
    if not labels <= set(VERDICTS) or len(labels) < 2:
        del asked["verdict_accuracy"]
    if {seen.speak for seen in tally} != {True, False}:
        del asked["precision"], asked["recall"]
    for label in labels:
        asked[f"label {label}"] = lambda tally, label=label: _share(  # type: ignore[misc]  # bound at once, on purpose
            tally, lambda seen: seen.spoken, lambda seen: seen.label == label
        )
    return asked


def _intervals(tally: _Tally, resamples: int) -> dict[str, Figure]:
    """Each figure with the 2.5th and 97.5th percentile over ``resamples`` draws of as many rows, seeded."""
    asked = _asked(tally)
    values = {name: value for name, figure in asked.items() if (value := figure(tally)) is not None}
    kinds, weights = list(tally), list(tally.values())
    draw, total = Random(SEED), sum(tally.values())  # noqa: S311  (no secret)
    drawn: dict[str, list[float]] = {name: [] for name in values}
    for _ in range(resamples):
        again = Counter(draw.choices(kinds, weights, k=total))
        for name, got in drawn.items():
            value = asked[name](again)
            if value is not None:
                got.append(value)
    return {name: _figure(value, sorted(drawn[name])) for name, value in values.items()}


def _figure(value: float, drawn: list[float]) -> Figure:
    if not drawn:
        return Figure(value=round(value, 4))
    low, high = drawn[int(0.025 * len(drawn))], drawn[min(len(drawn) - 1, int(0.975 * len(drawn)))]
    return Figure(value=round(value, 4), low=round(low, 4), high=round(high, 4))


def _by_group(rows: list[Row]) -> dict[str, GroupFigures]:
    of: dict[str, list[Row]] = {}
    for row in rows:
        if row.group:
            of.setdefault(row.group, []).append(row)
    out: dict[str, GroupFigures] = {}
    for name, labels in (("score_auc", TALKING_WITH), ("megaphone_auc", {"megaphone"})):
        found = {
            group: value for group in sorted(of) if (value := FIGURES[name](Counter(map(_seen, of[group])))) is not None
        }
        counted = [value for group, value in found.items() if _both_sides(of[group], labels)]
        if found:
            mean = round(sum(counted) / len(counted), 4) if counted else None
            out[name] = GroupFigures(groups={group: round(value, 4) for group, value in found.items()}, mean=mean)
    return out


def _both_sides(rows: list[Row], labels: Collection[str]) -> bool:
    inside = sum(row.label in labels for row in rows)
    return min(inside, len(rows) - inside) >= MIN_SIDE


def _label(rows: list[Row], intervals: Mapping[str, Figure]) -> LabelFigures:
    total = len(rows)
    verdicts = Counter(row.review.verdict for row in rows)
    flagged = Counter(kind for row in rows for kind in {flag.category for flag in row.review.flags})
    shares = {category: round(flagged[category] / total, 4) for category in get_args(Category)}
    return LabelFigures(
        n=total,
        drafts=round(sum(row.review.is_draft for row in rows) / total, 4),
        verdicts={verdict: round(times / total, 4) for verdict, times in verdicts.most_common()},
        flagged={**shares, "any": round(sum(bool(row.review.flags) for row in rows) / total, 4)},
        speaks_up=intervals[f"label {rows[0].label}"],
        rules=_rules(rows),
    )


def _rules(rows: Iterable[Row]) -> dict[str, int]:
    counted = Counter(rule for row in rows for rule in {flag.rule for flag in row.review.flags})
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def _is_wrong(row: Row) -> bool:
    if row.label in VERDICTS and row.review.verdict != row.label:
        return True
    return row.speak is not None and row.spoken != row.speak


def _shown(row: Row) -> WrongRow:
    rules = tuple(dict.fromkeys(flag.rule for flag in row.review.flags))
    return WrongRow(id=row.id, label=row.label, verdict=row.review.verdict, score=row.review.score, rules=rules)
