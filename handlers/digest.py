"""The weekly digest in Slack: ``/humanize digest …``, its buttons, and how it is posted."""

import logging
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError

from bot import words, words_digest
from bot.delivery import OutboxBusyError, OutboxRefusedError
from bot.digest import Digest, build, label_of, last_week
from bot.digest.lend import lendable
from bot.digest.mixes import MixError, read_mix
from bot.digest.schedule import WhenError, next_slot, read_when
from bot.digest.text import clock, day_and_date
from bot.store import StoreError
from bot.store.counting import week_of
from bot.store.digests import Post, Schedule
from handlers.asked import Asked, slack_trouble
from handlers.outbox import slack_errors
from handlers.views.digest import LEND, STOP, digest_message, preview
from handlers.views.review import Message
from handlers.watching import is_member
from handlers.wiring import Wiring

log = logging.getLogger(__name__)

ARGUMENT = r"|off|on( [\w/:., +-]{1,60})?|mix( [^\n]{1,200})?"
"""What may follow ``/humanize digest``."""
EVERYWHERE, HERE = "everywhere", "here"
METADATA_TYPE = "humanize_digest"
HISTORY = 200


def register(app: App, wiring: Wiring) -> None:
    """Route the digest's buttons."""

    def stop(ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond) -> None:
        ack()
        _say(respond, switch_off(_pressed(wiring, client, body)))

    def lend(ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond) -> None:
        ack()
        asked = _pressed(wiring, client, body)
        _say(respond, lend_example(asked, str(body["actions"][0]["value"])))

    app.action(STOP)(stop)
    app.action(LEND)(lend)


def digest(asked: Asked) -> str | Message:
    """``/humanize digest``, ``digest on monday 9:00 Europe/Berlin``, ``digest off``, ``digest mix …``: what to tell the
    asker. Raises StoreError."""
    what, _, rest = asked.argument.partition(" ")
    match what.casefold():
        case "on":
            return switch_on(asked, rest)
        case "off":
            return switch_off(asked)
        case "mix":
            return set_mix(asked, rest)
        case _:
            return show(asked)


def show(asked: Asked) -> Message:
    """The digest as it would be, for the asker alone: of the last whole week, or of this one while that was empty."""
    store, team = asked.wiring.store, asked.team
    schedule = store.digests.schedule(team, asked.channel)
    everywhere = schedule.everywhere if schedule else not store.channel(team, asked.channel).watched
    channel = None if everywhere else asked.channel
    now, zone = datetime.now(UTC), store.rollups.settings(team).zone
    week = last_week(now, zone)
    found = build(store, team, channel, week, _label(asked.wiring))
    if found.level == "empty":
        week = week_of(now, ZoneInfo(zone))
        found = build(store, team, channel, week, _label(asked.wiring), so_far=True)
    lend = lendable(store, team, channel, asked.user, found) if found.level == "all" else []
    return preview(found, _when(schedule), lend)


def switch_on(asked: Asked, text: str) -> str:
    """Send each week from now on, after a notice that everybody there can see."""
    store, team, channel = asked.wiring.store, asked.team, asked.channel
    if not channel.startswith(("C", "G")):
        return words.ONLY_CHANNELS
    scope = [word for word in text.split() if word.casefold() in (EVERYWHERE, HERE)]
    everywhere = scope[-1].casefold() == EVERYWHERE if scope else not store.channel(team, channel).watched
    try:
        when = read_when(" ".join(word for word in text.split() if word not in scope))
        if not is_member(asked.client, channel, asked.user):
            return words.NOT_A_MEMBER
        zone = when.zone or _zone(asked)
        if zone is None:
            return words_digest.WHICH_ZONE
        schedule = Schedule(
            team=team, channel=channel, everywhere=everywhere, weekday=when.weekday, minute=when.minute, zone=zone,
            since=datetime.now(UTC), asked_by=asked.user,
        )  # fmt: skip
        notice = words_digest.ON_NOTICE.format(
            user=f"<@{asked.user}>", day=words_digest.DAYS[when.weekday], time=clock(when.minute), zone=zone,
            scope=words_digest.SCOPE_ALL if everywhere else words_digest.SCOPE_HERE,
        )  # fmt: skip
        asked.client.chat_postMessage(channel=channel, text=notice)
    except WhenError as error:
        return words_digest.WHEN_UNCLEAR.format(word=_tame(str(error)))
    except SlackApiError as error:
        return slack_trouble(error)
    if not store.digests.schedules(team):
        store.rollups.set_zone(team, zone)  # weeks are counted by the first zone somebody names
    store.digests.switch_on(schedule)
    store.audit.note("digest on", who=asked.user, via="slack", team=team, channel=channel)
    last, counted = store.digests.last(team, channel), store.rollups.settings(team).zone
    first = next_slot(schedule, last.week if last else None, schedule.since, counted)
    return words_digest.ON_DONE.format(first=day_and_date(first, zone))


def switch_off(asked: Asked) -> str:
    """Send no more; said in the channel too."""
    store, team, channel = asked.wiring.store, asked.team, asked.channel
    try:
        if not is_member(asked.client, channel, asked.user):
            return words.NOT_A_MEMBER
    except SlackApiError as error:
        log.warning("members not known", extra={"channel": channel, "code": str(error.response.get("error"))})
    if not store.digests.switch_off(team, channel):
        return words_digest.NOT_ON
    store.audit.note("digest off", who=asked.user, via="slack", team=team, channel=channel)
    try:
        asked.client.chat_postMessage(channel=channel, text=words_digest.OFF_NOTICE.format(user=f"<@{asked.user}>"))
    except SlackApiError as error:  # it is off, which is what counts
        log.warning("channel not told", extra={"channel": channel, "code": str(error.response.get("error"))})
    return words_digest.OFF_DONE


def set_mix(asked: Asked, text: str) -> str:
    """The mix that the team would like; told to the asker."""
    try:
        asked.wiring.store.rollups.set_mix(asked.team, read_mix(text))
        asked.wiring.store.audit.note("mix", who=asked.user, via="slack", team=asked.team)
    except MixError as error:
        kinds = ", ".join(name.replace(" ", "-") for name in words_digest.KINDS.values())
        return words_digest.MIX_UNCLEAR.format(word=_tame(str(error)), kinds=kinds)
    return words_digest.MIX_SET


def lend_example(asked: Asked, value: str) -> str:
    """The asker lends their own draft to the digest; ``value``: week, rule, draft id, version."""
    week, rule, draft_id, version = (*value.split(" "), "0")[:4]  # a button from before has no version
    try:
        draft = asked.wiring.store.draft(draft_id)
        if draft is None or draft.deleted or draft.author != asked.user:
            return words_digest.LEND_GONE
        agreed = int(version) or draft.version
        asked.wiring.store.digests.agree(asked.team, date.fromisoformat(week), rule, draft_id, agreed)
    except StoreError:
        return words.STORE_TROUBLE
    return words_digest.LENT


class SlackDigestOutbox:
    """Implements ``bot.digest.send.DigestOutbox``. ``client_of`` gives a workspace's client with the token as it is
    now, one that does not retry posts by itself."""

    def __init__(self, client_of: Callable[[str], WebClient]) -> None:
        self._client_of = client_of

    def find_digest(self, post: Post) -> str | None:
        """Look through the channel since the digest was due."""
        with slack_errors():
            client = self._client_of(post.team)
            answer = client.conversations_history(
                channel=post.channel,
                oldest=f"{post.slot.timestamp():.6f}",
                include_all_metadata=True,
                limit=HISTORY,
            )
            # The newest come first, so in a busy channel it may be pages away.
            for message in (message for page in answer for message in page["messages"]):
                metadata = message.get("metadata") or {}
                if metadata.get("event_type") == METADATA_TYPE and metadata.get("event_payload") == _payload(post):
                    return str(message["ts"])
        return None

    def upload_picture(self, team: str, png: bytes, name: str, alt_text: str) -> str:
        """Upload without sharing: the message shows it by its id."""
        try:
            with slack_errors():
                client = self._client_of(team)
                answer = client.files_upload_v2(file=png, filename=name, title=name, alt_txt=alt_text)
        except SlackRequestError:
            raise OutboxRefusedError("upload_failed") from None
        except OutboxBusyError as busy:
            if busy.code == "missing_scope":  # installed before pictures were: words go out all the same
                raise OutboxRefusedError(busy.code) from None
            raise
        return str(answer["files"][0]["id"])

    def picture_ready(self, team: str, file: str) -> bool:
        """Slack knows the type of a file once it has looked at it."""
        try:
            with slack_errors():
                client = self._client_of(team)
                found = client.files_info(file=file)
        except OutboxRefusedError:
            return False
        return bool(found["file"].get("mimetype"))

    def post_digest(self, post: Post, digest: Digest) -> str:
        """With its picture; where Slack won't show that, with a chart block; where it has none, in words alone."""
        tries = [(post.file, True), (None, True), (None, False)] if post.file else [(None, True), (None, False)]
        for file, chart in tries[:-1]:
            try:
                return self._post(post, digest_message(digest, file, chart=chart))
            except OutboxRefusedError as refused:
                if refused.code not in ("invalid_blocks", "invalid_blocks_format"):
                    raise
                log.warning("digest in a plainer form", extra={"channel": post.channel, "code": refused.code})
        return self._post(post, digest_message(digest, chart=False))

    def _post(self, post: Post, message: Message) -> str:
        with slack_errors():
            client = self._client_of(post.team)
            answer = client.chat_postMessage(
                channel=post.channel,
                text=message.text,
                blocks=message.blocks,
                metadata={"event_type": METADATA_TYPE, "event_payload": _payload(post)},
                unfurl_links=False,
                unfurl_media=False,
            )
            return str(answer["ts"])


def _label(wiring: Wiring) -> Callable[[str], str]:
    return lambda rule: label_of(wiring.rules, rule)


def _payload(post: Post) -> dict[str, str]:
    return {"team": post.team, "channel": post.channel, "week": post.week.isoformat()}


def _pressed(wiring: Wiring, client: WebClient, body: dict[str, Any]) -> Asked:
    return Asked(
        wiring=wiring, client=client, team=body["team"]["id"], channel=body["channel"]["id"], user=body["user"]["id"]
    )


def _when(schedule: Schedule | None) -> str:
    if schedule is None:
        return words_digest.WHEN_OFF
    return words_digest.WHEN_ON.format(
        day=words_digest.DAYS[schedule.weekday], time=clock(schedule.minute), zone=schedule.zone
    )


def _zone(asked: Asked) -> str | None:
    """The workspace's, once somebody has named one; else the asker's own, where Slack tells us."""
    known = asked.wiring.store.digests.schedules(asked.team)
    if known:
        return known[0].zone
    try:
        return str(asked.client.users_info(user=asked.user)["user"]["tz"])
    except (SlackApiError, KeyError):
        return None


def _tame(word: str) -> str:
    """Somebody's word inside our own: it may not end the code mark or ping."""
    return "".join(c for c in word if c.isalnum() or c in "/:.,+-_% ")[:40]


def _say(respond: Respond, text: str) -> None:
    respond(text, response_type="ephemeral", replace_original=False)


__all__ = ["ARGUMENT", "SlackDigestOutbox", "digest", "register"]
