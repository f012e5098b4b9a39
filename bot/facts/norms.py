"""Normal forms: what two spellings of one fact have in common ("3pm" and "15:00", "1,200" and "1200")."""

import re
import unicodedata
from collections.abc import Callable

from bot.facts.model import Kind, fold
from bot.facts.tables import MONEY, MONTHS, NUM, SCALE, SPELLED, UNITS, VAGUE


def _link_norm(text: str) -> str:
    bare = re.sub(r"^(?:https?|ftp)://", "", text, flags=re.I)
    host, cut, rest = re.match(r"([^/?#]*)([/?#]?)(.*)", bare, re.S).groups()  # type: ignore[union-attr]  # matches any string
    if not cut and re.search(r"\.[A-Z][a-z]+$", host):
        return ""  # "done.Next": a missing space, not a domain
    return host.lower() + ("" if rest == "" and cut == "/" else cut + rest)


def _number_value(text: str) -> str:
    digits = "".join(
        str(unicodedata.digit(c)) if c.isdigit() and unicodedata.digit(c, None) is not None else c for c in text
    )
    digits = re.sub(r"[\u00a0\u202f]", ",", digits)
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits):
        digits = digits.replace(",", "")
    digits = digits.replace(",", ".")
    whole, _, part = digits.partition(".")
    part = part.rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{part}" if part else "")


def _scaled(value: str, scale: str) -> str:
    if scale not in SCALE:
        return value
    whole, _, part = value.partition(".")
    zeros = len(str(SCALE[scale])) - 1
    shifted = whole + part[:zeros].ljust(zeros, "0")
    return _number_value(shifted + (f".{part[zeros:]}" if part[zeros:] else ""))


def _number_norm(text: str) -> str:
    plain = fold(text)
    if re.fullmatch(r"\d+/\d+", plain):
        return plain
    match = re.match(rf"({NUM})\s?([a-z]*)\+?[\s-]?(.*)", plain)
    if not match:
        return _spelled_norm(plain)
    value, scale, unit = match.groups()
    if scale and scale not in SCALE:
        scale, unit = "", scale
    if scale and not unit and text.endswith(("MB", "mb")):
        scale, unit = "", scale
    unit = UNITS.get(unit, UNITS.get(unit.rstrip("s"), ""))
    return f"{_scaled(_number_value(value), scale)} {unit}".strip()


def _spelled_norm(plain: str) -> str:
    words = re.split(r"[\s-]+", plain)
    unit = ""
    if words[-1] not in SPELLED and words[-1] not in VAGUE and words[-1] != "one":
        unit = UNITS.get(words[-1], UNITS.get(words[-1].rstrip("s"), ""))
        words = words[:-1]
    if len(words) == 1 and words[0] in VAGUE:
        return VAGUE[words[0]]
    total = 0
    for word in words:
        value = SPELLED.get(word, 1 if word == "one" else 0)
        total = (total or 1) * value if value >= 100 else total + value
    return f"{total} {unit}".strip() if total else ""


def _price_norm(text: str) -> str:
    plain = fold(text)
    match = re.search(rf"({NUM})\s?(k|mm|mn|m|bn|b|thousand|million|billion)?\b", plain)
    sign = re.search(r"us\$|[$€£¥₹]|usd|eur(?!o)|gbp|chf|inr|jpy|dollar|euro|pound|quid", plain)
    if not match or not sign:
        return ""
    return f"{MONEY[sign.group()]} {_scaled(_number_value(match.group(1)), match.group(2) or '')}"


def _date_norm(text: str) -> str:
    plain = fold(text)
    month = re.search(r"[a-z]{3}", plain.replace("of ", ""))
    if month and month.group() in MONTHS and re.search(r"\d", plain):
        year = re.search(r"\b\d{4}\b", plain)
        days = re.findall(r"(?<!\d)\d{1,2}(?!\d)", plain)
        parts = [year.group()] if year else []
        return "-".join([*parts, f"{MONTHS.index(month.group()) + 1:02}", "/".join(d.zfill(2) for d in days)]).rstrip(
            "-"
        )
    if re.match(r"(?:mon|tue|wed|thu|fri|sat|sun)", plain) and " " not in plain:
        return plain[:3]
    return plain


def _time_norm(text: str) -> str:
    plain = fold(text).replace(".m.", "m").replace(" ", "")
    if plain in ("noon", "midnight"):
        return "12:00" if plain == "noon" else "00:00"
    match = re.match(r"(\d{1,2})(?:[:.](\d{2}))?([ap]m)?", plain)
    if not match:
        return ""
    hour, minute = int(match.group(1)), match.group(2) or "00"
    if match.group(3):
        hour = hour % 12 + (12 if match.group(3) == "pm" else 0)
    return f"{hour:02}:{minute}"


def _phone_norm(text: str) -> str:
    digits = "".join(c for c in unicodedata.normalize("NFKC", text) if c.isdigit())
    return ("+" if text.lstrip().startswith("+") else "") + digits if 7 <= len(digits) <= 15 else ""


NORMS: dict[Kind, Callable[[str], str]] = {
    "link": _link_norm, "email": fold, "phone": _phone_norm, "mention": fold, "hashtag": fold, "placeholder": fold,
    "legal": fold, "date": _date_norm, "time": _time_norm, "zone": lambda t: fold(t.strip("()")), "price": _price_norm,
    "number": _number_norm, "name": fold, "quote": fold,
}  # fmt: skip
