"""The benchmark's own eyes for facts: they must see what a rewrite adds and what it drops in silence."""

import pytest

from benchmarks.extractor import lost_in, new_in

DRAFT = "Loom 2.0 ships on May 14 at 3pm for $30, thanks to @ada and Grace Hopper. https://a.example/x?y=1 #looms"


@pytest.mark.parametrize(
    "said",
    [
        "It took 41 days.",
        "See https://b.example",
        "Ask @grace.",
        "#weaving",
        "It costs $31.",
        "On June 14.",
        "with Alan.",
    ],
)
def test_what_is_new_is_seen(said: str) -> None:
    assert new_in(f"Who would you show it to? {said}", DRAFT)


@pytest.mark.parametrize(
    "said", ["Loom 2.0 ships.", "On May 14, 3pm.", "@ada", "#looms", "Hopper did it.", "[Ask Alan, 41.]"]
)
def test_what_the_draft_holds_is_not_new(said: str) -> None:
    assert new_in(f"Who would you show it to? {said}", DRAFT) == []


def test_what_went_is_seen_unless_it_is_listed() -> None:
    rewrite = "Loom 2.0 ships on May 14. Who would you show it to?"
    assert {f.split()[0] for f in lost_in(rewrite, DRAFT, ())} == {
        "number",
        "price",
        "mention",
        "name",
        "link",
        "hashtag",
    }
    listed = ("at 3pm for $30", "@ada", "Grace Hopper", "https://a.example/x?y=1", "#looms")
    assert lost_in(rewrite, DRAFT, listed) == []
