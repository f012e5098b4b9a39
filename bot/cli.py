"""The command line for texts: check, rewrite, rules. Needs nothing of Slack's."""

import errno
import json
import logging
import os
import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn, cast, get_args

import typer
from typer.core import TyperGroup

from bot.coach import Coach, DraftError
from bot.inputs import InputDraft, InputError, read_drafts
from bot.models import MAX_TOLD_CHARS, Angle, Context, Network, Review
from bot.rules import RuleSet, load_rules

BAD_USE = 2


class Commands(TyperGroup):
    """What can't be written to standard output (a full disk) ends in a line, like all that people can mend."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the command, and write all that it said."""
        try:
            try:
                return super().main(*args, **extra)
            finally:
                sys.stdout.flush()
        except PermissionError as error:
            say(f"{error.filename}: permission denied. Run this as the bot's own user, or look who owns it.")
            sys.exit(BAD_USE)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EFBIG, errno.EIO):
                raise
            # Else Python tries once more at its end, and says so in words of its own.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            say(f"standard output can't be written ({error.strerror}).")
            sys.exit(BAD_USE)


cli = typer.Typer(
    cls=Commands,
    name="humanize-bot",
    help="A coach against robotic marketing: flags what talks at people, suggests what talks with them.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
rules_cli = typer.Typer(help="The rules: list them, run their own tests, show one.", no_args_is_help=True)
cli.add_typer(rules_cli, name="rules")


class Format(StrEnum):
    """How reviews are printed."""

    text = "text"
    json = "json"
    jsonl = "jsonl"
    sarif = "sarif"


NetworkName = StrEnum("NetworkName", {name: name for name in get_args(Network)})  # type: ignore[misc]  # made of models
AngleName = StrEnum("AngleName", {name: name for name in get_args(Angle)})  # type: ignore[misc]  # made of models

Styles = Annotated[list[Path] | None, typer.Option("--styles", help="A folder of Vale styles to use as well.")]
RulesOff = Annotated[
    str, typer.Option("--rules-off", envvar="HUMANIZE_RULES_OFF", help="Rules or styles to leave out, with commas.")
]
Accept = Annotated[
    str, typer.Option("--accept", envvar="HUMANIZE_ACCEPT", help="Words no rule may match, or .txt files of them.")
]
Reject = Annotated[
    str, typer.Option("--reject", envvar="HUMANIZE_REJECT", help="Words to flag, or .txt files of them.")
]
Paths = Annotated[
    list[str], typer.Argument(help=".txt, .md, .csv, .jsonl, or - for standard input", show_default=False)
]
To = Annotated[NetworkName | None, typer.Option("--network", help="Where the draft will go.")]


@cli.command()
def check(
    paths: Paths,
    output: Annotated[Format, typer.Option("--format")] = Format.text,
    network: To = None,
    column: Annotated[str, typer.Option(help="The column that holds the draft.")] = "text",
    as_channel: Annotated[bool, typer.Option("--as-channel", help="Leave chatter alone, as in a channel.")] = False,
    fail_under: Annotated[int | None, typer.Option(min=0, max=100, help="Exit 1 when a score is below.")] = None,
    styles: Styles = None,
    rules_off: RulesOff = "",
    accept: Accept = "",
    reject: Reject = "",
) -> None:
    """Review drafts: verdict, score, flags, praise."""
    from bot.report import FORMATS

    coach = Coach(_rules(styles, rules_off, accept, reject))
    context = Context(network=_network(network), as_channel=as_channel)
    worst, failed = 100, False

    def reviewed() -> Iterator[tuple[InputDraft, Review]]:
        nonlocal worst, failed
        for draft in read_drafts(paths, column):
            try:
                review = coach.review(draft.text, context)
            except DraftError as error:
                failed = True
                say(f"{draft.source}{'' if draft.row is None else f', row {draft.row}'}: {error}")
                continue
            worst = min(worst, review.score)
            yield draft, review

    _print(FORMATS[output](reviewed()))
    if failed:
        raise typer.Exit(BAD_USE)
    if fail_under is not None and worst < fail_under:
        raise typer.Exit(1)


@cli.command()
def rewrite(
    path: Annotated[str, typer.Argument(help="A .txt or .md file, or - for standard input")] = "-",
    network: To = None,
    angles: Annotated[int, typer.Option(min=1, max=3, help="How many rewrites to ask for.")] = 1,
    angle: Annotated[AngleName | None, typer.Option(help="The tone.")] = None,
    audience: Annotated[str | None, typer.Option("--for", help="Who it is for, in a few words.")] = None,
    hope: Annotated[str | None, typer.Option(help="What you hope to hear back.")] = None,
    light: Annotated[bool, typer.Option("--light", help="At most three changes.")] = False,
    shorter: Annotated[bool, typer.Option("--shorter", help="In fewer words.")] = False,
    keep: Annotated[list[str] | None, typer.Option("--keep", help="Words that must stay; may be repeated.")] = None,
    output: Annotated[Format, typer.Option("--format")] = Format.text,
) -> None:
    """Suggest rewrites that lead with a question; by an LLM when one is configured, else by rules."""
    if output not in (Format.text, Format.json):
        fail("--format is text or json here.")
    from bot.making import make_coach
    from bot.settings import SettingsError, load_settings

    # What an operator should know of the language model; no name of a logger, no time.
    logging.basicConfig(format="humanize-bot: %(message)s", level=logging.WARNING)
    try:
        coach = make_coach(load_settings())
    except SettingsError as error:
        fail(str(error))
    _say_problems(coach.rules)
    if max(len(audience or ""), len(hope or "")) > MAX_TOLD_CHARS:
        fail(f"--for and --hope take up to {MAX_TOLD_CHARS} characters.")
    context = Context(
        network=_network(network),
        angle=None if angle is None else cast(Angle, angle.value),
        audience=_told(audience),
        hope=_told(hope),
        light=light,
        shorter=shorter,
        must_keep=tuple(keep or ()),
    )
    try:
        draft = next(iter(read_drafts([path])))
        suggestion = coach.rewrite(coach.review(draft.text, context), context, angles=angles)
    except (InputError, DraftError) as error:
        fail(str(error))
    if output is Format.json:
        without = {} if any(rewrite.made for rewrite in suggestion.rewrites) else {"rewrites": {"__all__": {"made"}}}
        said = suggestion.model_dump(mode="json", exclude=without)
        _print([json.dumps(said, ensure_ascii=False, indent=1) + "\n"])
    else:
        from bot.report import suggestion_as_text

        _print(suggestion_as_text(suggestion))


@cli.command(name="eval")
def evaluate_sets(
    paths: Annotated[list[str], typer.Argument(help="CSVs with the columns text and label", show_default=False)],
    output: Annotated[Format, typer.Option("--format", help="text or json")] = Format.text,
    as_channel: Annotated[bool, typer.Option("--as-channel", help="Leave chatter alone, as in a channel.")] = False,
    resamples: Annotated[int, typer.Option(min=0, max=10_000, help="Draws for the intervals; 0 for none.")] = 1000,
    wrong: Annotated[int, typer.Option(min=0, help="Name this many wrong rows a set, by id.")] = 0,
    styles: Styles = None,
    rules_off: RulesOff = "",
    accept: Accept = "",
    reject: Reject = "",
) -> None:
    """Measure the detection on labelled texts: precision, recall, AUC, false alarms and their rules."""
    if output not in (Format.text, Format.json):
        fail("--format is text or json here.")
    from bot.evaluate import evaluate
    from bot.scorecard import as_json, as_text

    coach = Coach(_rules(styles, rules_off, accept, reject))
    try:
        found = [evaluate(path, coach, as_channel=as_channel, resamples=resamples, wrong=wrong) for path in paths]
    except InputError as error:
        fail(str(error))
    _print((as_json if output is Format.json else as_text)(found))


@rules_cli.command("list")
def rules_list(styles: Styles = None) -> None:
    """Every rule, a line each."""
    rules = _rules(styles)
    for info in sorted(rules.rules(), key=lambda info: info.id):
        category = info.category or "praise"
        how = "" if info.praise else "alone" if info.alone else f"needs {info.needs}"
        sys.stdout.write(f"{info.id:34} {category:10} {info.severity:11} {how:9} {info.evidence}\n")


@rules_cli.command("test")
def rules_test(styles: Styles = None) -> None:
    """Run every rule's own tests; exit 1 when one fails."""
    from bot.rules import run_rule_tests

    rules = _rules(styles)
    failures = run_rule_tests(rules)
    for failure in failures:
        sys.stdout.write(f"{failure}\n")
    sys.stdout.write(f"{len(rules.rules())} rules, {len(failures)} failures\n")
    if failures:
        raise typer.Exit(1)


@rules_cli.command("show")
def rules_show(rule_id: str, styles: Styles = None) -> None:
    """One rule: what it matches, why, on what evidence."""
    try:
        info = _rules(styles).rule(rule_id)
    except KeyError:
        fail(f"no rule {rule_id!r}. `humanize-bot rules list` names them all.")
    from bot.report import rule_card

    _print(rule_card(info))


def _rules(styles: Iterable[Path] | None, off: str = "", accept: str = "", reject: str = "") -> RuleSet:
    """The rules with a team's own; lists are as in the settings of the same names."""
    from bot.rules.vocabulary import read_words

    names = _listed(off)
    accepted, bad_accepted = read_words(_listed(accept), "--accept")
    rejected, bad_rejected = read_words(_listed(reject), "--reject")
    problems = (*bad_accepted, *bad_rejected)
    rules = load_rules(tuple(styles or ()), off=names, accept=accepted, reject=rejected, problems=problems)
    _say_problems(rules)
    unknown = rules.unknown(names)
    if unknown:
        fail(f"--rules-off: there is no rule or style {', '.join(unknown)}. `humanize-bot rules list` names them.")
    return rules


def _listed(value: str) -> list[str]:
    return [part.strip() for part in value.replace("\n", ",").split(",") if part.strip()]


def _say_problems(rules: RuleSet) -> None:
    for problem in rules.problems:
        say(str(problem))


def _told(text: str | None) -> str | None:
    """An argument as text: bytes that are none become question marks."""
    return text.encode("utf-8", "replace").decode() if text else None


def _network(name: NetworkName | None) -> Network | None:
    return None if name is None else cast(Network, name.value)


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(line)


def say(message: str) -> None:
    """One line to stderr."""
    from bot.report import still

    sys.stderr.write(f"humanize-bot: {still(message)}\n")


def fail(message: str) -> NoReturn:
    """Say what is wrong and exit 2."""
    say(message)
    raise typer.Exit(BAD_USE)
