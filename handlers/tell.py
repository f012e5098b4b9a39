"""Subcommands that tell something: the last private answer, how the bot works here, its rules, what it keeps."""

from bot import words
from bot import words_surfaces as surfaces
from bot.delivery import Answer
from bot.store import Channel
from bot.store.choices import Choices
from handlers.asked import Asked
from handlers.views import rules as rules_view
from handlers.views.review import Message, private_message


def last(asked: Asked) -> str | Message:
    """The newest answer that was for this person alone, once more."""
    store = asked.wiring.store
    found = [
        one
        for one in (
            store.personal.last_ask(asked.team, asked.user),
            store.personal.last_private_draft(asked.team, asked.user),
        )
        if one is not None
    ]
    if not found:
        return surfaces.LAST_NONE
    about, _ = max(found, key=lambda one: one[1])
    kept = store.ask(about) if about.startswith("a_") else store.draft(about)
    if kept is None or not kept.parts:
        return surfaces.LAST_NONE
    return private_message(Answer(draft_id=about, parts=kept.parts))


def status(asked: Asked) -> str:
    """How the bot works in this channel."""
    store = asked.wiring.store
    channel = store.channel(asked.team, asked.channel)
    choices = store.choices.of(asked.team, asked.channel)
    lines = [_reading(channel)]
    if channel.reads:
        lines += _answers(channel, choices)
    host = asked.wiring.llm_host
    lines.append(surfaces.STATUS_LLM.format(host=host) if host and channel.llm_allowed else surfaces.STATUS_LLM_OFF)
    muted = [mute.rule for mute in store.choices.mutes(asked.team, asked.channel)]
    if muted:
        lines.append(surfaces.STATUS_MUTED.format(rules=", ".join(f"`{rule}`" for rule in muted[:20])))
    keep = store.choices.must_keep(asked.team, asked.channel)
    if keep:
        lines.append(surfaces.STATUS_KEEP.format(count=len(keep)))
    return "\n".join(lines)


def _reading(channel: Channel) -> str:
    if channel.direct:
        return surfaces.STATUS_DIRECT
    if channel.watched:
        # A person's id only shows a name here: the answer is seen by one person, and pings nobody.
        return surfaces.STATUS_WATCHED.format(by=f"<@{channel.watched_by}>")
    return surfaces.STATUS_NOT_WATCHED


def _answers(channel: Channel, choices: Choices) -> list[str]:
    said = [] if channel.direct else [surfaces.STATUS_PRIVATE if choices.private else surfaces.STATUS_PUBLIC]
    said.append(surfaces.STATUS_STRICTNESS[choices.strictness])
    if choices.network:
        said.append(surfaces.STATUS_NETWORK.format(network=surfaces.NETWORKS[choices.network]))
    return said


def rules(asked: Asked) -> Message:
    """Every rule, by style; those that are silent here say so."""
    muted = {mute.rule for mute in asked.wiring.store.choices.mutes(asked.team, asked.channel)}
    return rules_view.listed(asked.wiring.rules.rules(), muted)


def privacy(asked: Asked) -> str:
    """What is read, kept and sent on."""
    host = asked.wiring.llm_host if asked.wiring.store.channel(asked.team, asked.channel).llm_allowed else None
    return surfaces.PRIVACY.format(sent=words.sent_on(host), days=asked.wiring.keep_text_days)
