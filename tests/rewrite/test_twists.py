"""What looks for lies without a new fact reads any text, and finds nothing in a draft beside itself."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.facts import facts
from bot.rewrite import twists
from bot.rewrite.asks import questions
from bot.rewrite.words import outside_brackets, stems

WORDS = (
    "not never don't no over until from up_to 300 £14 June_30 a_month free [ ] which you and ? . , because is painless"
    " ** \n :trophy: \u0301 instead_of"
)
PIECES = st.lists(st.sampled_from([word.replace("_", " ") for word in WORDS.split(" ")]), max_size=40)
TEXTS = st.one_of(st.text(max_size=200), PIECES.map(" ".join), PIECES.map("".join))


@settings(max_examples=150)
@given(TEXTS, TEXTS)
def test_any_two_texts_can_be_read(text: str, draft: str) -> None:
    found, known = facts(text), facts(draft)
    bare = outside_brackets(text)
    said = twists.stated(bare, questions(found))
    assert len(said) == len(bare)
    for reason in (
        twists.turned(said, draft), twists.reasoned(said, draft), twists.loosened(said, known),
        twists.moved(found, known), twists.markup(text, draft), twists.smuggled(found, frozenset()),
        twists.new_thing(said, stems(draft)),
    ):  # fmt: skip
        assert isinstance(reason, str)


@settings(max_examples=150)
@given(TEXTS)
def test_a_text_does_not_lie_about_itself(text: str) -> None:
    found = facts(text)
    assert twists.moved(found, found) == ""
    assert twists.markup(text, text) == ""
    assert twists.reasoned(text, text) == ""
