import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.split import split

TOLD_APART = [
    ("LinkedIn: We moved to Leeds today.\nX: Moved to Leeds today", ["LinkedIn", "X"], ["linkedin", "x"]),
    ("LinkedIn: we moved to Leeds. X: moved to Leeds today", ["LinkedIn", "X"], ["linkedin", "x"]),
    (
        "two ideas:\n*Instagram:* our oven is in\n*Email:* our oven is here",
        ["Instagram", "Email"],
        ["instagram", "email"],
    ),
    ("Option A\nOur first try of it\n\nOption B\nOur second try of it", ["Option A", "Option B"], [None, None]),
    ("Version 1: our first try\nVersion 2: our second try", ["Version 1", "Version 2"], [None, None]),
    ("1/3 first we listened 2/3 then we built it 3/3 now we ask", ["1/3", "2/3", "3/3"], [None] * 3),
    ("First we listened 1/2\n\nThen we built 2/2", ["1/2", "2/2"], [None, None]),
]
ONE_DRAFT = [
    "We moved to Leeds today",
    "LinkedIn: we moved to Leeds today",
    "The sale runs from 1/5 to 2/5, come by",
    "Option A: yes. Which one would you take?",
    "X: hi\nLinkedIn: ok",
    "Ratio 3/4 against 1/4 in the second test",
    "",
    "1/2 2/2",
]


@pytest.mark.parametrize(("text", "labels", "networks"), TOLD_APART)
def test_drafts_are_told_apart(text: str, labels: list[str], networks: list[str | None]) -> None:
    pieces = split(text)
    assert [piece.label for piece in pieces] == labels
    assert [piece.network for piece in pieces] == networks
    for piece in pieces:
        assert piece.label is not None
        assert piece.label not in text[piece.start : piece.end]


@pytest.mark.parametrize("text", ONE_DRAFT)
def test_one_draft_stays_one(text: str) -> None:
    pieces = split(text)
    assert len(pieces) == 1
    assert pieces[0].label is None
    assert text[pieces[0].start : pieces[0].end] == text.strip()


@given(st.text(alphabet="LinkedIn:X Option A\nB12/3 .!?*_", max_size=200))
def test_pieces_stand_in_the_text_in_order_and_apart(text: str) -> None:
    pieces = split(text)
    assert pieces
    ends = [0, *(piece.end for piece in pieces)]
    assert all(piece.start >= end for piece, end in zip(pieces, ends, strict=False))
    assert all(piece.end <= len(text) for piece in pieces)
