"""Which of many patterns can match a text at all, told for all of them at once.

RE2's filter looks for the words that a pattern can't do without, some fifty times as fast as Python tries them all. It
is asked about Python's own patterns here: what RE2 does not know of them (looking ahead and back) is left out, so that
it names too many patterns and never too few.
"""

import re
from collections.abc import Callable, Iterable

import re2

_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?(?:<?[=!]|>)|[()]|(?P<greedy>[*+?}]\+)|.", re.DOTALL)
_LOOKS = frozenset(("(?=", "(?!", "(?<=", "(?<!"))
# Python takes these for an "i" where case is ignored, RE2 does not.
_ODD_I = str.maketrans("\u0130\u0131", "ii")


class Gate:
    """Patterns by their number in ``patterns``. Safe to share between threads."""

    def __init__(self, patterns: Iterable[re.Pattern[str]]) -> None:
        self._filter = re2.Filter()
        self._numbers: list[int] = []
        self._unknown: list[int] = []
        options = re2.Options()
        options.log_errors = False
        for number, pattern in enumerate(patterns):
            options.case_sensitive = not pattern.flags & re.IGNORECASE
            try:
                self._filter.Add(_without_looks(pattern.pattern).encode(), options)
            except re2.error:
                self._unknown.append(number)
            else:
                self._numbers.append(number)
        self._filter.Compile()

    def possible(self, text: str) -> list[int]:
        """The numbers of the patterns that may match somewhere in a text, in order."""
        plain = text if text.isascii() else text.translate(_ODD_I)
        found = self._filter.Match(plain.encode("utf-8", "replace"), True) if self._numbers else None
        return sorted([*(self._numbers[place] for place in found or ()), *self._unknown])

    def edited(self, text: str, edit: Callable[[int, str], str]) -> str:
        """Apply ``edit(number, text)`` for each pattern in turn, but for those that can't match what is left by then.

        ``edit`` must return the text as it is where its pattern does not match.
        """
        left = self.possible(text)
        while left:
            number, *left = left
            said = edit(number, text)
            if said != text:
                text = said
                left = [other for other in self.possible(text) if other > number]
        return text


def _without_looks(pattern: str) -> str:
    """A pattern that matches wherever this one does, without what RE2 does not know."""
    out: list[str] = []
    depth, looking = 0, 0
    for token in _TOKEN.finditer(pattern):
        part = token[0]
        if part.startswith("("):
            depth += 1
            if part in _LOOKS and not looking:
                looking = depth
        if not looking:
            out.append("(?:" if part == "(?>" else part[0] if token["greedy"] else part)
        if part == ")":
            looking = 0 if looking == depth else looking
            depth -= 1
    return "".join(out)
