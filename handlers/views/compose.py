"""The modal for a draft of one's own, the one shown meanwhile, and the one with the answer. Pure."""

import re
from typing import Any, NamedTuple, cast

from bot import words_surfaces as words
from bot.delivery import Answer
from bot.models import Network
from bot.text import normalise
from handlers.views.blocks import INPUT_CHARS, Block, context, field, option, section
from handlers.views.review import private_message

COMPOSE = "compose"
DRAFT, NETWORK, AUDIENCE, HOPE, KEEP = "draft", "network", "audience", "hope", "keep"
SHORT_CHARS = 300
KEEP_WORDS = 10
ANY = "any"


class Composed(NamedTuple):
    """What was filled in."""

    text: str
    network: Network | None
    audience: str | None
    hope: str | None
    must_keep: tuple[str, ...]


def compose(channel: str, host: str | None, draft: str = "") -> Block:
    """The form. ``channel`` is where it was asked for; ``host`` is where drafts are sent for a rewrite."""
    text: Block = {"type": "plain_text_input", "multiline": True, "max_length": INPUT_CHARS}
    if draft:
        text["initial_value"] = draft[:INPUT_CHARS]
    networks = [option(words.COMPOSE_NETWORK_ANY, ANY), *(option(name, code) for code, name in words.NETWORKS.items())]
    network: Block = {"type": "static_select", "options": networks, "initial_option": networks[0]}
    short: Block = {"type": "plain_text_input", "max_length": SHORT_CHARS}
    blocks = [
        field(DRAFT, words.COMPOSE_DRAFT, text, hint=words.COMPOSE_DRAFT_HINT),
        field(NETWORK, words.COMPOSE_NETWORK, network, optional=True),
        field(AUDIENCE, words.COMPOSE_AUDIENCE, short, hint=words.COMPOSE_AUDIENCE_HINT, optional=True),
        field(HOPE, words.COMPOSE_HOPE, short, optional=True),
        field(KEEP, words.COMPOSE_KEEP, short, hint=words.COMPOSE_KEEP_HINT, optional=True),
    ]
    if host:
        blocks.append(context(words.COMPOSE_SENT.format(host=host)))
    return {
        "type": "modal",
        "callback_id": COMPOSE,
        "private_metadata": channel,
        "title": plain(words.COMPOSE_TITLE),
        "submit": plain(words.COMPOSE_SUBMIT),
        "close": plain("Close"),
        "blocks": blocks,
    }


def composed(values: dict[str, Any]) -> Composed:
    """What was filled in, by the state of the form."""
    network = ((values.get(NETWORK) or {}).get(NETWORK) or {}).get("selected_option") or {}
    chosen = network.get("value", ANY)
    return Composed(
        text=_text(values, DRAFT) or "",
        network=cast(Network, chosen) if chosen in words.NETWORKS else None,
        audience=_text(values, AUDIENCE),
        hope=_text(values, HOPE),
        must_keep=split_words(_text(values, KEEP) or ""),
    )


def wrong_with(filled: Composed) -> dict[str, str]:
    """What is to be mended, by field; empty when nothing is."""
    wrong: dict[str, str] = {}
    if not normalise(filled.text).text.strip():
        wrong[DRAFT] = words.COMPOSE_NOTHING
    missing = next((word for word in filled.must_keep if word not in filled.text), None)
    if len(filled.must_keep) > KEEP_WORDS:
        wrong[KEEP] = words.COMPOSE_KEEP_MANY
    elif missing is not None:
        wrong[KEEP] = words.COMPOSE_KEEP_MISSING.format(word=missing)
    return wrong


def loading(ask_id: str) -> Block:
    """Shown at once. Its external id is the ask's, so that only that ask's answer takes its place."""
    return _modal(ask_id, [section(words.READING)])


def result(answer: Answer, ask_id: str) -> Block:
    """The answer."""
    return _modal(ask_id, private_message(answer).blocks)


def said(text: str, ask_id: str) -> Block:
    """Only some words."""
    return _modal(ask_id, [section(text)])


def split_words(text: str) -> tuple[str, ...]:
    """A list as people write it: with commas or line breaks."""
    return tuple(dict.fromkeys(part.strip() for part in re.split(r"[,\n]", text) if part.strip()))


def plain(text: str) -> Block:
    """A text of a title, label or button."""
    return {"type": "plain_text", "text": text}


def _modal(ask_id: str, blocks: list[Block]) -> Block:
    return {
        "type": "modal",
        "title": plain(words.READING_TITLE),
        "close": plain("Close"),
        "external_id": ask_id,
        "blocks": blocks,
    }


def _text(values: dict[str, Any], name: str) -> str | None:
    text = ((values.get(name) or {}).get(name) or {}).get("value")
    return text.strip() or None if isinstance(text, str) else None
