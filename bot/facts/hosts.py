"""Links whose host is not what it looks like: other scripts, signs that draw nothing, a name before an @."""

import re
import unicodedata

from bot.facts.find import facts

_AUTHORITY = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?(?://|\\\\)?([^/?#\\]*)", re.IGNORECASE)
_DOTS = re.compile("[.\u3002\uff0e\uff61]")
"""What browsers take for a dot in a host (UTS 46); all but the first are odd to see in one."""
_LOOKS_LATIN = frozenset("асԁеһіјӏорԛѕυνѵԝхуүαικορτυχωѡ")
"""Cyrillic and Greek letters that look like a Latin small letter; some of the Unicode list of confusables."""
_NEAR_LATIN = frozenset({"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU", "DESERET"})
"""Scripts with letters that look like Latin ones: no honest host mixes them with Latin within a label."""
_IMITATIONS = frozenset({"FULLWIDTH", "MATHEMATICAL", "CIRCLED", "DOUBLE-STRUCK", "SCRIPT", "MODIFIER"})


def odd_hosts(text: str) -> tuple[str, ...]:
    """The hosts in a text, as ASCII, that a reader would take for another one; each once, in order. Pure."""
    if text.isascii() and "@" not in text and "xn--" not in text.casefold():
        return ()  # nearly every text, at once
    links = [fact.text for fact in facts(text).found if fact.kind == "link"]
    return tuple(dict.fromkeys(_plain(host) for link in links if _odd(host := _host(link))))


def _host(link: str) -> str:
    found = _AUTHORITY.match(link)
    return found[1] if found else ""


def _odd(host: str) -> bool:
    if "@" in host or re.search("[\u3002\uff0e\uff61]", host):
        return True
    if any(unicodedata.category(sign) in ("Cf", "Cc", "Mn", "Me", "Co", "Cn") for sign in _decoded(host)):
        return True
    labels = _DOTS.split(_decoded(host).partition(":")[0].casefold())
    return any(_mixed(label) or (_imitates(label) and labels[-1].isascii()) for label in labels)


def _mixed(label: str) -> bool:
    found = {unicodedata.name(sign, "UNKNOWN").split()[0] for sign in label if sign.isalpha()}
    return bool(found & _IMITATIONS) or len(found & (_NEAR_LATIN | {"LATIN"})) > 1


def _imitates(label: str) -> bool:
    """Whether every letter looks like a Latin one and none is: it reads as a word that it is not."""
    letters = [sign for sign in label if sign.isalpha()]
    return bool(letters) and all(letter in _LOOKS_LATIN for letter in letters)


def _decoded(host: str) -> str:
    """A host with its ``xn--`` labels as readers see them; one that is no punycode stays as it is."""

    def shown(label: str) -> str:
        try:
            return label[4:].encode("ascii").decode("punycode") if label.lower().startswith("xn--") else label
        except UnicodeError:
            return label

    return ".".join(shown(label) for label in host.split("."))


def _plain(host: str) -> str:
    """Where a host really leads, in letters that look like nothing else: what is behind the @, as punycode."""
    host = host.rpartition("@")[2].partition(":")[0]

    def plain(label: str) -> str:
        label = unicodedata.normalize("NFKC", label).casefold()
        return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")

    return ".".join(plain(label) for label in _DOTS.split(host))
