"""How each kind of fact looks. What is found first takes its characters; every repeat is bounded."""

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from bot.facts.model import Kind
from bot.facts.tables import CAP, DAY, MONTH, MONTHS, NUM, SPELLED, VAGUE, WEEKDAY

# Endings that are a domain even with nothing behind them; those that are English words need a path or "www.".
_TLD = (
    "com|org|net|io|co|ai|app|dev|info|biz|edu|gov|int|mil|xyz|online|site|store|shop|blog|tech|cloud|tv|ly|gl|gg"
    "|eu|uk"
    "|de|fr|es|nl|ca|au|nz|jp|cn|br|mx|se|dk|fi|pl|ch|ie|pt|ru|tools|studio|agency|design|media|news|live|page|link"
    "|example|test|invalid"
)
_WORDY_TLD = "it|in|me|be|no|at|us|is|so|to|do|am|my"
_PATH = r"(?:[/?#][^\s<>|\"“”«»`]*)?"


def _by_letter(words: Iterable[str]) -> str:
    """Return a pattern for any of these words, grouped by first letter: most words of a text fail at once."""
    groups: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        groups.setdefault(word[0], []).append(word[1:])
    return "|".join(f"{letter}(?:{'|'.join(rest)})" for letter, rest in groups.items())


DIGIT = ("0",)
"""Stands for a figure, in any script."""
_SHORTEST = tuple(w for w in (*SPELLED, *VAGUE) if not any(o != w and o in w for o in (*SPELLED, *VAGUE)))
"""The numbers in words that the others begin with."""
MONEY_SIGNS = (*"$€£¥₹", "usd", "eur", "gbp", "chf", "inr", "jpy", "dollar", "pound", "quid")


class Look(NamedTuple):
    """What to look for, and what tells cheaply that it is not there: most texts hold few kinds of facts."""

    kind: Kind
    needs: tuple[str, ...]
    """A text has none unless its hints (:mod:`bot.facts.find`) hold one of these."""
    pattern: re.Pattern[str]
    only_if: re.Pattern[str] | None = None
    """Nor has it any where this is not found, or ends only in what is another fact already."""
    as_written: bool = False
    """``needs`` are looked for in the text as it is written, not in its hints."""
    led: bool = False
    """It begins with one of ``needs``."""
    figures: int | None = None
    """It begins where a run of figures does, or at most so many characters before."""
    unless: tuple[str, ...] = ()
    """Where the hints hold one of these, it may begin elsewhere all the same."""


@cache
def patterns() -> tuple[Look, ...]:
    """What to look for, in order: what is found first takes its characters. Compiled when first asked for: 30 ms."""
    return (
        Look("mention", ("<",), re.compile(r"<[@!#][^<>\s]{1,120}>")),
        Look("link", (":",), re.compile(r"(?<![\w])(?:https?|ftp)://[^\s<>|\"“”«»`]+", re.I)),
        Look(
            "placeholder",
            ("{", "*", "%"),
            re.compile(
                r"\{\{[^{}\n]{0,80}\}\}|[#$]?\{[^{}\n]{1,80}\}|\*\|\w{2,40}\|\*"
                r"|(?<!\w)%[A-Z_]{2,40}%"
            ),
        ),
        Look(
            "placeholder",
            ("[", "name"),
            re.compile(
                r"\[[^\[\]\n]{1,120}\](?!\()"
                r"|\b(?:YOUR|FIRST|LAST|USER|COMPANY)_?NAME\b"
            ),
        ),
        Look("email", ("@",), re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")),
        Look(
            "link",
            (".",),
            re.compile(
                rf"(?<![\w@.-])(?:www\.(?:[\w-]{{1,63}}\.){{1,6}}[^\W\d_]{{2,24}}\b{_PATH}"
                rf"|(?:[\w-]{{1,63}}\.){{1,6}}(?:(?:{_TLD})\b(?!@){_PATH}|(?:{_WORDY_TLD})/[^\s<>|\"“”«»`]+))",
                re.I,
            ),
            only_if=re.compile(r"\.[\w-]"),
        ),
        Look(
            "legal",
            ("#ad", "#gifted", "#paid", "sponsored", "advert", "ad:", "ad :", "ad\t:"),
            re.compile(
                r"(?<!\w)#(?:ad|sponsored|gifted|paidpartnership)\b"
                r"|^[ \t]{0,8}(?:Ad|Sponsored|Advert)[ \t]?:",
                re.I | re.M,
            ),
        ),
        Look(
            "legal",
            (
                "t&c",
                "ts & cs",
                "terms ",
                " apply",
                "subject to ",
                "can go down",
                "can fall",
                "paid partnership",
                "at risk",
                "no purchase necessary",
                "void where prohibited",
                "past performance is ",
                "sponsored ",
                "promoted ",
                "18+",
                " stop",
            ),
            re.compile(
                r"\b(?:T&Cs?|terms (?:and|&) conditions|Ts & Cs)(?: apply)?\b"
                r"|\b(?:terms|conditions) apply\b|\bsubject to (?:status|availability|approval)\b"
                r"|\b(?:shares?|investments?|the value of [a-z ]{3,30}) can (?:go down|fall)(?: in value)?(?: as well"
                r" as [a-z]{2,5})?"
                r"|\bpaid partnership\b|\bcapital (?:is )?at risk\b"
                r"|\bno purchase necessary\b|\bvoid where prohibited\b|\bpast performance is (?:no|not a) [a-z ]{1,40}"
                r"|\b(?:sponsored|promoted) (?:post|content)\b|\b18\+(?!\w)"
                r"|\b(?:reply|text|txt) (?-i:STOP)(?: to (?:opt[- ]?out|unsubscribe|end|quit|cancel|\d{3,8}))?\b",
                re.I,
            ),
        ),
        Look("mention", ("@", "＠"), re.compile(r"(?<![\w@/.])[@＠]\w[\w.-]{0,60}")),
        Look("hashtag", ("#", "＃"), re.compile(r"(?<![\w&/#＃])[#＃](?=\w{0,60}[^\W\d_])\w{1,100}")),
        Look(
            "date",
            DIGIT,
            re.compile(
                rf"\b\d{{4}}-\d{{2}}-\d{{2}}\b|\b\d{{1,2}}[/.]\d{{1,2}}[/.](?:\d{{4}}|\d{{2}})\b"
                rf"|\b{DAY}\s+(?:of\s+)?{MONTH}(?:,?\s+\d{{4}}\b)?"
                rf"|\b{MONTH}\s+{DAY}\b(?:\s?[-–]\s?{DAY}\b)?(?:,?\s+\d{{4}}\b)?"
                rf"|\b{MONTH}\s+\d{{4}}\b",
                re.I,
            ),
            figures=0,
            unless=MONTHS,
        ),
        Look(
            "date",
            ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun", "tomorrow", "today", "tonight", "yesterday"),
            re.compile(rf"\b{WEEKDAY}\b|\b(?:tomorrow|today|tonight|yesterday)\b", re.I),
            led=True,
        ),
        Look(
            "date",
            ("next", "this", "last"),
            re.compile(
                r"\b(?:next|this|last)\s(?:week|month|quarter|year|weekend|spring|summer|autumn|fall|winter)\b", re.I
            ),
            led=True,
        ),
        Look(
            "date",
            ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
            re.compile(r"\b(?:Mon|Tue|Tues|Wed|Thu|Thur|Thurs|Fri|Sat|Sun)\b(?=[.,]?\s\d|,)"),
            as_written=True,
            led=True,
        ),
        Look(
            "time",
            ("0", "noon", "midnight"),
            re.compile(
                r"\b\d{1,2}(?:[:.]\d{2})?\s?(?:a\.m\.|p\.m\.|[ap]m\b)|\b\d{1,2}:\d{2}\b(?!:)|\b(?:noon|midnight)\b",
                re.I,
            ),
            figures=0,
            unless=("noon", "midnight"),
        ),
        Look(
            "zone",
            ("ST", "DT", "UTC", "CT", "ET", "PT", "MT", "CES"),
            re.compile(
                r"(?<=[\dmM.] )\(?(?:[A-Z]{1,3}[SD]T|CE?T|GMT|UTC|BST|PT|ET|MT)\b\)?(?:[+-]\d{1,2})?(?=\W|$)"
                r"|\b(?:UTC|GMT|CEST?|[ECMP][SD]T)\b"
            ),
            as_written=True,
        ),
        Look(
            "phone",
            DIGIT,
            re.compile(
                r"(?<![\w.,$€£])(?:\+\d{1,3}[ .-]?)?(?:\(\d{1,4}\)[ .-]?)?\d{1,4}(?:[ .-]\d{2,4}){2,4}(?![\w%])"
            ),
            figures=1,
        ),
        Look(
            "name",
            DIGIT,
            re.compile(
                rf"(?<![\w@#/.'’-]){CAP}(?:\s{CAP}){{0,3}}\s[vV]?\d{{1,3}}(?:\.\d{{1,3}}){{1,2}}(?![\d%]|\s?(?:%|[€£]"
                rf"|[xkm]\b|[mb]n\b|[mbt]r?illion|hours?\b|percent))"
            ),
            only_if=re.compile(r"\s[vV]?\d{1,3}\.\d"),
        ),
        Look(
            "price",
            MONEY_SIGNS,
            re.compile(
                rf"(?:US\$|[$€£¥₹]|\b(?:USD|EUR|GBP|CHF|INR|JPY)\b)\s?(?:{NUM})(?:\s?(?:k|mm|mn|m|bn|b|thousand"
                rf"|million|billion)\b)?"
                rf"|\b(?:{NUM})\s?(?:(?:k|m|bn|thousand|million|billion)\s)?(?:[€£₹]|(?:USD|EUR|GBP|CHF|dollars?"
                rf"|euros?|pounds?|quid)\b)",
                re.I,
            ),
            figures=4,
        ),
        Look(
            "number",
            DIGIT,
            re.compile(
                rf"(?<![\w.,])\d{{1,3}}/\d{{1,3}}(?![\w/])|(?<![\w])(?:{NUM})(?:\s?(?:k|mm|mn|m|bn|b|hundred|thousand"
                rf"|million|billion|trillion)\b)?\+?"
                r"(?:[\s-]?(?:%|percent\b|pct\b|x\b|times\b|seconds?\b|secs?\b|minutes?\b|mins?\b|hours?\b|hrs?\b"
                r"|days?\b|weeks?\b"
                r"|months?\b|years?\b|yrs?\b|[kmgt]b\b|km\b|miles?\b|kg\b|lbs?\b|oz\b|ml\b|cm\b|mm\b|ft\b|°[CF]"
                r"|points?\b|pts\b))?",
                re.I,
            ),
            figures=0,
        ),
        Look(
            "number",
            _SHORTEST,
            re.compile(
                r"\b(?:" + _by_letter([*SPELLED, *VAGUE]) + r")\b"
                r"(?:[\s-](?:" + _by_letter([*SPELLED, "one"]) + r")\b){0,3}"
                r"(?:[\s-](?:percent|times|seconds?|minutes?|hours?|days?|weeks?|months?|years?)\b)?",
                re.I,
            ),
            led=True,
        ),
    )


QUOTE = re.compile(r"\"[^\"\n]{2,300}\"|“[^”\"\n]{2,300}[”\"]|«[^»\n]{2,300}»")
