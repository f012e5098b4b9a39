"""What people may not lose: terms, codes, dates, tags of a campaign, what the law wants; and who answers a customer."""

import pytest

from bot.coach import Coach
from bot.models import Context
from bot.rewrite.mend import mend


@pytest.fixture(scope="module")
def coach() -> Coach:
    return Coach()


def best(coach: Coach, draft: str, network: str | None = None) -> str:
    review = coach.review(draft, Context.model_validate({"network": network}))
    return coach.rewrite(review).rewrites[0].text


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Use code PLUM12 at checkout", "Code PLUM12 at checkout."),
        ("Order by Friday 3 May with code PLUM12", "Orders by Friday 3 May (code PLUM12)."),
        ("Tickets for the Apple Fair are selling fast", "Tickets for the Apple Fair."),
        ("Register for our open evening on 9 May, 7pm", "Our open evening is on 9 May, 7pm."),
        ("With your help, we mended 40 bikes", "With your help, we mended 40 bikes."),
    ],
)
def test_terms_stay_and_the_push_goes(said: str, kept: str) -> None:
    assert mend(said) == kept


def test_an_offer_keeps_its_terms(coach: Coach) -> None:
    draft = (
        "🍞 MONDAY DEAL! 🍞 Buy 3 rolls get 1 FREE with code RYE9 until May 30! Don't miss out!! #bread #yum #MillRolls"
    )
    text = best(coach, draft, "instagram")
    assert "buy 3 rolls get 1 free (code RYE9) until May 30" in text
    assert "#MillRolls" in text
    assert "#yum" not in text


def test_two_tags_of_a_campaign_stay_and_the_pile_goes(coach: Coach) -> None:
    draft = (
        "Our river walk is open! Sign up now https://river.example #FairRivers #nature #WalkTheWeir #love #OneMoreTag"
    )
    text = best(coach, draft, "x")
    assert text.endswith("#FairRivers #WalkTheWeir")


def test_the_way_out_of_a_text_message_stays(coach: Coach) -> None:
    draft = "FLASH SALE! 20% off all hats til midnight. Use code HAT20 at https://hats.example. Reply STOP to opt out"
    text = best(coach, draft, "sms")
    assert "Reply STOP to opt out" in text
    assert "HAT20" in text


def test_a_reminder_keeps_what_it_reminds_of(coach: Coach) -> None:
    draft = (
        "Hi {first_name}, your eye test is due. Book today at https://eyes.example/b or call 020 7946 0000."
        " Don't delay!"
    )
    text = best(coach, draft, "sms")
    assert text.startswith("Hi [name], your eye test is due.")
    assert "https://eyes.example/b" in text
    assert "020 7946 0000" in text


CANNED = (
    "We sincerely apologize for any inconvenience caused by the closing of your branch. Your custom is important to us."
    " Please contact our customer service team. Thank you for your patience and understanding."
)


def test_a_canned_answer_says_what_happened_and_what_comes(coach: Coach) -> None:
    text = best(coach, CANNED)
    assert text.startswith("I'm sorry about the closing of your branch. ")
    assert "name]" in text.lower()
    assert "[" in text.split("?", 1)[1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (CANNED, True),
        ("We apologise for the delay. Rest assured your case has been passed to the workshop.", True),
        ("Sorry for the delay, I was at the dentist. Thanks for your patience!", False),
        ("can you tell them we apologise for any inconvenience? thanks for your patience", False),
        ("Sorry for the delay, the build is fixed", False),
    ],
)
def test_a_canned_answer_pasted_bare_is_a_draft(coach: Coach, text: str, expected: bool) -> None:
    assert coach.review(text, Context(as_channel=True)).is_draft is expected


@pytest.mark.parametrize(
    ("draft", "word"),
    [
        ("New survey: 62% of small shops wait weeks to be paid https://shops.example/s", "small shops"),
        ("Central bank holds rates as inflation cools https://bank.example/r", "inflation"),
        ("Proud to share that our founder Ida Brook spoke at the Mill Summit about bread.", "Ida Brook"),
        ("Join our panel on Tuesday 4 May at 6pm! Register now https://hall.example #books #talks #town", "panel"),
    ],
)
def test_the_question_names_what_the_draft_is_about(coach: Coach, draft: str, word: str) -> None:
    rewrites = coach.rewrite(coach.review(draft)).rewrites
    assert rewrites
    assert word in rewrites[0].question
