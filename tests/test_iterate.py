import pytest

from bot.iterate import is_next_version
from bot.models import Categories, Part, Review, Rewrite, Suggestion
from bot.store import StoredDraft

DRAFT = "We moved the bakery to Leeds. Our sourdough starter came along in the front seat. Come by on Friday!"
REWRITE = "Which bread did you miss when the corner shop closed? Ours is in Leeds now, with the old starter."


def earlier() -> StoredDraft:
    review = Review(text=DRAFT, verdict="mixed", score=40, categories=Categories(), mix="news")
    suggestion = Suggestion(rewrites=(Rewrite(text=REWRITE, source="rules", question="Which bread?"),))
    parts = (Part(review=review, suggestion=suggestion),)
    place = {"team": "T", "channel": "C", "ts": "1.1", "thread_ts": None, "author": "U"}
    return StoredDraft(id="d_1", version=1, text=DRAFT, deleted=False, parts=parts, **place)


@pytest.mark.parametrize(
    "text",
    [
        DRAFT,
        DRAFT.replace("Friday", "Saturday").replace("!", "."),
        "We moved the bakery to Leeds, and our sourdough starter came along in the front seat. Friday?",
        REWRITE,
        REWRITE + " Come by.",
    ],
)
def test_a_version_of_it_or_of_its_rewrite_follows_it(text: str) -> None:
    assert is_next_version(text, earlier(), DRAFT, in_thread=False)


@pytest.mark.parametrize("text", ["Sourdough!", "We moved", "Who has the key to the meeting room on the third floor?"])
def test_other_texts_do_not(text: str) -> None:
    assert not is_next_version(text, earlier(), DRAFT, in_thread=False)
    assert not is_next_version(text, earlier(), DRAFT, in_thread=True)


def test_less_is_enough_in_the_thread() -> None:
    shorter = "We moved to Leeds. What should our bakery bake for you on Friday, with our old starter?"
    assert is_next_version(shorter, earlier(), DRAFT, in_thread=True)
    assert not is_next_version(shorter, earlier(), DRAFT, in_thread=False)
