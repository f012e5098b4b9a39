"""What an LLM is told: our rules of a rewrite, and all data as one JSON object between lines nobody can guess."""

import json
import re
import secrets
from functools import lru_cache

from bot.facts import facts
from bot.models import Context
from bot.rewrite.asks import questions
from bot.rewrite.checks import longest
from bot.rewrite.lengths import limit_for
from bot.rewrite.light import MAX_CHANGES
from bot.rewrite.prompts import lines, render, template
from bot.rewrite.trial import Material
from bot.rewrite.voice import Voice
from bot.rewrite.words import words

MAX_FLAGS, MAX_FACTS, MAX_EARLIER = 6, 40, 5
MAX_QUOTED = 200
Message = dict[str, str]


class Mask:
    """Puts stand-ins where email addresses and phone numbers are, and takes them out again."""

    def __init__(self, text: str) -> None:
        salt = secrets.token_hex(3).upper()
        found = {f.text: f.kind for f in facts(text).of("email", "phone")}
        self._pairs = [(real, f"{kind.upper()}_{salt}_{n}") for n, (real, kind) in enumerate(found.items(), 1)]
        # The longest first, so that no number is replaced inside another.
        self._pairs.sort(key=lambda pair: -len(pair[0]))

    def on(self, text: str) -> str:
        """Mask a text; half a surrogate pair, which no request can carry, becomes a question mark."""
        for real, stand_in in self._pairs:
            text = text.replace(real, stand_in)
        return text.encode("utf-8", "replace").decode()

    def off(self, text: str) -> str:
        """Put the real ones back."""
        for real, stand_in in self._pairs:
            text = re.sub(rf"{stand_in}(?!\d)", lambda _, real=real: real, text)  # type: ignore[misc]  # a default binds it
        return text


def mask_for(material: Material, voice: Voice, earlier: tuple[str, ...]) -> Mask:
    """A mask for everything that goes out with a draft, not the draft alone."""
    context = material.context
    said = (context.audience, context.hope, *context.must_keep, *earlier, *voice.samples, *voice.do, *voice.dont)
    return Mask("\n".join((material.review.text, *(text for text in said if text))))


def first_messages(
    material: Material, voice: Voice, earlier: tuple[str, ...], mask: Mask, angles: int
) -> list[Message]:
    """The system's and the user's message for the first round."""
    fence = f"-----{secrets.token_hex(12)}-----"
    system = render(
        "rewrite-system",
        angles=str(angles),
        examples=render("rewrite-examples"),
        wishes=_wishes(material, bool(earlier)),
        fence=fence,
    )
    # Masked before it is JSON: an escape must not hide an address.
    data = json.dumps(_masked(_data(material, voice, earlier), mask), ensure_ascii=False)
    user = render("rewrite-user", fence=fence, data=data)
    return [{"role": "system", "content": system}, {"role": "user", "content": user}]


def repair(messages: list[Message], answer: str, failures: list[str], mask: Mask) -> list[Message]:
    """The messages for another round, naming what failed in the last."""
    told = render("rewrite-repair", failures=mask.on("\n".join(dict.fromkeys(failures)) or "It was not that JSON."))
    return [*messages[:2], {"role": "assistant", "content": answer}, {"role": "user", "content": told}]


def told() -> str:
    """Our words of all prompts but the examples: none of their sentences may come back."""
    return "\n".join(template(f"rewrite-{part}").template for part in ("system", "wishes", "repair"))


def example_pairs() -> list[tuple[str, str]]:
    """The draft and the rewrite of each example."""
    pairs = [pair.splitlines() for pair in template("rewrite-examples").template.split("\n\n")]
    return [(before.removeprefix("Draft: "), after.removeprefix("Rewrite: ")) for before, after in pairs]


@lru_cache(maxsize=1)
def example_questions() -> frozenset[tuple[str, ...]]:
    """The words of the examples' questions: they show the way and are nobody's to use."""
    return frozenset(tuple(words(q.text)) for _, after in example_pairs() for q in questions(facts(after)))


def _wishes(material: Material, seen: bool) -> str:
    """What somebody asked of this rewrite: a tone, fewer words, few changes, another way than the ones before."""
    context = material.context
    said = lines("rewrite-wishes", most=str(longest(material)), changes=str(MAX_CHANGES))
    takes = [text for key, text in said.items() if key.startswith("take-")]
    wanted = [said[context.angle]] if context.angle else []
    wanted += [said["shorter"]] if context.shorter else []
    wanted += [said["light"]] if context.light else []
    wanted += [takes[(context.variant - 1) % len(takes)]] if context.variant else []
    wanted += [said["again"]] if seen else []
    return "\n".join(wanted) or "Nothing in particular."


def _data(material: Material, voice: Voice, earlier: tuple[str, ...]) -> dict[str, object]:
    """Everything that is not ours, by name; what is empty is left out."""
    review, context, network = material.review, material.context, material.network.network
    room = limit_for(network, material.facts)
    data: dict[str, object] = {
        "draft": review.text,
        "goes_to": network,
        "room": f"{room} characters" if room else None,
        "reads_like": review.verdict,
        "flags": [
            {"words": flag.match[:MAX_QUOTED], "why": flag.why, "question": flag.question}
            for flag in review.flags[:MAX_FLAGS]
        ],
        "facts": _facts(material),
        "must_keep": [*context.must_keep, *(fact.text for fact in material.facts.of("legal"))],
        **_reader(context),
        "shown_before": list(earlier[-MAX_EARLIER:]),
        "voice": {"posts": list(voice.samples), "likes": list(voice.do), "avoids": list(voice.dont)},
    }
    if voice == Voice():
        del data["voice"]
    return {name: value for name, value in data.items() if value}


def _reader(context: Context) -> dict[str, object]:
    return {"for_whom": context.audience, "hoped_answer": context.hope}


def _facts(material: Material) -> list[str]:
    kinds = [fact.text[:MAX_QUOTED] for fact in material.facts if fact.kind not in ("quote", "placeholder")]
    return list(dict.fromkeys(kinds))[:MAX_FACTS]


def _masked(value: object, mask: Mask) -> object:
    if isinstance(value, str):
        return mask.on(value)
    if isinstance(value, dict):
        return {name: _masked(item, mask) for name, item in value.items()}
    return [_masked(item, mask) for item in value] if isinstance(value, list) else value
