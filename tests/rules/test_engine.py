"""Reviews: spans that fit, an order that changes nothing, and no text that breaks them."""

import random

import pytest
import re2
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.models import Context, Review
from bot.rules import RuleSet, load_rules
from bot.rules.counts import prepare
from bot.rules.patterns import options
from bot.text import normalise
from tests.test_text import ANY_TEXT

RULES = load_rules()
PHRASES = [
    "We are thrilled to announce", "sign up now", "Thanks for following!", "https://a.example/x", "#news", "#Tea",
    "@sam", "{first_name}", "Hi Ruth,", "I broke the door on Monday.", "What did you try first?", "BIG SAVINGS", "!!!",
    "last chance", "\n", "\n\n", "- one", "🚀", "we are here to help", "fr\u200bee", "“quoted”", "`code`",
    "> said", "é", "日本",
]  # fmt: skip
DRAFTS = st.lists(st.sampled_from(PHRASES), max_size=14).map(" ".join)
CASES = sorted({case.input for info in RULES.rules() for case in info.tests})
JOINED = st.lists(st.sampled_from(CASES), max_size=5).map("\n".join)
CONTEXTS = st.builds(
    Context,
    network=st.sampled_from([None, "x", "linkedin", "instagram", "dm", "email", "sms"]),
    as_channel=st.booleans(),
    in_thread=st.booleans(),
)


def assert_spans_fit(review: Review, text: str) -> None:
    assert review.text == text
    spans = [(flag.start, flag.end, flag.match) for flag in review.flags]
    spans += [(sign.start, sign.end, sign.match) for sign in review.praise]
    for start, end, match in spans:
        assert match
        assert text[start:end] == match


@given(ANY_TEXT | DRAFTS | JOINED, CONTEXTS)
@settings(max_examples=400, deadline=None)
def test_any_text_can_be_reviewed(text: str, context: Context) -> None:
    assert_spans_fit(RULES.review(text, context), text)


@given(ANY_TEXT, st.sampled_from(CASES))
@settings(max_examples=20, deadline=None)
def test_40_000_characters_of_anything_can_be_reviewed(odd: str, case: str) -> None:
    text = (f"{odd} {case} " * (40_000 // (len(odd) + len(case) + 2) + 1))[:40_000]
    assert_spans_fit(RULES.review(text, Context(as_channel=True, network="x")), text)


@given(DRAFTS | ANY_TEXT | JOINED)
@settings(max_examples=300, deadline=None)
@example(text=" ".join(CASES))
def test_the_set_agrees_with_every_rule_by_itself(text: str) -> None:
    data = prepare(normalise(text).text).prose.encode()
    alone = [i for i, rule in enumerate(RULES._words) if re2.compile(rule.pattern, options()).search(data)]
    absent = [i for i, rule in enumerate(RULES._words) if rule.minimum]
    assert RULES._finder.possible(data) == sorted({*alone, *absent})


@given(DRAFTS | JOINED, st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_the_order_of_rules_changes_nothing(text: str, chance: random.Random) -> None:
    shuffled = list(RULES._rules.values())
    chance.shuffle(shuffled)
    assert RuleSet(shuffled).review(text) == RULES.review(text)


@given(
    DRAFTS | JOINED,
    st.sampled_from(["#new", "#thanks", "#WellDone", "#haha", "#2024x"]),
    st.sampled_from([None, "x", "instagram"]),
)
@settings(max_examples=500, deadline=None)
@example(text="“We are thrilled to announce”", tag="#new", network=None)
@example(text="> said We are thrilled to announce `code`", tag="#new", network=None)
@example(text="> said We are thrilled fr\u200bee `code`", tag="#new", network=None)
def test_one_more_hashtag_never_raises_the_score(text: str, tag: str, network: str | None) -> None:
    context = Context.model_validate({"network": network})
    assert RULES.review(f"{text} {tag}", context).score <= RULES.review(text, context).score


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "👍",
        "🎉🎉🎉",
        "\x00\x00\x00",
        "\ufffd" * 50,
        "مرحبا كيف حالك اليوم",
        "今日はとても良い天気ですね。",
        "...",
        "\ud800\udfff",
    ],
)
def test_where_there_are_no_words_of_ours_nothing_is_said(text: str) -> None:
    review = RULES.review(text)
    assert (review.verdict, review.flags) == ("human", ())


@pytest.mark.parametrize(
    "unit",
    [
        "Sign up now at https://a.example #a ",
        "#a ",
        "a#b",
        '"',
        "`",
        ">",
        "@a.",
        "a.b-",
        "word ",
        "日本語",
        "<",
        "\n- ",
        "! ",
        "a@",
        "x" * 50 + " ",
    ],
)
@pytest.mark.timeout(5)  # anything worse than linear takes minutes here
def test_40_000_characters_are_no_trouble(unit: str) -> None:
    text = (unit * 40_000)[:40_000]
    assert_spans_fit(RULES.review(text, Context(as_channel=True)), text)
    assert_spans_fit(RULES.review(text), text)


def test_flags_come_in_order_of_weight(rules: RuleSet) -> None:
    review = rules.review("Hi {first_name}! Sign up now at https://a.example #a #b #c")
    weights = [rules.rule(flag.rule).weight for flag in review.flags]
    assert weights == sorted(weights, reverse=True)
    assert review.flags[0].rule == "AutoDM.MergeTags"


def test_what_somebody_quotes_is_not_what_they_say(rules: RuleSet) -> None:
    assert not rules.review("They wrote “we are thrilled to announce” and I laughed.").flags


def test_a_rule_that_needs_company_stays_silent_alone(rules: RuleSet) -> None:
    assert "Robotic.GameChanger" in rules.fired("A game-changer.")
    assert not rules.review("A game-changer.").flags
    assert not rules.fires_alone("Robotic.GameChanger")
    assert rules.fires_alone("AutoDM.MergeTags")


def test_unknown_rules_are_named(rules: RuleSet) -> None:
    with pytest.raises(KeyError, match=r"Robotic\.Nothing"):
        rules.rule("Robotic.Nothing")
