"""Is a text in a language that no rules are written for? Asked only where the commonest English words are rare.

The detector is Google's CLD3 (a small network, packaged with its weights: offline, the same answer each time). It is
often wrong on a few words of English slang or a headline, so a language is only believed where enough of it is there.
"""

import re
from functools import cache
from typing import Any

LANGUAGES = {
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek",
    "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French", "hi": "Hindi",
    "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian", "it": "Italian", "iw": "Hebrew", "ja": "Japanese",
    "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "ms": "Malay", "nl": "Dutch", "no": "Norwegian",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian",
    "sr": "Serbian", "sv": "Swedish", "ta": "Tamil", "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu",
    "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
"""The languages that are told apart, by CLD3's code. Rarer ones (Galician, Latin, Swahili ...) it finds in English."""

_ENGLISH = frozenset(
    ("the", "and", "you", "your", "you're", "our", "with", "this", "that", "it's", "are", "was", "have", "has", "from",
     "what", "how", "who", "about", "not", "will", "can", "my", "i'm", "i", "get", "more", "just", "don't", "thanks",
     "here", "if", "but", "by", "when", "out", "up", "of", "for", "to", "be", "is", "it")
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_NO_PROSE = re.compile(r"[#@][\w.]+|[\x01-\x05]+|:[a-z0-9_+-]+:")
_ONE_IN = 8
"""English has one of these words in four; headlines and slang fewer, other languages hardly any."""
_FIRST = 40
_SURE = 0.97
_WORDS, _WORDS_WITH_ACCENTS = 7, 4
_LETTERS = 6
"""Enough in a script that writes no Latin letters."""
_READ = 1_000


def foreign_language(prose: str) -> str | None:
    """The code of a masked text's language when it is one of LANGUAGES; None for English and where that is not clear.

    Never raises.
    """
    english = 0
    rough = prose[:_READ].lower().split()  # a tenth of what looking for words costs
    for some in (rough[:_FIRST], rough[_FIRST:]):  # the first words nearly always tell
        english += sum(map(_ENGLISH.__contains__, some))
        if rough and english * _ONE_IN >= len(rough):
            return None
    words = _WORD.findall(_NO_PROSE.sub(" ", prose[:_READ]))
    if not _enough(words):
        return None
    found = _detector().FindLanguage(" ".join(words))
    return found.language if found.is_reliable and found.probability >= _SURE and found.language in LANGUAGES else None


def _enough(words: list[str]) -> bool:
    text = "".join(words)
    foreign = sum(letter > "\u024f" for letter in text)  # past the Latin letters
    if foreign * 2 > len(text):
        return foreign >= _LETTERS
    return len(words) >= (_WORDS if text.isascii() else _WORDS_WITH_ACCENTS)


@cache
def _detector() -> Any:
    import gcld3  # 6 ms, and most texts never ask

    return gcld3.NNetLanguageIdentifier(min_num_bytes=0, max_num_bytes=_READ * 4)
