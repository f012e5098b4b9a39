"""Are rewrites worth sending? ``python -m benchmarks.rewrites CSV... [--train CSV...] [--llm] [--liars] [--out FILE]``.

CSVs have columns id, text, label. By label, seeded, some 300 flagged rows are drawn and rewritten. What is measured,
and must hold: how many get a rewrite (85% at least), facts by an extractor of the benchmark's own (no break), a
trained reference that sees more conversation in the rewrite than in the draft (90% of posts; it learned from public
posts and answers, so first messages and canned answers are shown, not held to it), how alike the questions of ten
neighbours are (5% of pairs at most, of all tens and of the worst), the time of a rewrite (10 ms at the 99th
percentile). ``--llm`` adds the table for the LLM that the settings name: its own words only, time by the clock
(benchmarks/llm.py has a stand-in to try it with). ``--liars`` adds one for stand-ins that lie: of those nothing may
be shown. Exit 1 when a gate is missed.
"""

import argparse
import csv
import json
import random
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.extractor import lost_in, new_in
from benchmarks.llm import Refused, by_llm
from bot.coach import Coach
from bot.models import Review, Rewrite

LABELS = {
    "megaphone": "megaphone", "broadcast": "megaphone", "robotic": "robotic", "canned": "robotic",
    "auto_dm": "auto_dm", "cold_pitch": "auto_dm",
}  # fmt: skip
"""How sets name what the coach calls megaphone, robotic and auto-DM; the first name of each is taken first."""
NEIGHBOURS = 10
LIED_TO = 20
GATES: dict[str, tuple[str, float]] = {
    "accepted": (">=", 0.85),
    "fact_breaks": ("<=", 0),
    "more_conversation_megaphone": (">=", 0.90),
    "alike": ("<=", 0.05),
    "alike_worst_ten": ("<=", 0.05),
    "ms_p99": ("<=", 10),
    "bad_shown": ("<=", 0),
}


class Row(NamedTuple):
    """A flagged draft."""

    id: str
    label: str
    review: Review


class Done(NamedTuple):
    """A draft, its rewrite if there is one, and what it took in milliseconds: processor time, an LLM's by the clock."""

    row: Row
    rewrite: Rewrite | None
    ms: float


def drawn(paths: Sequence[Path], coach: Coach, wanted: int, seed: int) -> list[Row]:
    """Draw about ``wanted`` flagged rows, as many of each of the three as there are, the rest from the others.

    A row without the label's own name ("broadcast" for "megaphone") is taken when there are too few. Sensitive drafts
    get no rewrite by design and are left out, as are the same words twice.
    """
    chance = random.Random(seed)
    by_label: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    seen = set()
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                label = LABELS.get(row["label"])
                if label and row["text"].strip() and row["text"] not in seen:
                    seen.add(row["text"])
                    by_label[label].append((int(row["label"] != label), row["id"], row["text"]))
    rows: list[Row] = []
    for at, label in enumerate(sorted(by_label, key=lambda x: len(by_label[x]))):
        chance.shuffle(by_label[label])
        share = (wanted - len(rows)) // (len(by_label) - at)
        found: list[Row] = []
        for _, row_id, text in sorted(by_label[label], key=lambda r: r[0]):
            if len(found) >= share:
                break
            review = coach.review(text)
            if review.verdict != "human" and review.sensitive is None:
                found.append(Row(row_id, label, review))
        rows += found
    chance.shuffle(rows)
    return rows


def rewritten(rows: Sequence[Row], coach: Coach) -> list[Done]:
    """Rewrite every row, one after the other."""
    done = []
    for row in rows:
        started = time.process_time()
        suggestion = coach.rewrite(row.review)
        ms = (time.process_time() - started) * 1000
        done.append(Done(row, suggestion.rewrites[0] if suggestion.rewrites else None, ms))
    return done


def breaks(done: Sequence[Done]) -> list[str]:
    """Return every fact that came in, or went without being listed, with the id of its row."""
    found = []
    for row, rewrite, _ in done:
        if rewrite:
            found += [f"{row.id}: new {fact}" for fact in new_in(rewrite.text, row.review.text)]
            found += [f"{row.id}: lost {fact}" for fact in lost_in(rewrite.text, row.review.text, rewrite.dropped)]
    return found


def alike(done: Sequence[Done]) -> tuple[float, float]:
    """Return how many pairs among ten neighbours ask the same question: the mean of all tens, and the worst ten.

    Words in brackets do not tell two frames apart. Neighbours are of one label, as in a channel they would be.
    """
    shares = []
    for label in sorted({d.row.label for d in done}):
        asked = [frame(d.rewrite.question) for d in done if d.rewrite and d.row.label == label]
        for at in range(max(1, len(asked) - NEIGHBOURS + 1)):
            pairs = list(combinations(asked[at : at + NEIGHBOURS], 2))
            shares.append(sum(a == b for a, b in pairs) / len(pairs) if pairs else 0.0)
    return (sum(shares) / len(shares), max(shares)) if shares else (0.0, 0.0)


def frame(question: str) -> str:
    """Return a question without what differs by draft: names, brackets, lead-ins."""
    plain = re.sub(r"@\w+|\[[^\]]*\]", "[]", question.lower())
    return plain.rsplit(": ", 1)[-1].strip()


def reference(paths: Sequence[Path], without: frozenset[str]) -> Callable[[Sequence[str]], list[float]]:
    """Fit TF-IDF and logistic regression on rows labelled conversation against the rest; return its judge of texts.

    ``without`` are the drafts that it will judge: it may not have learned them by heart.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped]  # scikit-learn has no types
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]  # scikit-learn has no types
    from sklearn.pipeline import make_pipeline  # type: ignore[import-untyped]  # scikit-learn has no types

    texts, talks = [], []
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["text"] not in without:
                    texts.append(_for_reference(row["text"]))
                    talks.append(row["label"] == "conversation")
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2, token_pattern=r"(?u)\b\w+\b|[?!#@]"),  # noqa: S106  (no secret)
        LogisticRegression(C=10, max_iter=2000, class_weight="balanced"),
    )
    model.fit(texts, talks)
    return lambda asked: [float(p) for p in model.predict_proba([_for_reference(t) for t in asked])[:, 1]]


def _for_reference(text: str) -> str:
    return re.sub(r"https?://\S+", " link ", re.sub(r"[\[\]]", " ", text))


def table(done: Sequence[Done], judge: Callable[[Sequence[str]], list[float]] | None) -> dict[str, Any]:
    """Return the figures of one writer."""
    with_one = [d for d in done if d.rewrite]
    times = sorted(d.ms for d in done)
    mean, worst = alike(done)
    found = breaks(done)
    figures: dict[str, Any] = {
        "rows": len(done),
        "accepted": round(len(with_one) / max(1, len(done)), 3),
        "by_label": {
            label: f"{sum(d.rewrite is not None for d in of)} of {len(of)}"
            for label in sorted({d.row.label for d in done})
            if (of := [d for d in done if d.row.label == label])
        },
        "fact_breaks": len(found),
        "alike": round(mean, 3),
        "alike_worst_ten": round(worst, 3),
        "ms_p50": round(times[len(times) // 2], 1) if times else 0,
        "ms_p99": round(times[int(len(times) * 0.99)], 1) if times else 0,
    }
    if judge and with_one:
        pairs = list(
            zip(
                judge([d.rewrite.text for d in with_one if d.rewrite]),
                judge([d.row.review.text for d in with_one]),
                strict=True,
            )
        )
        for label in sorted({d.row.label for d in with_one}):
            more = [after > before for d, (after, before) in zip(with_one, pairs, strict=True) if d.row.label == label]
            figures[f"more_conversation_{label}"] = round(sum(more) / len(more), 3)
    for line in found[:20]:
        sys.stderr.write(f"fact break: {line}\n")
    return figures


def missed(figures: dict[str, Any], without: tuple[str, ...] = ()) -> list[str]:
    """Return the gates that these figures miss."""
    return [
        f"{name} {figures[name]}, goal {sign} {goal:g}"
        for name, (sign, goal) in GATES.items()
        if name in figures and name not in without
        if not (figures[name] >= goal if sign == ">=" else figures[name] <= goal)
    ]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("csv", type=Path, nargs="+")
    asked.add_argument("--train", type=Path, nargs="*", default=[], help="labelled sets for the trained reference")
    asked.add_argument("--rows", type=int, default=300)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--llm", action="store_true", help="the same table for the LLM that the settings name")
    asked.add_argument("--liars", action="store_true", help="stand-in LLMs that lie about twenty drafts each")
    asked.add_argument("--out", type=Path, help="write id, label, draft and rewrite as JSON lines, to read")
    asked.add_argument("--report-only", action="store_true", help="exit 0 whatever the figures")
    args = asked.parse_args()
    coach = Coach()
    coach.warm_up()
    rows = drawn(args.csv, coach, args.rows, args.seed)
    judge = reference(args.train, frozenset(r.review.text for r in rows)) if args.train else None
    done = rewritten(rows, coach)
    tables = {"rules": table(done, judge)}
    if args.out:
        lines = [
            {"id": d.row.id, "label": d.row.label, "draft": d.row.review.text, "rewrite": d.rewrite and d.rewrite.text}
            for d in done
        ]
        args.out.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    failed = missed(tables["rules"])
    if args.llm:
        refused = Refused()
        written, figures = by_llm(rows, _configured(refused), refused)
        of_llm = [Done(row, rewrite, ms) for row, (rewrite, ms) in zip(rows, written, strict=True)]
        tables["llm"] = table(of_llm, judge) | figures
        failed += [f"llm: {line}" for line in missed(tables["llm"], ("ms_p99", "alike", "alike_worst_ten", "accepted"))]
    if args.liars:
        from benchmarks.liars import tell

        tables["liars"] = tell([d for d in done if d.rewrite][:LIED_TO], coach.rules)
        failed += missed(tables["liars"])
    sys.stdout.write(json.dumps(tables, indent=2, ensure_ascii=False) + "\n")
    for line in failed:
        sys.stdout.write(f"missed: {line}\n")
    sys.exit(1 if failed and not args.report_only else 0)


def _configured(watch: Refused) -> Coach:
    from bot.making import make_coach
    from bot.settings import load_settings

    settings = load_settings()
    if not settings.llm_configured:
        sys.exit("no LLM is configured: set OPENAI_API_KEY or OPENAI_BASE_URL, and the model (docs/operating.md)")
    return make_coach(settings, watch=watch)


if __name__ == "__main__":
    main()
