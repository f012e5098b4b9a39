import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models import Wishes
from bot.wishes import read_wish

DRAFT = "Big NEWS! Sign up at https://loom.example/x?utm=1 #AI #CX by May 14 for $20"


@pytest.mark.parametrize(
    ("said", "wishes"),
    [
        ("shorter", Wishes(shorter=True)),
        ("Shorter please!", Wishes(shorter=True)),
        ("can you make it a bit shorter?", Wishes(shorter=True)),
        ("shorter, please", Wishes(shorter=True)),
        ("too long", Wishes(shorter=True)),
        ("light edit", Wishes(light=True)),
        ("just a light edit please", Wishes(light=True)),
        ("can you make only small changes?", Wishes(light=True)),
        ("fewer changes", Wishes(light=True)),
        ("don't change so much", Wishes(light=True)),
        ("light edit and shorter", Wishes(light=True, shorter=True)),
        ("lighter", Wishes(variant=1, angle="playful")),
        ("another", Wishes(variant=1)),
        ("another one please", Wishes(variant=1)),
        ("try again", Wishes(variant=1)),
        ("more playful", Wishes(variant=1, angle="playful")),
        ("make it fun", Wishes(variant=1, angle="playful")),
        ("could you be more direct?", Wishes(variant=1, angle="candid")),
        ("more playful, and shorter", Wishes(variant=1, angle="playful", shorter=True)),
        ("keep the hashtags", Wishes(keep=("#AI", "#CX"))),
        ("keep #AI", Wishes(keep=("#AI",))),
        ("keep the link", Wishes(keep=("https://loom.example/x?utm=1",))),
        ("please keep may 14", Wishes(keep=("May 14",))),
        ("shorter and keep the price", Wishes(shorter=True, keep=("$20",))),
    ],
)
def test_wishes_are_understood(said: str, wishes: Wishes) -> None:
    assert read_wish(said, DRAFT, Wishes()) == wishes


@pytest.mark.parametrize("said", ["write it anew", "Rewrite it from scratch, please", "a whole rewrite"])
def test_a_whole_rewrite_after_a_light_edit(said: str) -> None:
    assert read_wish(said, DRAFT, Wishes(light=True, shorter=True)) == Wishes(variant=1, shorter=True)


@pytest.mark.parametrize(
    "said",
    [
        "looks good",
        "thanks, please",
        "can someone check the link?",
        "keep it up",
        "keep the horse",
        "I'd go with another agency for this one",
        "no",
        "",
        "shorter deadlines would help us all",
        "this is fun",
        "the light in this photo is nice",
        "small changes to the schedule tomorrow",
        "x" * 500,
    ],
)
def test_talk_among_colleagues_is_no_wish(said: str) -> None:
    assert read_wish(said, DRAFT, Wishes()) is None


def test_wishes_add_up() -> None:
    first = read_wish("keep the hashtags", DRAFT, Wishes())
    assert first is not None
    assert read_wish("another", DRAFT, first) == Wishes(variant=1, keep=("#AI", "#CX"))


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_message_is_a_wish_or_none(said: str, draft: str) -> None:
    wishes = read_wish(said, draft, Wishes())
    assert wishes is None or all(words in draft for words in wishes.keep)
