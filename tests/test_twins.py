import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coach import Coach
from bot.rules.cards import TWIN
from bot.twins import Earlier, Twins, find_twins, may_be_twins, with_twins

TO_ANA = "Hi Ana, your talk about rye bread made me try it at home. Would you look at my starter before Friday?"
TO_BEN = "Hi Ben, your talk about rye bread made me try it at home. Would you look at my starter before Monday 12?"
POST = "Our ovens are back on, so the rye bread returns to the shelf tomorrow at seven. Which one did you miss most?"
OTHER = "We closed the shop early because the river came up to the door, and nobody got hurt. The books are upstairs."


def test_the_same_words_to_another_reader_are_a_twin() -> None:
    found = find_twins(TO_ANA, [Earlier(TO_BEN, same_author=True), Earlier(OTHER)])
    assert found is not None
    assert found.copies == 1
    assert found.likeness >= 90


def test_mentions_name_readers_too() -> None:
    ours, theirs = f"@ana_k {POST}", f"@ben.m {POST} https://shop.example/rye"
    assert find_twins(ours, [Earlier(theirs, same_author=True)])
    assert not find_twins(ours, [Earlier(ours, same_author=True)])


def test_every_copy_is_counted() -> None:
    names = ("Ben", "Cleo", "Dan")
    found = find_twins(TO_ANA, [Earlier(TO_ANA.replace("Ana", name), same_author=True) for name in names])
    assert found == Twins(3, 100.0)


@pytest.mark.parametrize(
    "version",
    [TO_ANA, TO_ANA.replace("Friday", "Saturday"), TO_ANA.replace("made me try it", "had me try it")],
)
def test_a_version_to_the_same_reader_is_none_whoever_wrote_it(version: str) -> None:
    assert not find_twins(version, [Earlier(TO_ANA, same_author=True), Earlier(TO_ANA)])


def test_without_a_named_reader_only_another_authors_text_is_a_twin() -> None:
    edited = POST.replace("tomorrow", "on Friday")
    assert not find_twins(edited, [Earlier(POST, same_author=True)])
    assert find_twins(edited, [Earlier(POST)])


@pytest.mark.parametrize("text", [OTHER, "Thanks so much, Ana!", "", "@ana", "Lovely, see you on Friday"])
def test_other_and_short_texts_are_none(text: str) -> None:
    assert find_twins(text, [Earlier(POST), Earlier(TO_BEN), Earlier("Thanks so much, Ben!")]) is None


def test_the_flag_changes_neither_verdict_nor_score() -> None:
    review = Coach().review(f"  {TO_ANA}\n")
    flagged = with_twins(review, Twins(2, 97.0))
    assert (flagged.verdict, flagged.score, flagged.categories) == (review.verdict, review.score, review.categories)
    (flag,) = [flag for flag in flagged.flags if flag.rule == TWIN.id]
    assert flagged.text[flag.start : flag.end] == flag.match == TO_ANA
    assert with_twins(review, None) is review


def test_its_card_is_among_the_rules() -> None:
    rules = Coach().rules
    assert rules.rule(TWIN.id) == TWIN
    assert rules.fires_alone(TWIN.id)
    assert TWIN.id not in [info.id for info in rules.rules()]  # nothing in one text makes it fire


@given(st.text(), st.lists(st.builds(Earlier, st.text(), st.booleans()), max_size=3))
def test_any_text_is_taken(text: str, earlier: list[Earlier]) -> None:
    find_twins(text, earlier)


def test_twins_pass_the_first_look_and_others_do_not() -> None:
    one = "Hi Ana, thanks for writing in. Please restart the box and try again: https://example.com/help/a"
    two = "Hi Jonas, thanks for writing in. Please restart the box and try again: https://example.com/help/b-12"
    assert find_twins(one, [Earlier(two)])
    assert may_be_twins(one, two)
    assert not may_be_twins(one, "We moved the stand to hall four, come and tell us what you would build first.")
