"""Fits the score's weights: talking-with above talking-at. Usage: python -m benchmarks.fit SETS/ [--write].

SETS holds corporate.csv, beauty.csv and readers.csv. A logistic regression that may not turn a sign round (praise never
takes, a flag never gives), held near the weights that were set by hand, on sets that count alike. Prints the AUC of
each company and brand when it is left out, by these weights and by hand, then the same with nothing left out.
``--write`` puts the weights into bot/rules/score.yaml. Needs the extra ``bench`` (scikit-learn).
"""

import csv
import hashlib
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
import yaml
from scipy.optimize import minimize
from sklearn.metrics import roc_auc_score

from bot.evaluate import MIN_SIDE, TALKING_WITH
from bot.rules import RuleSet, load_rules
from bot.rules.counts import prepare
from bot.rules.score import WEIGHTS
from bot.text.normal import normalise

SETS = {"corporate": 1.0, "beauty": 1.0, "readers": 1.0}
"""The sets that are fitted on, and how much each counts."""
ADDS = ("greeting", "reply_start", "sign_off", "you", "we", "i", "lower_start", "brief")
TAKES = ("links", "hashtags", "quotes")
HELD = 1.0
"""How strongly a weight is held where it was, in squared logits against the log loss of 300 rows a set."""
LEAST = 0.4
"""No weight falls below this share of the one set by hand: what is rare in the sets is no less true. Praise on evidence
of grade A (a question, the follow-up on their words) does not fall at all: brands asking everybody are no proof."""
MOST = 3.0
NOTHING = 0.75
"""Set by hand, since it changes no ranking: a text in which nothing was found scores 68."""


class Data(NamedTuple):
    """One set: a row a text, a column a name."""

    x: np.ndarray
    y: np.ndarray
    groups: list[str]


def features(rules: RuleSet, text: str) -> dict[str, float]:
    """What fired and what was counted, each 0 or 1."""
    counted = prepare(normalise(text).text, None).numbers
    fired = [rules.rule(rule_id) for rule_id in rules.fired(text)]
    flags = sum(not info.praise for info in fired)
    found = {info.id: 1.0 for info in fired if info.praise or flags - 1 >= info.needs}
    return found | {name: float(counted[name] > 0) for name in (*ADDS, *TAKES)}


def read(path: Path, rules: RuleSet, names: list[str], signs: np.ndarray) -> Data:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = [features(rules, row["text"]) for row in rows]
    x = np.array([[one.get(name, 0.0) for name in names] for one in found]) * signs
    y = np.array([row["label"] in TALKING_WITH for row in rows], float)
    groups = [row.get("group", "") if path.stem != "readers" else "readers" for row in rows]
    return Data(x, y, groups)


def fit(sets: list[Data], shares: list[float], hand: np.ndarray, least: np.ndarray) -> np.ndarray:
    """Weights by column, 0 or more."""
    x, y = np.vstack([one.x for one in sets]), np.concatenate([one.y for one in sets])
    w = np.concatenate([share * _balanced(one.y) for one, share in zip(sets, shares, strict=True)])

    def loss(p: np.ndarray) -> tuple[float, np.ndarray]:
        z = p[0] + x @ p[1:]
        off = w * (1 / (1 + np.exp(-z)) - y)
        near = p[1:] - hand
        value = (w * (np.logaddexp(0, z) - y * z)).sum() + HELD * (near**2).sum()
        return value, np.concatenate([[off.sum()], x.T @ off + 2 * HELD * near])

    bounds = [(None, None), *((share * weight, MOST) for share, weight in zip(least, hand, strict=True))]
    return minimize(loss, np.concatenate([[NOTHING], hand]), jac=True, method="L-BFGS-B", bounds=bounds).x[1:]


def _balanced(y: np.ndarray) -> np.ndarray:
    inside = max(1.0, y.sum())
    outside = max(1.0, len(y) - y.sum())
    return np.where(y == 1, 150 / inside, 150 / outside)


def held_out(data: dict[str, Data], hand: np.ndarray, least: np.ndarray) -> None:
    for name in data:
        for group in sorted(set(data[name].groups)):
            out = np.array([one == group for one in data[name].groups])
            y = data[name].y[out]
            if name == "readers" or not MIN_SIDE <= y.sum() <= len(y) - MIN_SIDE:
                continue
            kept = [_without(one, group) for one in data.values()]
            weights = fit(kept, list(SETS.values()), hand, least)
            x = data[name].x[out]
            sys.stdout.write(f"without {group}: {_auc(y, x @ weights)} by hand {_auc(y, x @ hand)}\n")


def _without(one: Data, group: str) -> Data:
    kept = np.array([other != group for other in one.groups])
    return Data(one.x[kept], one.y[kept], [other for other in one.groups if other != group])


def _auc(y: np.ndarray, z: np.ndarray) -> str:
    return f"{roc_auc_score(y, z):.3f}"


def main(folder: str, *, write: bool) -> None:
    rules = load_rules()
    infos = {info.id: info for info in rules.rules()}
    names = [*infos, *ADDS, *TAKES]
    signs = np.array([1.0 if name in ADDS or (name in infos and infos[name].praise) else -1.0 for name in names])
    hand = np.array([_by_hand(infos.get(name)) for name in names])
    least = np.array([_least(infos.get(name)) for name in names])
    paths = {name: Path(folder) / f"{name}.csv" for name in SETS}
    data = {name: read(path, rules, names, signs) for name, path in paths.items()}
    held_out(data, hand, least)
    weights = fit(list(data.values()), list(SETS.values()), hand, least)
    for name, one in data.items():
        sys.stdout.write(f"{name}: {_auc(one.y, one.x @ weights)} by hand {_auc(one.y, one.x @ hand)}\n")
    if write:
        seen = {
            name for name, column in zip(names, sum(abs(one.x).sum(0) for one in data.values()), strict=True) if column
        }
        found = {name: round(float(weight), 2) for name, weight in zip(names, weights, strict=True) if name in seen}
        WEIGHTS.write_text(_as_yaml(found, infos, paths), encoding="utf-8")


def _by_hand(info) -> float:
    if info is None:
        return 0.1
    return 0.35 * max(info.weight, 0.5) if info.praise else 0.5 * info.weight * info.cost


def _least(info) -> float:
    proved = info is not None and info.praise and info.evidence.startswith("A")
    return 1.0 if proved else LEAST


def _as_yaml(found: dict[str, float], infos, paths: dict[str, Path]) -> str:
    hashes = ", ".join(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()[:12]}" for path in paths.values())
    day = datetime.now(UTC).date().isoformat()
    head = f"# Weights of the score, in logits. Fitted by benchmarks/fit.py on {day}, on (SHA-256):\n# {hashes}\n"
    parts = {
        "nothing": NOTHING,
        "rules": {name: weight for name, weight in sorted(found.items()) if name in infos},
        "adds": {name: found[name] for name in ADDS if found.get(name)},
        "takes": {name: found[name] for name in TAKES if found.get(name)},
    }
    return head + yaml.safe_dump(parts, sort_keys=False)


if __name__ == "__main__":
    main(sys.argv[1], write="--write" in sys.argv[2:])
