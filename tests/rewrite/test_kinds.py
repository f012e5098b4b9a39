"""What a post does decides what is asked of its readers; the news stays, and stands before the question."""

import pytest

from bot.coach import Coach
from bot.models import Context, Network
from bot.rewrite.asks import is_genuine
from bot.rewrite.claims import new_claim
from bot.rewrite.frames import frames, read_frames
from bot.rewrite.kinds import SURE, kind_of
from bot.rewrite.tidy import tidy
from bot.rewrite.words import stems


@pytest.fixture(scope="module")
def coach() -> Coach:
    return Coach()


@pytest.mark.parametrize(
    ("draft", "kind"),
    [
        ("We're hiring a Senior Baker in Leith. Apply now!", "hiring"),
        ("I've joined Tern & Sons as Head of Archives", "new_job"),
        ("Tern & Sons appoints Ada Quill as finance director", "appointment"),
        ("We've been named Mill of the Year by the county!", "our_award"),
        ("Tern & Sons named best small mill of 2026", "award"),
        ("We raised £4,210 at the winter fair", "raised"),
        ("Please donate today: every loom counts", "appeal"),
        ("Volunteers needed for the beach clean on Saturday", "volunteers"),
        ("Thank you to everyone who came to our stand on Friday", "past"),
        ("Ferry Lane will be closed from Monday", "disruption"),
        ("Your boiler service is now due", "due"),
        ("Open day on 4 May, 10am to 3pm", "open_day"),
        ("Our new exhibition opens on 4 May", "show"),
        ("Call for papers: the loom in art", "entries"),
        ("Win a £50 voucher for our shop", "giveaway"),
        ("Looking for the perfect gift for Dad?", "gift"),
        ("Our new plum loaf is here", "treat"),
        ("Full time: Rovers 2-2 Athletic", "match"),
        ("We spoke about bread at the Mill Summit", "any"),
        ("Visit us @millfair 5-7 March", "event"),
    ],
)
def test_what_a_post_does(draft: str, kind: str) -> None:
    assert kind_of(draft, draft, "own_promotion") == kind


def test_each_kind_has_questions_enough_and_claims_nothing() -> None:
    kinds = frames()["kinds"]
    assert set(kinds) >= SURE
    draft = "The kiln opens again on 4 May, and the first bowls are ready."
    for name, listed in kinds.items():
        asked = [f.text for f in read_frames(listed)]
        assert len(set(asked)) == len(asked) >= 7, name
        for question in asked:
            assert is_genuine(question), question
            text = f"{draft} {question}"
            assert new_claim(text, text, draft, stems(draft)) == "", question


@pytest.mark.parametrize(
    ("network", "draft", "kept", "gone"),
    [
        (
            "instagram",
            "BIG NEWS, loaf lovers! We are SO excited to announce that our brand new plum loaf has finally landed!"
            " Only on Sundays from 9am. Tag a friend! #bakery #loaf #foodie",
            ("Our new plum loaf has arrived.", "Only on Sundays from 9am."),
            ("lovers", "#"),
        ),
        (
            "linkedin",
            "WEBINAR ALERT! Join us on Tuesday 4 May at 2pm BST for “Fewer returns, same prices” with our head of"
            " support, Ada Quill. Spots are limited, register now! https://mill.example/w #a #b #c",
            ("“Fewer returns, same prices” with our head of support, Ada Quill: Tuesday 4 May at 2pm BST.",),
            ("limited", "Join"),
        ),
        (
            "x",
            "The Harbour Trust is delighted to unveil its new bus lane on Quay Road! Find out more https://h.example/b",
            ("The Harbour Trust has a new bus lane on Quay Road.",),
            ("delighted",),
        ),
        (
            "linkedin",
            "Quill & Tern LLP is delighted to announce the appointment of Ada Brook as Partner in our Property team.",
            ("Ada Brook is Partner in our Property team.",),
            ("delighted", "announce"),
        ),
        (
            "x",
            "Every child should have a coat. Text COAT to 70999 or visit https://coats.example/give #charity #winter"
            " #kids",
            ("Text COAT to 70999 or visit https://coats.example/give",),
            ("or. ",),
        ),
        (
            "instagram",
            "Our new show “Women of the Mill” opens 3 October. Book your tickets now before they're gone! Link in bio",
            ("opens 3 October", "Link in bio."),
            ("Book your",),
        ),
        (
            "facebook",
            "Hurry! Only 12 tickets left for Saturday's quiz night! Grab yours before it's too late:"
            " https://quiz.example/t",
            ("Only 12 tickets left for Saturday's quiz night.",),
            ("Hurry", "too late"),
        ),
        (
            "x",
            "We are thrilled to share that we have been named Small Mill of the Year! https://mill.example/a",
            ("named Small Mill of the Year.",),
            ("thrilled",),
        ),
    ],
)
def test_the_news_stays_and_the_push_goes(
    coach: Coach, network: Network, draft: str, kept: tuple[str, ...], gone: tuple[str, ...]
) -> None:
    context = Context(network=network)
    (rewrite,) = coach.rewrite(coach.review(draft, context), context).rewrites
    assert all(words in rewrite.text for words in kept), rewrite.text
    assert not any(words in rewrite.text for words in gone), rewrite.text
    assert rewrite.text.index(kept[0]) < rewrite.text.index("?") or "Text" in kept[0] or "Link" in kept[-1]


def test_a_post_is_no_first_message_and_no_answer_to_a_customer(coach: Coach) -> None:
    for draft in (
        "What an incredible week at MillSummit Leeds! Great to connect with so many thought leaders. Huge thanks to"
        " everyone who visited our stand. #MillSummit #looms #networking",
        "As a leading provider of loom parts, we are committed to excellence. Contact us to discover how we can help.",
        "Please be advised that Ferry Lane will be closed from Monday 4 May to Friday 8 May due to essential works. We"
        " apologise for any inconvenience.",
    ):
        (rewrite,) = coach.rewrite(coach.review(draft)).rewrites
        assert "name]" not in rewrite.text.lower()


def test_steps_on_one_line_become_a_list_under_their_title(coach: Coach) -> None:
    draft = (
        "3 ways to keep a loom in trim: 1. Oil it weekly 2. Check the belt 3. Cover it at night. Contact our team of"
        " experts today! #loom #mill #craft"
    )
    (rewrite,) = coach.rewrite(coach.review(draft)).rewrites
    assert "1. Oil it weekly\n2. Check the belt\n3. Cover it at night." in rewrite.text


def test_what_only_brings_reach_goes_from_a_giveaway() -> None:
    parts = tidy("Win a £50 voucher! To enter: 1. Follow us 2. Like this post 3. Tag a friend. Winner told on Friday.")
    assert parts.statements == ("The prize: a £50 voucher.", "Winner told on Friday.")


@pytest.mark.parametrize(
    ("draft", "kind"),
    [
        ("Tern & Sons has achieved Fair Mill certification. We are proud of it", "any"),
        ("We have achieved Fair Mill certification", "our_award"),
        ("The 12 bus will not run on Sunday due to the half marathon", "disruption"),
        ("Our new wool school has opened its doors", "opening"),
        ("We welcome Dr Ada Quill to our clinic", "team"),
        ("Version 3.2 of our Partner Portal is out", "launch"),
        ("Rents up 6.1% year on year, says our outlook", "any"),
        ("5 tips for a quiet loom: https://mill.example/t", "headlist"),
        ("Mills return to wool", "remark"),
        ("Have your say on the new Quay Plan", "consultation"),
        ("Your parcel will be delivered today between 1 and 2", "notice"),
        ("We've updated our Privacy Policy", "terms"),
        ("Our evening class in weaving starts in May", "course"),
        ("A big thank you to Quay Studio for our new sign", "thanks"),
    ],
)
def test_more_of_what_posts_do(draft: str, kind: str) -> None:
    assert kind_of(draft, draft, "own_promotion") == kind


def test_a_number_to_call_stays(coach: Coach) -> None:
    draft = (
        "Lost dog! Have you seen Tern? Black lurcher, last seen near Quay Lane on Sunday. Please call the mill on"
        " 01632 960 123 if you spot her. Please share!"
    )
    (rewrite,) = coach.rewrite(coach.review(draft)).rewrites
    assert "01632 960 123" in rewrite.text
    assert "01632 960 123" not in rewrite.dropped


def test_an_invitation_says_what_where_and_when(coach: Coach) -> None:
    draft = "Join us in Leeds on 11 June for our loom fair, Warp '26! Tickets until 31 January: https://warp.example"
    (rewrite,) = coach.rewrite(coach.review(draft)).rewrites
    assert rewrite.text.startswith("Our loom fair, Warp '26: Leeds, 11 June.")
