"""Which rules there are: the built-in styles and a team's own, with what is wrong with the latter."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

from bot.rules import vocabulary
from bot.rules.engine import STYLES, RuleSet
from bot.rules.loading import fitting, load_style
from bot.rules.model import Rule, RuleFileError, RuleProblem, WordRule


def load_rules(
    extra_styles: Iterable[Path] = (),
    *,
    off: Iterable[str] = (),
    accept: Iterable[vocabulary.Word] = (),
    reject: Iterable[vocabulary.Word] = (),
    problems: Iterable[RuleProblem] = (),
) -> RuleSet:
    """The built-in styles and a team's own; ``off`` names rules or styles that stay silent.

    ``problems`` are what was wrong with the vocabularies (:func:`bot.rules.vocabulary.read_words`).

    Raises :class:`RuleFileError` for a fault in a built-in style. Faults in ``extra_styles`` (each a folder of ``.yml``
    files, or a folder of such folders) become ``RuleSet.problems``; the rest of their rules load.
    """
    rules, broken = _load(sorted(path for path in STYLES.iterdir() if path.is_dir()), trusted=True)
    broken += _unknown_names(rules, rules)
    if broken:
        raise RuleFileError(tuple(broken))
    rejecting = vocabulary.rejecting(reject)
    rules += [rejecting] if rejecting else []
    made = partial(RuleSet, off=tuple(off), accept=vocabulary.accepting(accept))
    faults = list(problems)
    extra, wrong = _load([folder for path in extra_styles for folder in _style_folders(Path(path), faults)])
    faults += wrong
    extra = [replace(rule, info=replace(rule.info, any_language=True)) for rule in extra]
    taken = {rule.info.id for rule in rules}
    for rule in extra:
        if rule.info.id in taken:
            faults.append(RuleProblem(rule.info.path, 1, f"there is already a rule {rule.info.id}; rename the folder"))
        taken.add(rule.info.id)
    built_in = {rule.info.id for rule in rules}
    extra = list({rule.info.id: rule for rule in extra if rule.info.id not in built_in}.values())
    unknown = _unknown_names(extra, rules + extra)
    refused = {problem.path for problem in unknown}
    kept = [rule for rule in extra if rule.info.path not in refused]
    kept = fitting(kept, faults)
    try:
        return made(rules + kept, tuple(faults + unknown))
    except RuleFileError as error:
        if not kept:
            raise
        return made(rules, (*faults, *unknown, *error.problems))


def _style_folders(path: Path, problems: list[RuleProblem]) -> list[Path]:
    try:
        inside = sorted(path.iterdir()) if path.is_dir() else []
    except OSError as error:
        problems.append(RuleProblem(path, 1, f"the folder cannot be read: {error.strerror}"))
        return []
    folders = [child for child in inside if child.is_dir()]
    if folders and not any(child.suffix == ".yml" or child.name == "pack.yaml" for child in inside):
        return folders
    return [path]


def _load(folders: Iterable[Path], *, trusted: bool = False) -> tuple[list[Rule], list[RuleProblem]]:
    rules: list[Rule] = []
    problems: list[RuleProblem] = []
    for folder in folders:
        found, faults = load_style(folder, trusted=trusted)
        rules += found
        problems += faults
    return rules, problems


def _unknown_names(rules: Iterable[Rule], known: Iterable[Rule]) -> list[RuleProblem]:
    """Conditions that name a rule which does not exist, or one that counts (only word rules can be asked)."""
    words = {rule.info.id for rule in known if isinstance(rule, WordRule)}
    return [
        RuleProblem(rule.info.path, 1, f"{rule.info.id} asks for {condition.name}, which is no word rule")
        for rule in rules
        for condition in (*rule.info.when, *rule.info.said_when)
        if "." in condition.name and condition.name not in words
    ]
