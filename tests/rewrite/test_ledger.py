"""What people read under "Left out": what is really gone, in reading order, each once."""

import pytest

from bot.coach import Coach
from bot.facts import fold
from bot.models import Context, Review
from bot.rewrite.describe import describe
from bot.rewrite.rules_writer import RulesWriter
from bot.rewrite.trial import Material
from tests.rewrite.hostile_drafts import HOSTILE

LAUNCH = "🚀 BIG NEWS! We are thrilled to announce Flowdesk 2.0! Sign up NOW #SaaS #AI #CX"
EVENT = "Don't miss out! Register NOW: pottery webinar, May 14, 3pm CET. Limited seats!!! Link in bio"
PLANNER = (
    "🚨 HUGE NEWS 🚨 Our new teapot is HERE!!! Sign up NOW before it's too late 👉 https://teapots.example #tea #pots"
)
DRAFTS = (
    LAUNCH,
    EVENT,
    PLANNER,
    "We are the leading provider of kite repairs. Our award-winning workshop mends over 400 kites a year.",
    "Like and share this post! We opened a second bakery in Leeds on 3 March. Follow us for more #bread #leeds #news",
    "Hi {first_name}! Thanks for following! Grab our ebook and like us: fb.example/acme",
    "We apologize for any inconvenience. Please DM us your order number and we will look into it. +44 20 7946 0000",
    "Who doesn't love soup? Our soup van is out on Thursday at noon!!! Tag a friend who needs to know! @ladle #soup",
)


@pytest.fixture(scope="module")
def coach() -> Coach:
    return Coach()


def dropped(coach: Coach, draft: str, rewrite: str) -> tuple[str, ...]:
    material = Material(coach.review(draft), Context(), coach.rules)
    return describe(rewrite, material, "rules").dropped


def test_a_launch(coach: Coach) -> None:
    assert dropped(coach, LAUNCH, "Flowdesk 2.0 is out. What would you hand over first? #CX") == (
        "BIG NEWS",
        "We are thrilled to announce",
        "Sign up NOW",
        "#SaaS",
        "#AI",
    )


def test_what_a_command_was_about_is_not_left_out(coach: Coach) -> None:
    said = "Pottery webinar, May 14, 3pm CET. What would you like to make?"
    assert dropped(coach, EVENT, said) == ("Don't miss out", "Register NOW", "Limited seats", "Link in bio")


def test_what_stands_side_by_side_is_one_item(coach: Coach) -> None:
    said = "Our new teapot is here. I'd like to know: what do you drink? https://teapots.example #pots"
    assert dropped(coach, PLANNER, said) == ("HUGE NEWS", "Sign up NOW before it's too late", "#tea")


def test_a_word_of_the_new_question_does_not_hide_what_went(coach: Coach) -> None:
    assert "Sign up NOW" in dropped(coach, LAUNCH, "Flowdesk 2.0 is out. What would you sign up for now?")


def test_it_reads_as_phrases_of_the_draft(coach: Coach) -> None:
    draft = (
        "Hi {first_name}, your pass is due. Seats are limited, and shipping is free."
        " Did you know that 3 of 4 mugs leak?"
    )
    assert dropped(coach, draft, "3 of 4 mugs leak. Who do you know that mends mugs?") == (
        "Hi {first_name}, your pass is due",
        "Seats are limited, and shipping is free",
    )


def test_one_word_of_a_sentence_that_stands_is_no_item(coach: Coach) -> None:
    draft = "Our new award-winning kettle release lands on Monday. Read more: https://kettle.example"
    assert dropped(coach, draft, "Our new kettle lands on Monday. What do you brew? https://kettle.example") == (
        "award-winning",
        "Read more",
    )


def test_a_lost_fact_is_named_in_full(coach: Coach) -> None:
    link = "https://teapots.example/" + "a" * 120
    assert link in dropped(coach, f"Buy now: the kettle of 1911! {link} #tea", "The kettle of 1911. Who had one?")


@pytest.mark.parametrize("draft", DRAFTS)
def test_the_list_is_short_true_and_in_order(coach: Coach, draft: str) -> None:
    for variant in range(6):
        context = Context(variant=variant)
        _is_a_ledger(coach.review(draft, context), context, coach)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_drafts_have_one_too(coach: Coach, name: str) -> None:
    context = Context()
    _is_a_ledger(coach.review(HOSTILE[name], context), context, coach)


def _is_a_ledger(review: Review, context: Context, coach: Coach) -> None:
    for rewrite in RulesWriter(coach.rules).write(review, context):
        items = [fold(item) for item in rewrite.dropped]
        assert len(items) == len(set(items))
        for item in items:
            words = f" {item} "
            assert not any(words in f" {other} " for other in items if other != item), rewrite.dropped
            assert words not in f" {fold(rewrite.text)} ", (rewrite.text, rewrite.dropped)
        places = [review.text.find(item.rstrip("…").split()[0]) for item in rewrite.dropped]
        assert all(place >= 0 for place in places)
