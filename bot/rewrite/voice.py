"""A team's voice: a few of its own posts, words it likes, words it avoids. Data for the writers, never orders to them.

``.yaml`` has the keys ``samples``, ``do`` and ``dont``, each a list of texts. ``.txt`` and ``.md`` hold sample posts
with a line of three dashes between, and anywhere lines such as ``do: plain words, you`` and ``don't: leverage``.
"""

import hashlib
import re
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field

from bot.models import Model
from bot.rewrite.words import outside_brackets

MAX_BYTES = 100_000
MAX_SAMPLES, MAX_SAMPLE_CHARS = 8, 2_000
MAX_WORDS, MAX_WORD_CHARS = 100, 60
KEYS = ("samples", "do", "dont")

_WORDS_LINE = re.compile(r"(?P<which>do|don['’]?t)\s*:\s*(?P<words>.*)", re.IGNORECASE)
_BETWEEN = re.compile(r"^-{3,}\s*$", re.MULTILINE)


class VoiceError(ValueError):
    """A file that can't be used as a voice; the message says where, what and how to mend it."""


class Voice(Model):
    """What a team sounds like."""

    samples: tuple[str, ...] = Field(default=(), repr=False)
    """Posts the team is fond of."""
    do: tuple[str, ...] = ()
    """Words it likes to use."""
    dont: tuple[str, ...] = ()
    """Words it avoids: no rewrite holds one, unless it must be kept."""

    @property
    def digest(self) -> str:
        """The same for the same voice."""
        return hashlib.blake2b(self.model_dump_json().encode(), digest_size=12).hexdigest()


def read_voice(path: Path) -> Voice:
    """Read a voice from a ``.txt``, ``.md``, ``.yaml`` or ``.yml`` file. Raises :class:`VoiceError`."""
    kind = path.suffix.lower()
    if kind not in (".txt", ".md", ".yaml", ".yml"):
        raise VoiceError(f"{path}: can't tell how to read this. Name a .txt, .md or .yaml file.")
    text = _text(path)
    voice = Voice(**(_from_yaml(path, text) if kind in (".yaml", ".yml") else _from_text(text)))
    if voice == Voice():
        raise VoiceError(f"{path}: there is no sample post and no word in it.")
    _limited(path, voice)
    return voice


def avoided(text: str, dont: tuple[str, ...], kept: tuple[str, ...] = ()) -> str:
    """Say which of the words to avoid a rewrite holds outside brackets; empty when none. ``kept`` must stay."""
    bare = outside_brackets(text)
    for words in kept:
        bare = re.sub(re.escape(words), " ", bare, flags=re.IGNORECASE)
    found = [word for word in dont if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", bare, re.IGNORECASE)]
    return f"Words your team avoids: {', '.join(found[:3])}." if found else ""


def _text(path: Path) -> str:
    try:
        if path.exists() and not path.is_file():
            raise VoiceError(f"{path}: no file of text.")
        if path.stat().st_size > MAX_BYTES:
            raise VoiceError(f"{path}: larger than {MAX_BYTES // 1000} kB. A few sample posts are enough.")
        return path.read_text("utf-8-sig").replace("\x00", "")
    except OSError as error:
        raise VoiceError(f"{path}: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise VoiceError(f"{path}: not UTF-8 (byte {error.start}). Save it as UTF-8.") from None


def _from_yaml(path: Path, text: str) -> dict[str, Any]:
    try:
        data = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise VoiceError(f"{path}{line}: not YAML ({error.problem}).") from None
    except (yaml.YAMLError, RecursionError):
        raise VoiceError(f"{path}: not YAML.") from None
    if not isinstance(data, dict):
        raise VoiceError(f"{path}: expected the keys {', '.join(KEYS)}, each with a list.")
    unknown = sorted(str(key) for key in data if key not in KEYS)
    if unknown:
        raise VoiceError(f"{path}: unknown keys {', '.join(unknown[:5])}. There are {', '.join(KEYS)}.")
    return {key: _listed(path, key, value) for key, value in data.items() if value is not None}


def _listed(path: Path, key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise VoiceError(f"{path}: {key} must be a list of texts; put numbers and yes or no in quotes.")
    return tuple(item.strip() for item in value if item.strip())


def _from_text(text: str) -> dict[str, Any]:
    found: dict[str, list[str]] = {"do": [], "dont": []}
    rest: list[str] = []
    for line in text.splitlines():
        match = _WORDS_LINE.fullmatch(line.strip())
        if match:
            which = "do" if match["which"].lower() == "do" else "dont"
            found[which] += [word.strip() for word in match["words"].split(",") if word.strip()]
        elif not re.fullmatch(r"#{1,6}\s.*", line):  # a heading is no post
            rest.append(line)
    samples = [sample.strip() for sample in _BETWEEN.split("\n".join(rest)) if sample.strip()]
    return {"samples": tuple(samples), **{key: tuple(words) for key, words in found.items()}}


def _limited(path: Path, voice: Voice) -> None:
    if len(voice.samples) > MAX_SAMPLES:
        raise VoiceError(f"{path}: {len(voice.samples)} sample posts; at most {MAX_SAMPLES} are read. Keep the best.")
    for number, sample in enumerate(voice.samples, start=1):
        if len(sample) > MAX_SAMPLE_CHARS:
            raise VoiceError(
                f"{path}: sample post {number} has {len(sample):,} characters; at most {MAX_SAMPLE_CHARS:,}."
                " Put a line of three dashes between posts, or shorten it."
            )
    for key, words in (("do", voice.do), ("don't", voice.dont)):
        if len(words) > MAX_WORDS:
            raise VoiceError(f"{path}: {len(words)} words under {key}; at most {MAX_WORDS}.")
        long = next((number for number, word in enumerate(words, start=1) if len(word) > MAX_WORD_CHARS), None)
        if long:
            raise VoiceError(f"{path}: entry {long} under {key} is longer than {MAX_WORD_CHARS} characters.")
