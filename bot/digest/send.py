"""Sends digests: what is due, once each, whatever crashes in between.

A digest that is due is kept before it goes out (one for each team, channel and week), and the message carries the same
three in its ``metadata``. Whoever finds one that was about to be posted looks in the channel before posting again.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.delivery import OutboxBusyError, OutboxRefusedError
from bot.digest.build import Label, build
from bot.digest.chart import CannotDrawError, draw
from bot.digest.models import Digest
from bot.digest.schedule import due
from bot.digest.text import alt, title
from bot.store import Store
from bot.store.counting import week_end
from bot.store.digests import Post

log = logging.getLogger(__name__)

PICTURE_ATTEMPTS = 6
"""How often Slack is asked whether it has taken the picture in, before the digest goes out without."""
POSTING = "posting"


class DigestOutbox(Protocol):
    """Slack's side. Methods raise OutboxBusyError or OutboxRefusedError."""

    def find_digest(self, post: Post) -> str | None:
        """The ts of this digest in its channel, found by its metadata."""

    def upload_picture(self, team: str, png: bytes, name: str, alt_text: str) -> str:
        """Hand Slack a picture without showing it anywhere; its id."""

    def picture_ready(self, team: str, file: str) -> bool:
        """Whether Slack has taken the picture in, so that a message may show it."""

    def post_digest(self, post: Post, digest: Digest) -> str:
        """Post the digest, with the picture ``post.file`` when there is one; its ts."""


@dataclass(frozen=True)
class DigestSender:
    """Everything may raise StoreError. ``now`` gives the time, in UTC."""

    store: Store
    outbox: DigestOutbox
    label: Label
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    def due(self) -> list[Post]:
        """Keep what is due now, close the weeks that are over; every digest that is still to go out."""
        now, digests = self.now(), self.store.digests
        for schedule in digests.schedules():
            last = digests.last(schedule.team, schedule.channel)
            counted = self.store.rollups.settings(schedule.team).zone
            found = due(schedule, last.slot if last else None, now, last.week if last else None, counted)
            if found is None:
                continue
            if found.missed:
                log.warning("digests skipped", extra={"channel": schedule.channel, "count": found.missed})
            digests.intend(
                Post(
                    team=schedule.team, channel=schedule.channel, week=found.week, slot=found.slot,
                    everywhere=schedule.everywhere, missed=found.missed,
                )
            )  # fmt: skip
        self.store.rollups.close_ended(now)
        return digests.intended()

    def tick(self) -> str:
        """As a step: a line with team, channel and week for each digest that is to go out."""
        return "\n".join(f"{post.team} {post.channel} {post.week.isoformat()}" for post in self.due())

    def send_step(self, team: str, channel: str, week: str, attempt: int) -> str:
        """As a step: ids in, a code out."""
        try:
            return self.send(team, channel, date.fromisoformat(week), attempt)
        except OutboxBusyError as busy:
            log.warning("slack is busy", extra={"channel": channel, "code": busy.code})
            return f"busy:{busy.retry_after or ''}"

    def give_up_step(self, team: str, channel: str, week: str) -> str:
        """As a step: a digest that can't be sent is parked."""
        return self.give_up(team, channel, date.fromisoformat(week), "digest_failed")

    def send(self, team: str, channel: str, week: date, attempt: int) -> str:
        """Post one digest; a code. ``attempt`` counts from 0. Raises OutboxBusyError for "again later"."""
        post = self.store.digests.post(team, channel, week)
        if post is None or post.state != "intended":
            return "done"
        if self.store.switches.paused(team):
            return "busy:30"
        try:
            if post.reason == POSTING and (ts := self.outbox.find_digest(post)):
                return self._posted(post, ts)
            zone = ZoneInfo(self.store.rollups.settings(team).zone)
            if week_end(week, zone) <= self.now():
                self.store.rollups.close(team, week)
            digest = build(self.store, team, None if post.everywhere else channel, week, self.label)
            digest = digest.model_copy(update={"missed": post.missed})
            post = self._with_picture(post, digest)
            if post.file and not self._ready(post, attempt):
                return "busy:1"
            if not self.store.digests.save(post.model_copy(update={"reason": POSTING})):
                return "done"  # stopped while the picture was drawn
            return self._posted(post, self.outbox.post_digest(post, digest))
        except OutboxRefusedError as refused:
            return self.give_up(team, channel, week, refused.code)

    def give_up(self, team: str, channel: str, week: date, code: str) -> str:
        """Park a digest that can't be posted, with a code of why."""
        log.warning("digest parked", extra={"channel": channel, "code": code})
        post = self.store.digests.post(team, channel, week)
        if post:
            self.store.digests.save(post.model_copy(update={"state": "parked", "reason": code}))
        return f"parked:{code}"

    def _posted(self, post: Post, ts: str) -> str:
        self.store.digests.save(post.model_copy(update={"state": "posted", "ts": ts, "reason": None}))
        return "posted"

    def _with_picture(self, post: Post, digest: Digest) -> Post:
        """With the picture's id, where one can be drawn and Slack takes it; a digest goes out without, too."""
        if post.file is not None:
            return post
        try:
            png = draw(digest)
            if png is None:
                return post
            file = self.outbox.upload_picture(
                post.team, png, f"week-{post.week}.png", f"{title(digest)}. {alt(digest)}"
            )
        except CannotDrawError as error:
            log.warning("digest without picture", extra={"channel": post.channel, "error": str(error)})
            return post
        except OutboxRefusedError as refused:
            log.warning("digest without picture", extra={"channel": post.channel, "code": refused.code})
            return post
        with_file = post.model_copy(update={"file": file})
        self.store.digests.save(with_file)
        return with_file

    def _ready(self, post: Post, attempt: int) -> bool:
        if attempt >= PICTURE_ATTEMPTS:
            return True  # Slack says no in the end, and the post falls back to its chart
        return post.file is not None and self.outbox.picture_ready(post.team, post.file)


__all__ = ["DigestOutbox", "DigestSender", "OutboxBusyError"]
