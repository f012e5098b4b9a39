"""The facts in a text: what a rewrite may keep or drop, but never invent.

``facts(text)`` finds numbers with their units, prices, dates, times, names, links, addresses, phone numbers, mentions,
hashtags, quoted words, placeholders and legal lines. Each keeps its place: ``text[f.start:f.end] == f.text``, in
characters of the text as given, and a normal form in which "3pm" equals "15:00" and "1,200" equals "1200".
Finding them is linear in the length of the text; every repeat in a pattern is bounded or cannot overlap itself.
"""

from bot.facts.find import facts
from bot.facts.memory import of_facts, of_text, reading_once
from bot.facts.model import Fact, Facts, Kind, fold, word_set

__all__ = ["Fact", "Facts", "Kind", "facts", "fold", "of_facts", "of_text", "reading_once", "word_set"]
