"""How a draft is taken apart: titles of links, credits, questions to the room, wrapped lines, emoji for full stops."""

import pytest

from bot.models import Context
from bot.rewrite.messages import answers_somebody
from bot.rewrite.tidy import tidy
from bot.rules import RuleSet, load_rules

LINK = "https://a.example/x"


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


@pytest.mark.parametrize(
    ("draft", "shown"),
    [
        (f"See how the ferry keeps its timetable: {LINK}", "How the ferry keeps its timetable."),
        (f"Find out how to glaze a bowl {LINK}", "How to glaze a bowl."),
        (f"Learn more about our night school: {LINK}", "More about our night school."),
        (f"Check out our new kiln here: {LINK}", "Our new kiln."),
        (f"We glaze bowls. Read her story: {LINK}", "Her story."),
    ],
)
def test_a_command_to_look_becomes_the_title_of_the_link(draft: str, shown: str) -> None:
    assert tidy(draft).points == (shown,)


@pytest.mark.parametrize(
    "draft", [f"Read our report or watch the video: {LINK}", f"Visit us in Porto {LINK}", "See how it is"]
)
def test_other_commands_are_no_titles(draft: str) -> None:
    assert tidy(draft).points == ()


def test_who_is_named_behind_a_link_is_kept_apart() -> None:
    parts = tidy(f"Bowls are fired twice: {LINK} via @kilnmagazine #pottery")
    assert parts.statements == ("Bowls are fired twice.",)
    assert (parts.credit, parts.tags) == ("via @kilnmagazine", ("#pottery",))


def test_what_is_passed_on_keeps_its_source() -> None:
    parts = tidy(f"RT @kilnmagazine: Bowls are fired twice {LINK}")
    assert parts.statements == ("Bowls are fired twice.",)
    assert parts.credit == "via @kilnmagazine"


def test_a_question_to_be_answered_behind_the_link_asks_for_the_readers_view() -> None:
    parts = tidy(f"How can small towns keep their bakers? Read more: {LINK}")
    assert parts.questions == ("In your view, how can small towns keep their bakers?",)


def test_who_said_it_stays_with_what_was_said() -> None:
    parts = tidy("“The glaze ran, and I kept it that way.” - @mina")
    assert parts.statements == ("“The glaze ran, and I kept it that way.” – @mina",)


def test_a_wrapped_line_is_one_sentence_and_an_emoji_may_end_one() -> None:
    assert tidy("Our kiln holds\nforty bowls.").statements == ("Our kiln holds forty bowls.",)
    assert tidy("We fired forty bowls 🔥 Two of them broke.").statements == (
        "We fired forty bowls.",
        "Two of them broke.",
    )


@pytest.mark.parametrize(
    ("draft", "answers"),
    [
        ("We apologize for any inconvenience. Please send us a DM with your order number so we can assist.", True),
        ("Here to help! Send us a note so our team can connect.", True),
        ("Thrilled to announce our new kiln! Contact us with any questions you may have. Sign up now", False),
        ("Forty bowls went into the kiln on Monday. Which glaze would you have picked?", False),
    ],
)
def test_an_answer_to_a_customer_is_told_from_a_post(rules: RuleSet, draft: str, answers: bool) -> None:
    assert answers_somebody(rules.review(draft, Context())) is answers


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        (
            "Storm warning ⚠️ High tides may close Quay Road today.",
            "Storm warning: High tides may close Quay Road today.",
        ),
        ("Wash it out with the ✨ NEW ✨ #LoomSoap.", "Wash it out with the new #LoomSoap."),
        ("We want to know!", "We want to know."),
        ("Join us as we open the kiln on Friday", "We open the kiln on Friday."),
        ("Visit us at Stand 12 to see a new way to glaze a bowl!", "We're at Stand 12 with a new way to glaze a bowl."),
        ("Mill Bank named Best Small Bank – Check out all the awards", "Mill Bank named Best Small Bank."),
        ("Our soap is finally here!", "Our soap is here."),
        (
            "Our small oak lamps are the ultimate Mother's Day present",
            "Our small oak lamps are a Mother's Day present.",
        ),
        ("Our client seeks a baker. hello@mill.example", "Our client seeks a baker."),
    ],
)
def test_what_is_mended_reads_as_english(draft: str, said: str) -> None:
    assert tidy(draft).statements[0] == said


def test_a_question_to_nobody_asks_for_the_readers_view_and_keeps_its_story() -> None:
    parts = tidy(f"Can choirs teach patience? See how Tern does this: {LINK}")
    assert parts.questions == ("In your view, can choirs teach patience?",)
    assert parts.points == ("How Tern does this.",)


def test_a_long_post_opens_its_paragraphs_where_the_draft_did() -> None:
    first = "We fired forty bowls on Monday and two of them broke in the kiln before anybody had seen them. " * 3
    second = "The glaze ran on the other thirty-eight, and I kept it that way for a week to see who would mind. " * 2
    parts = tidy(f"{first}\n\n{second}\n\nNobody did.")
    assert len(parts.opens) == 3
    assert tidy("We fired forty bowls.\n\nTwo broke.").opens == frozenset()


def test_two_ways_to_answer_stay_one_sentence() -> None:
    parts = tidy("Text COAT to 70999 or visit https://coats.example/give Reply STOP to opt out")
    assert parts.statements[0] == "Text COAT to 70999 or visit https://coats.example/give."
    assert parts.legal


@pytest.mark.parametrize(
    ("draft", "statements"),
    [
        (
            "We are pleased to publish our 2025 Wool Report, which details how we cut waste by 22%.",
            ("Our 2025 Wool Report is out.", "It details how we cut waste by 22%."),
        ),
        ("Thrilled that our loom Ada has been nominated!", ("Our loom Ada has been nominated.",)),
        ("Join our Tuesday evening loom class at the mill", ("Our Tuesday evening loom class at the mill.",)),
        ("Excited to announce our latest link: Loomly now talks to Quill.", ("Loomly now talks to Quill.",)),
        ("PRICE DROP 🚨 Bowls from just £9!", ("Price drop: Bowls from just £9.",)),
        ("Sale ends MIDNIGHT ⏰ 30% off all bowls", ("Sale ends midnight: 30% off all bowls.",)),
    ],
)
def test_the_news_of_an_announcement_stays(draft: str, statements: tuple[str, ...]) -> None:
    assert tidy(draft).statements == statements
