"""A team's own rules: all of Vale's kinds that we know, and clear words for what is wrong."""

import re
from pathlib import Path
from textwrap import dedent

import pytest

from bot.rules import RuleSet, load_rules, run_rule_tests

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
        ("message: m\nextends: spelling", 2, "'extends' is one of existence"),
        ("extends: existence\nmessage: m\ntokens:\n  - good\n  - (bad", 5, "does not compile: missing \\)"),
        ("extends: existence\nmessage: m\ntokens:\n  - 'a(?=b)'", 4, "does not compile: invalid perl operator"),
        ("extends: existence\nmessage: m\ntokens: [yes", 3, "not valid YAML"),
        ("extends: existence\nmessage: m\ntokens:\n  - no", 3, "should be a list of texts"),
        ("extends: existence\ntokens: [a]", 1, "'message' is missing"),
        ("extends: existence\nmessage: m", 1, "no 'tokens'"),
        ("extends: existence\nmessage: m\nscope: heading\ntokens: [a]", 3, "'scope' is text or sentence"),
        ("extends: existence\nmessage: m\nlevel: loud\ntokens: [a]", 3, "'level' is suggestion"),
        ("extends: occurrence\nmessage: m\ntoken: a", 1, "needs 'max' or 'min'"),
        ("extends: existence\nmessage: m\ntokens: [a]\ntests:\n  - name: n\n    input: a", 5, "exactly one of want"),
        ("- a list", 1, "is a mapping"),
        ("a: &a [x]\nextends: existence\nmessage: m\ntokens: *a", 4, "aliases"),
        ("[" * 5000, 1, "nested too deeply|not valid YAML"),
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
