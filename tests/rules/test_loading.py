"""A team's own rules: all of Vale's kinds that we know, and clear words for what is wrong."""

import os
import re
from pathlib import Path
from textwrap import dedent

import pytest

from bot.rules import RuleSet, load_rules, run_rule_tests
from bot.rules.loading import MAX_RULES

RULE = "extends: existence\nmessage: 'Say it plainly.'\ntokens:\n  - synergise\n"


@pytest.fixture
def style(tmp_path: Path) -> Path:
    folder = tmp_path / "House"
    folder.mkdir()
    return folder


def write(style: Path, text: str, name: str = "Rule.yml") -> RuleSet:
    (style / name).write_text(dedent(text), encoding="utf-8")
    return load_rules([style])


def matches(rules: RuleSet, text: str, rule: str = "House.Rule") -> list[str]:
    return [flag.match for flag in rules.review(text).flags if flag.rule == rule]


def test_a_rule_of_the_team_fires_beside_ours(style: Path) -> None:
    rules = write(style, RULE)
    assert rules.problems == ()
    assert matches(rules, "We synergise, and Synergise\nagain.") == ["synergise", "Synergise"]
    assert rules.rule("House.Rule").question.endswith("?")


def test_a_folder_of_styles_is_read_too(style: Path) -> None:
    write(style, RULE)
    assert "House.Rule" in [info.id for info in load_rules([style.parent]).rules()]


KINDS = {
    "case": ("existence", "ignorecase: false\ntokens: [Foo]", "foo Foo foobar", ["Foo"]),
    "nonword": ("existence", "nonword: true\ntokens: ['o+']", "foo zoom", ["oo", "oo"]),
    "raw": ("existence", "raw: ['\\bfo', 'o\\b']", "foo fo", ["foo"]),
    "exceptions": ("existence", "tokens: ['fo+']\nexceptions: [fooo]", "foo fooo", ["foo"]),
    "line break": ("existence", "tokens: [two words]", "two\nwords", ["two\nwords"]),
    "group": ("existence", "nonword: true\ntokens: ['a (?P<hit>b)']", "a b", ["b"]),
    "substitution": ("substitution", "swap:\n  utili[sz]e: use", "We utilise it", ["utilise"]),
    "max": ("occurrence", "scope: sentence\nmax: 1\ntoken: \\bvery\\b", "Very very good. Very.", ["Very", "very"]),
    "min": ("occurrence", "min: 1\ntoken: please", "Give it.", ["Give it."]),
    "min met": ("occurrence", "min: 1\ntoken: please", "Please give it.", []),
    "repetition": ("repetition", "tokens: ['[^\\s]+']", "the the cat", ["the the"]),
    "groups": (
        "conditional",
        "ignorecase: false\nfirst: '\\b([A-Z]{3})\\b'\nsecond: '\\(([A-Z]{3})\\)'",
        "Health Org (WHO), WHO, ABC",
        ["ABC"],
    ),
    "append": ("existence", "append: true\ntokens: [fo]\nraw: ['o\\b']", "fo foo", []),
    "many scopes": ("existence", "scope: [heading, sentence]\ntokens: [fo]", "fo", ["fo"]),
    "an editor's action": ("existence", "action:\n  name: remove\nlimit: 3\nvocab: false\ntokens: [fo]", "fo", ["fo"]),
    "repetition but": ("repetition", "tokens: ['[^\\s]+']\nexceptions: [that]", "that that is is", ["is is"]),
    "consistency": (
        "consistency",
        "either:\n  advisor: adviser\n  cent(?:re): center",
        "An adviser, the Advisor, the centre, an adviser.",
        ["Advisor"],
    ),
    "consistent": ("consistency", "either:\n  advisor: adviser", "An adviser, two advisers, one adviser.", []),
    "missing": ("conditional", "first: offer\nsecond: until", "An offer", ["offer"]),
    "present": ("conditional", "first: offer\nsecond: until", "An offer until May", []),
}


@pytest.mark.parametrize(("kind", "keys", "text", "found"), KINDS.values(), ids=KINDS)
def test_kinds(style: Path, kind: str, keys: str, text: str, found: list[str]) -> None:
    rules = write(style, f"extends: {kind}\nmessage: m\n{keys}")
    assert rules.problems == ()
    assert matches(rules, text) == found


def test_a_substitution_says_what_to_write_instead(style: Path) -> None:
    rules = write(style, "extends: substitution\nmessage: \"Say '%s', not '%s'.\"\nswap:\n  utili[sz]e: use\n")
    assert rules.review("They utilise it").flags[0].why == "Say 'use', not 'utilise'."


def test_swapped_words_keep_a_capital_where_the_rule_says_so(style: Path) -> None:
    rule = "extends: substitution\nmessage: \"Say '%s'.\"\ncapitalize: true\nswap:\n  utili[sz]e: use\n"
    flags = write(style, rule).review("Utilise it. They utilise it.").flags
    assert [flag.why for flag in flags] == ["Say 'Use'.", "Say 'use'."]


def test_a_pack_gives_weight_category_and_company(style: Path) -> None:
    (style / "Rule.yml").write_text(RULE)
    rules = write(
        style,
        "category: auto_dm\nrules:\n  Rule:\n    weight: 4\n    evidence: A\n    question: Who is it for?\n",
        "pack.yaml",
    )
    flag = rules.review("synergise").flags[0]
    assert (flag.category, flag.question, rules.rule("House.Rule").evidence) == ("auto_dm", "Who is it for?", "A")


def test_a_pack_can_count(style: Path) -> None:
    rules = write(
        style,
        "metrics:\n  Links:\n    count: links\n    message: Many links.\n    when: ['links > 1', 'House.Rule == 0']\n",
        "pack.yaml",
    )
    assert rules.problems[0].message.startswith("House.Links asks for House.Rule")
    (style / "Rule.yml").write_text(RULE)
    rules = load_rules([style])
    assert matches(rules, "https://a.example and https://b.example", "House.Links") == ["https://a.example"]
    assert matches(rules, "synergise https://a.example and https://b.example", "House.Links") == []


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("extends: existence\nmessage: m\ntokenz: [a]", 3, "unknown key 'tokenz'"),
        ("message: m\nextends: spelling", 2, "'spelling' needs a dictionary"),
        ("message: m\nextends: spoiling", 2, "'extends' is one of existence"),
        ("extends: [existence]\nmessage: m\ntokens: [a]", 1, "'extends' should be str"),
        ("extends: existence\nmessage: m\ntokens:\n  - good\n  - (bad", 5, "does not compile: missing \\)"),
        ("extends: existence\nmessage: m\ntokens:\n  - 'a(?=b)'", 4, "does not compile: invalid perl operator"),
        ("extends: existence\nmessage: m\ntokens: [yes", 3, "not valid YAML"),
        ("extends: existence\nmessage: m\ntokens:\n  - no", 3, "should be a list of texts"),
        ("extends: existence\ntokens: [a]", 1, "'message' is missing"),
        ("extends: existence\nmessage: m", 1, "no 'tokens'"),
        ("extends: existence\nmessage: m\nscope: heading\ntokens: [a]", 3, "'scope' is one of text"),
        ("extends: capitalization\nmessage: m\nmatch: $title", 1, "is for headings"),
        ("extends: metric\nmessage: m\nformula: words", 1, "one of 'metrics' in pack.yaml"),
        ("extends: readability\nmessage: m\nmetrics: [Gunning Fog]", 1, "computes a grade"),
        ("extends: script\nmessage: m\nscript: 'x'", 1, "rules are only data"),
        ("extends: sequence\nmessage: m\ntokens: [{tag: NN}]", 1, "needs parts of speech"),
        ("extends: consistency\nmessage: m\neither: [a, b]", 3, "'either' should be dict"),
        ("extends: consistency\nmessage: m\neither:\n  ok: fine\n  '(a': b", 5, "does not compile"),
        ("extends: occurrence\nmessage: m\ntoken: a\nmax: -1", 4, "'max' should be 0 or more"),
        ("extends: occurrence\nmessage: m\ntoken: a\nmax: 9999999", 4, "up to 1,000,000"),
        ("extends: occurrence\nmessage: m\ntoken: a\nmax: " + "9" * 5_000, 1, "put quotes round texts"),
        ("extends: existence\nmessage: m\ntokens: [2026-13-45]", 1, "put quotes round texts"),
        ("a: &-a [x]\nextends: existence\nmessage: m\ntokens: *-a", 4, "aliases"),
        ("extends: existence\nmessage: m\nlevel: loud\ntokens: [a]", 3, "'level' is suggestion"),
        ("extends: occurrence\nmessage: m\ntoken: a", 1, "needs 'max' or 'min'"),
        ("extends: existence\nmessage: m\ntokens: [a]\ntests:\n  - name: n\n    input: a", 5, "exactly one of want"),
        ("- a list", 1, "is a mapping"),
        ("a: &a [x]\nextends: existence\nmessage: m\ntokens: *a", 4, "aliases"),
        ("[" * 60_000, 1, "nested too deeply"),
        ("- " * 30_000 + "a", 1, "nested too deeply"),
        ("? " * 30_000 + "a", 1, "nested too deeply"),
        ("{a: " * 15_000, 1, "nested too deeply"),
        ("#" * 70_000, 1, "larger than 64 KiB"),
        ("extends: existence\nmessage: m\ntokens: ['(?:a{900}){900}']", 3, "does not compile"),
    ],
)
def test_a_broken_rule_is_named_with_its_line_and_the_rest_loads(
    style: Path, text: str, line: int, message: str
) -> None:
    write(style, RULE, "Good.yml")
    rules = write(style, text)
    assert len(rules.problems) == 1
    problem = rules.problems[0]
    assert (problem.path, problem.line) == (style / "Rule.yml", line)
    assert re.search(message, problem.message)
    assert str(problem).startswith(f"{style / 'Rule.yml'}:{line}: ")
    assert matches(rules, "synergise", "House.Good") == ["synergise"]


def test_a_binary_file_and_a_missing_folder_are_named(style: Path) -> None:
    (style / "Rule.yml").write_bytes(b"\xff\xfe\x00")
    rules = load_rules([style, style / "nowhere"])
    assert [problem.message for problem in rules.problems] == [
        "the file is not UTF-8 text",
        "there is no such folder of rules",
    ]


def test_a_hostile_pattern_of_a_team_costs_nothing(style: Path) -> None:
    rules = write(style, "extends: existence\nmessage: m\nnonword: true\ntokens: ['(a+)+$']")
    assert rules.review("a" * 20_000 + "!").flags == ()


def test_a_style_may_not_take_the_name_of_ours(tmp_path: Path) -> None:
    style = tmp_path / "Robotic"
    style.mkdir()
    (style / "GameChanger.yml").write_text(RULE)
    rules = load_rules([style])
    assert "already a rule" in rules.problems[0].message
    assert not matches(rules, "synergise", "Robotic.GameChanger")


@pytest.mark.parametrize("value", [".nan", ".inf", "-1", "1000001"])
def test_a_weight_that_would_break_the_score_is_refused(style: Path, value: str) -> None:
    (style / "Rule.yml").write_text(RULE)
    rules = write(style, f"rules:\n  Rule:\n    weight: {value}\n", "pack.yaml")
    assert [problem.line for problem in rules.problems] == [1]
    assert "'weight' should be" in rules.problems[0].message
    assert 0 <= rules.review("We synergise").score <= 100


@pytest.mark.timeout(10)  # a pipe never ends
def test_what_is_no_plain_file_is_named(style: Path) -> None:
    write(style, RULE, "Good.yml")
    os.mkfifo(style / "Pipe.yml")
    (style / "Endless.yml").symlink_to("/dev/zero")
    (style / "Folder.yml").mkdir()
    (style / "Loop.yml").symlink_to(style / "Loop.yml")
    (style / "Gone.yml").symlink_to(style / "nothing")
    (style / "round").symlink_to(style)
    rules = load_rules([style])
    told = {problem.path.stem: problem.message for problem in rules.problems}
    assert set(told) == {"Pipe", "Endless", "Folder", "Loop", "Gone"}
    assert told["Pipe"] == told["Endless"] == told["Folder"] == "this is no file of text"
    assert matches(rules, "synergise", "House.Good") == ["synergise"]


def test_more_rules_than_there_is_room_for_are_left_out_with_one_line(style: Path) -> None:
    for number in range(MAX_RULES + 2):
        (style / f"R{number:05}.yml").write_text("extends: existence\nmessage: m\ntokens: [synergise]\n")
    rules = load_rules([style])
    assert [str(problem) for problem in rules.problems] == [
        f"{style / f'R{MAX_RULES:05}.yml'}:1: more than {MAX_RULES} rules; the rest is left out"
    ]
    assert len(rules.review("We synergise").flags) == MAX_RULES


def test_ten_megabytes_of_patterns_load_as_far_as_they_fit(style: Path) -> None:
    phrases = "".join(f"  - word{number} and more of it\n" for number in range(1_000))
    for number in range(380):  # 27 KB each
        (style / f"R{number:03}.yml").write_text(f"extends: existence\nmessage: m\ntokens:\n{phrases}")
    rules = load_rules([style])
    (problem,) = rules.problems
    assert problem.message == "more than 1,000,000 characters of patterns; the rest is left out"
    left_out = int(problem.path.stem[1:])
    assert 10 < left_out < 40
    assert len(rules.review("Here is word900 and more of it").flags) == left_out


@pytest.mark.parametrize(
    ("case", "wrong"),
    [
        ("want: '1:4:House.Rule:Say it plainly.'", ""),
        ("want: '1:1:House.Rule:Say it plainly.'", "wanted"),
        ("contains: Say it", ""),
        ("contains: Shout it", "is not in"),
        ("absent: Shout it", ""),
        ("absent: House.Rule", "should not be in"),
    ],
)
def test_cases_are_run_as_vale_runs_them(style: Path, case: str, wrong: str) -> None:
    silent = "  - name: silent\n    input: nothing\n    want: ''\n"
    rules = write(style, f"{RULE}tests:\n  - name: case\n    input: We synergise\n    {case}\n{silent}")
    failures = [failure for failure in run_rule_tests(rules) if failure.rule == "House.Rule"]
    assert [failure.case for failure in failures] == (["case"] if wrong else [])
    assert all(wrong in failure.message for failure in failures)


def test_a_rule_without_cases_is_a_failure(style: Path) -> None:
    failures = run_rule_tests(write(style, RULE))
    assert [failure.message for failure in failures] == [
        "no case makes this rule fire",
        "no case leaves this rule silent",
    ]
