"""The modal with a channel's settings. Pure."""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple, cast

from bot import words_surfaces as words
from bot.models import Network
from bot.rules import RuleInfo
from bot.spoken import Strictness
from bot.store.choices import Choices
from handlers.views.blocks import Block, field, option, section
from handlers.views.compose import plain, split_words

SETTINGS = "settings"
ANSWERS, NETWORK, STRICTNESS, KEEP, KEEP_TEAM, LLM, RULES = (
    "answers",
    "network",
    "strictness",
    "keep",
    "keep_team",
    "llm",
    "rules_off",
)
ANY, PUBLIC, PRIVATE, ON, OFF = "any", "public", "private", "on", "off"
KEEP_CHARS = 1_000
KEEP_WORDS = 50
WORD_CHARS = 80
MAX_OPTIONS = 100


class Chosen(NamedTuple):
    """What was chosen; None where the form did not ask."""

    private: bool
    network: Network | None
    strictness: Strictness
    keep: tuple[str, ...]
    keep_team: tuple[str, ...] | None
    llm: bool | None
    rules_off: frozenset[str]


def form(
    choices: Choices,
    muted: Collection[str],
    rules: Iterable[RuleInfo],
    *,
    llm: tuple[str, bool] | None,
    team_keep: tuple[str, ...] | None,
) -> Block:
    """``llm`` is (host, allowed) where one is configured; ``team_keep`` is asked for where it is given."""
    answers = [option(words.SETTINGS_PUBLIC, PUBLIC), option(words.SETTINGS_PRIVATE, PRIVATE)]
    networks = [option(words.SETTINGS_NETWORK_ANY, ANY), *(option(name, code) for code, name in words.NETWORKS.items())]
    how = [option(name, code) for code, name in words.SETTINGS_STRICTNESSES.items()]
    blocks = [
        field(ANSWERS, words.SETTINGS_ANSWERS, _radio(answers, PRIVATE if choices.private else PUBLIC)),
        field(
            NETWORK,
            words.SETTINGS_NETWORK,
            {**_radio(networks, choices.network or ANY), "type": "static_select"},
            hint=words.SETTINGS_NETWORK_HINT,
        ),
        field(STRICTNESS, words.SETTINGS_STRICTNESS, _radio(how, choices.strictness)),
        field(KEEP, words.SETTINGS_KEEP, _words(choices.must_keep), hint=words.SETTINGS_KEEP_HINT, optional=True),
    ]
    if team_keep is not None:
        keep = _words(team_keep)
        blocks.append(field(KEEP_TEAM, words.SETTINGS_KEEP_TEAM, keep, hint=words.SETTINGS_KEEP_HINT, optional=True))
    if llm is not None:
        host, allowed = llm
        both = [option(words.SETTINGS_LLM_ON.format(host=host), ON), option(words.SETTINGS_LLM_OFF, OFF)]
        blocks.append(field(LLM, words.SETTINGS_LLM, _radio(both, ON if allowed else OFF)))
    blocks.append(field(RULES, words.SETTINGS_RULES, _rules(rules, muted), optional=True))
    return {
        "type": "modal",
        "callback_id": SETTINGS,
        "private_metadata": choices.channel,
        "title": plain(words.SETTINGS_TITLE),
        "submit": plain(words.SETTINGS_SUBMIT),
        "close": plain("Close"),
        "blocks": blocks,
    }


def said(text: str) -> Block:
    """Only some words: meanwhile, why not, or that it is saved."""
    return {"type": "modal", "title": plain(words.SETTINGS_TITLE), "close": plain("Close"), "blocks": [section(text)]}


def chosen(values: dict[str, Any]) -> Chosen:
    """What was chosen, by the state of the form."""
    network = _one(values, NETWORK)
    strictness = _one(values, STRICTNESS)
    llm = _one(values, LLM)
    off = ((values.get(RULES) or {}).get(RULES) or {}).get("selected_options") or []
    return Chosen(
        private=_one(values, ANSWERS) == PRIVATE,
        network=cast(Network, network) if network in words.NETWORKS else None,
        strictness=cast(Strictness, strictness) if strictness in words.SETTINGS_STRICTNESSES else "usual",
        keep=_listed(values, KEEP),
        keep_team=_listed(values, KEEP_TEAM) if KEEP_TEAM in values else None,
        llm=None if llm is None else llm == ON,
        rules_off=frozenset(one["value"] for one in off),
    )


def wrong_with(filled: Chosen) -> dict[str, str]:
    """What is to be mended, by field."""
    return {
        name: words.SETTINGS_TOO_LONG.format(words=KEEP_WORDS, chars=WORD_CHARS)
        for name, listed in ((KEEP, filled.keep), (KEEP_TEAM, filled.keep_team or ()))
        if len(listed) > KEEP_WORDS or any(len(word) > WORD_CHARS for word in listed)
    }


def _radio(options: list[Block], start: str) -> Block:
    initial = next(one for one in options if one["value"] == start)
    return {"type": "radio_buttons", "options": options, "initial_option": initial}


def _words(listed: tuple[str, ...]) -> Block:
    shape: Block = {"type": "plain_text_input", "multiline": True, "max_length": KEEP_CHARS}
    return {**shape, "initial_value": ", ".join(listed)[:KEEP_CHARS]} if listed else shape


def _rules(rules: Iterable[RuleInfo], muted: Collection[str]) -> Block:
    """A select with a group a style; Slack takes a hundred groups of a hundred."""
    groups: dict[str, list[Block]] = {}
    for info in rules:
        if not info.praise and len(info.id) <= 150:
            groups.setdefault(info.id.partition(".")[0], []).append(option(info.label or info.id, info.id))
    shown = [
        {"label": plain(style[:75]), "options": options[:MAX_OPTIONS]} for style, options in list(groups.items())[:100]
    ]
    initial = [one for options in list(groups.values())[:100] for one in options[:MAX_OPTIONS] if one["value"] in muted]
    shape: Block = {"type": "multi_static_select", "option_groups": shown}
    return {**shape, "initial_options": initial[:MAX_OPTIONS]} if initial else shape


def _one(values: dict[str, Any], name: str) -> str | None:
    picked = ((values.get(name) or {}).get(name) or {}).get("selected_option") or {}
    value = picked.get("value")
    return str(value) if value is not None else None


def _listed(values: dict[str, Any], name: str) -> tuple[str, ...]:
    return split_words(str(((values.get(name) or {}).get(name) or {}).get("value") or ""))
