"""A team's own rules and words, as settings have them."""

from pathlib import Path
from textwrap import dedent

import pytest

from bot.coach import Coach
from bot.making import make_coach
from bot.settings import SettingsError, load_settings

LOUD = "BIG NEWS! Sign up now at https://shop.example #sale #deal #now"


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)  # no .env of anybody's
    for name in ("STYLES", "RULES_OFF", "ACCEPT", "REJECT"):
        monkeypatch.delenv(f"HUMANIZE_{name}", raising=False)


def coach_with(monkeypatch: pytest.MonkeyPatch, **settings: str) -> Coach:
    for name, value in settings.items():
        monkeypatch.setenv(f"HUMANIZE_{name}", value)
    return make_coach(load_settings())


def fired(coach: Coach, text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for flag in coach.review(text).flags:
        assert text[flag.start : flag.end] == flag.match
        found.setdefault(flag.rule, []).append(flag.match)
    return found


def write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(dedent(text).lstrip("\n"), encoding="utf-8")


# The shapes that Vale's own styles have, written anew.
STYLE = {
    "styles/House/Crumbs.yml": """
        extends: substitution
        message: "Say '%s', not '%s'."
        level: error
        ignorecase: true
        swap:
          leftover crumbs?: crumbs
        """,
    "styles/House/Ahead.yml": r"""
        extends: existence
        message: "Look ahead for '%s'."
        level: warning
        tokens:
          - oven
          - loaf(?! of)
        """,
    "styles/House/Spelling.yml": """
        extends: spelling
        message: "Is '%s' spelled so?"
        """,
    "styles/House/Headings.yml": """
        extends: capitalization
        message: "'%s' should be in sentence case."
        scope: heading
        match: $sentence
        """,
    "styles/House/Script.yml": """
        extends: script
        message: "A script."
        script: |
          text := import("text")
        """,
    "styles/House/Back.yml": r"""
        extends: existence
        message: "Twice."
        raw:
          - (\w+) \1
        """,
}


def test_vale_styles_load_and_what_does_not_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for path, text in STYLE.items():
        write(path, text)
    coach = coach_with(monkeypatch, STYLES="styles, styles/Gone")
    assert fired(coach, "We swept the leftover crumbs.") == {"House.Crumbs": ["leftover crumbs"]}
    told = {f"{problem.path}:{problem.line}": problem.message for problem in coach.rules.problems}
    assert set(told) == {
        "styles/House/Ahead.yml:6",
        "styles/House/Spelling.yml:1",
        "styles/House/Headings.yml:1",
        "styles/House/Script.yml:1",
        "styles/House/Back.yml:4",
        "styles/Gone:1",
    }
    assert "'spelling'" in told["styles/House/Spelling.yml:1"]
    assert "(?!" in told["styles/House/Ahead.yml:6"]


def test_rules_and_styles_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {"Megaphone.Hashtags", "Megaphone.CallToAct"} <= set(fired(Coach(), LOUD))
    got = fired(coach_with(monkeypatch, RULES_OFF="Megaphone.Hashtags"), LOUD)
    assert "Megaphone.Hashtags" not in got
    assert "Megaphone.CallToAct" in got
    assert fired(coach_with(monkeypatch, RULES_OFF="megaphone, Robotic"), LOUD) == {}


def test_a_rule_that_is_none_cannot_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match=r"HUMANIZE_RULES_OFF: there is no rule or style Megafone, No\.Such"):
        coach_with(monkeypatch, RULES_OFF="Megafone,Megaphone.Hashtags,No.Such")


def test_rejected_words_get_a_flag_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    write("words/reject.txt", "# bread words\nartisanal\n\ncr[uü]st-?forward\n")
    coach = coach_with(monkeypatch, REJECT="words/reject.txt, doughlightful")
    text = "An Artisanal, crustforward loaf, doughlightful as ever. Artisanally baked."
    assert fired(coach, text) == {"Team.Rejected": ["Artisanal", "crustforward", "doughlightful"]}
    assert coach.rules.rule("Team.Rejected").label


def test_accepted_words_never_match(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Hope this finds you well is what our oven is called. I hope this finds you well, all of you."
    assert len(fired(Coach(), text)["Robotic.FindsYouWell"]) == 2
    coach = coach_with(monkeypatch, ACCEPT="Hope this finds you well is")
    (left,) = fired(coach, text)["Robotic.FindsYouWell"]
    assert text.index(left) > text.index("called")


def test_an_accepted_name_in_capitals_is_no_shouting(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "CRUMBLY and CRUMBLY are open again! #a #b #c"
    assert "Megaphone.Shouting" in fired(Coach(), text)
    assert "Megaphone.Shouting" not in fired(coach_with(monkeypatch, ACCEPT="CRUMBLY"), text)


def test_accepted_words_win_over_rejected_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fired(coach_with(monkeypatch, ACCEPT="rye crust", REJECT="crust"), "A crust, our rye crust.") == {
        "Team.Rejected": ["crust"]
    }


def test_words_that_cannot_be_used_are_named_and_the_rest_works(monkeypatch: pytest.MonkeyPatch) -> None:
    write("reject.txt", "good\n\n(broken\n")
    coach = coach_with(monkeypatch, REJECT="reject.txt,fine,x(?=y),gone.txt")
    assert [f"{problem.path}:{problem.line}" for problem in coach.rules.problems] == [
        "gone.txt:1",
        "reject.txt:3",
        "HUMANIZE_REJECT:3",
    ]
    assert fired(coach, "good and fine") == {"Team.Rejected": ["good", "fine"]}


def test_without_settings_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    coach = coach_with(monkeypatch, STYLES="", RULES_OFF="", ACCEPT=" , ", REJECT="")
    assert coach.rules.problems == ()
    assert coach.review(LOUD) == Coach().review(LOUD)
