"""Answers shared files: a calendar with one summary and an annotated file, one draft like any other draft.

Nothing of a file is kept: each attempt gets it from Slack again, and a review is the same each time. What is kept is
ids: the reply's, and the annotated file's before it is shown, so that whoever comes after a crash finds both in the
thread instead of posting twice.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot import words_calendar as words
from bot.calendar.notes import Note, Summary, annotate, summarise
from bot.calendar.read import MAX_DRAFTS, Calendar, CalendarError, Entry, Kind, decode, read_calendar
from bot.coach import Coach, DraftError
from bot.delivery import OutboxBusyError, OutboxRefusedError
from bot.intake import Intake
from bot.models import MAX_DRAFT_CHARS, Context, Model
from bot.spoken import top_flags
from bot.store import IncomingDraft, Store
from bot.store.choices import Choices
from bot.store.shared import SharedFiles, SharedState
from bot.text import to_mrkdwn

log = logging.getLogger(__name__)

PAUSED = "busy:30"
SAYS_SO = ("draft", "post", "caption", "calendar", "content", "copy", "social", "newsletter")
"""A text with one of these in its name is a calendar whatever its drafts look like."""


class FetchedFile(Model):
    """A file from Slack, or ``trouble``: a key of ``words_calendar.TROUBLES``. ``kind`` None: text, but no calendar."""

    name: str
    kind: Kind | None = None
    data: bytes = b""
    trouble: str = ""
    limit_kb: int = 0


class Seen(Model):
    """What of ours stands in a thread already."""

    reply_ts: str | None = None
    file_ts: str | None = None


class CalendarOutbox(Protocol):
    """Slack's side. Methods raise OutboxBusyError or OutboxRefusedError."""

    def fetch(self, team: str, file: str) -> FetchedFile:
        """A shared file."""

    def look(self, shared: SharedFiles) -> Seen:
        """Look through the thread for our reply and our file."""

    def upload(self, team: str, name: str, data: bytes) -> str:
        """Hand Slack a file without showing it; its id."""

    def post(self, shared: SharedFiles, summary: Summary) -> str:
        """Post the summary in the thread; its ts."""

    def update(self, shared: SharedFiles, ts: str, summary: Summary) -> None:
        """Show another summary in the reply."""

    def share(self, shared: SharedFiles, file: str, name: str) -> None:
        """Show an uploaded file in the thread."""

    def whisper(self, shared: SharedFiles, summary: Summary) -> None:
        """Show the summary to whoever shared the file, alone."""

    def remove(self, shared: SharedFiles, seen: Seen) -> None:
        """Take our reply and our file away; fine when they are gone."""


@dataclass(frozen=True)
class Calendars:
    """Steps about shared files: ids in, a code out. They may raise StoreError."""

    store: Store
    coach: Coach
    intake: Intake
    outbox: CalendarOutbox
    label: Callable[[str], str]

    def answer_files(self, shared_id: str) -> str:
        """Bring Slack to what is known of a message's files. ``draft:VERSION``: they hold one draft, to be reviewed."""
        shared = self.store.shared.get(shared_id)
        if shared is None:
            return "gone"
        if self.store.switches.paused(shared.team):
            return PAUSED
        draft = self.store.draft(shared.id)
        try:
            if shared.deleted or (draft is not None and draft.deleted):
                return self._remove(shared)
            if shared.state == "draft" and draft is not None:
                return f"draft:{draft.version}"
            if shared.state != "open":
                return shared.state
            if not self.store.channel(shared.team, shared.channel).reads:
                return "unwatched"
            return self._answer(shared)
        except OutboxBusyError as busy:
            log.warning("slack is busy", extra={"files": shared_id, "code": busy.code})
            return f"busy:{busy.retry_after or ''}"
        except OutboxRefusedError as refused:
            return self._end(shared, "parked", refused.code)

    def give_up_files(self, shared_id: str) -> str:
        """Park what can't be answered."""
        shared = self.store.shared.get(shared_id)
        return "gone" if shared is None else self._end(shared, "parked", "files_failed")

    def _end(self, shared: SharedFiles, state: SharedState, reason: str | None = None) -> str:
        if state == "parked":
            log.error("files parked", extra={"files": shared.id, "code": reason})
        self.store.shared.became(shared.model_copy(update={"state": state, "reason": reason}))
        return f"parked:{reason}" if state == "parked" else state

    def _remove(self, shared: SharedFiles) -> str:
        if shared.state in ("open", "posted"):
            seen = self.outbox.look(shared)
            if shared.upload or seen.reply_ts or shared.reply_ts:
                self.outbox.remove(shared, seen)
        return self._end(shared, "removed")

    def _answer(self, shared: SharedFiles) -> str:
        fetched = [self.outbox.fetch(shared.team, file) for file in shared.files]
        calendars = [file for file in fetched if file.kind and not file.trouble]
        try:
            for file in calendars:
                calendar = read_calendar(file.data, file.kind or "txt", self._looks)
                if file.kind == "csv" or len(calendar.entries) > 1:
                    return self._answer_calendar(shared, file, calendar, len(fetched) - 1)
        except CalendarError as error:
            return self._say_trouble(shared, file, error.code, error.line)
        for file in fetched:
            if file.trouble and (shared.asked or file.kind):
                return self._say_trouble(shared, file, file.trouble)
        return self._as_draft(shared, [file for file in fetched if not file.trouble])

    # one draft

    def _as_draft(self, shared: SharedFiles, files: Sequence[FetchedFile]) -> str:
        """What holds one draft is one: reviewed, answered, edited by nobody, gone with its message."""
        if shared.author is None or not files or self.store.draft(shared.id) is not None:
            return self._end(shared, "left")  # its comment is a draft, and was answered
        try:
            words_of = "\n\n".join(decode(file.data)[0].strip() for file in files)
        except CalendarError as error:
            return self._say_trouble(shared, files[0], error.code) if shared.asked else self._end(shared, "left")
        if not shared.asked and not self._looks(words_of, in_thread=shared.thread_ts is not None):
            return self._end(shared, "left")
        if len(words_of) > MAX_DRAFT_CHARS:
            return self._say_trouble(shared, files[0], "too_long")
        if not words_of.strip():
            return self._say_trouble(shared, files[0], "empty")
        draft = IncomingDraft(
            team=shared.team,
            channel=shared.channel,
            ts=shared.ts,
            thread_ts=shared.thread_ts,
            author=shared.author,
            text=_escaped(words_of),
        )
        if self.store.save_draft(draft) == "deleted":
            return self._end(shared, "removed")
        self._end(shared, "draft")
        return f"draft:{draft.version}"

    def _looks(self, text: str, *, in_thread: bool = False) -> bool:
        return self.intake.looks_like_draft(_escaped(text), in_thread=in_thread)

    # a calendar

    def _answer_calendar(self, shared: SharedFiles, file: FetchedFile, calendar: Calendar, others: int) -> str:
        if calendar.kind != "csv" and not self._meant(shared, file.name, calendar):
            return self._end(shared, "left")
        choices = self.store.choices.of(shared.team, shared.channel)
        notes = self._notes(calendar, choices)
        summary = summarise(calendar, notes, others=others, private=choices.private)
        return self._show(shared, summary, (_annotated_name(file), annotate(calendar, notes)))

    def _meant(self, shared: SharedFiles, name: str, calendar: Calendar) -> bool:
        """Whether a text with several parts is about drafts: minutes of a meeting have headings, too."""
        if shared.asked or any(word in name.casefold() for word in SAYS_SO):
            return True
        return any(self._looks(entry.text) for entry in calendar.entries[:MAX_DRAFTS])

    def _notes(self, calendar: Calendar, choices: Choices) -> list[Note]:
        silent = tuple(mute.rule for mute in self.store.choices.mutes(choices.team, choices.channel))
        keep = self.store.choices.must_keep(choices.team, choices.channel)
        return [self._note(entry, choices, silent, keep) for entry in calendar.entries[:MAX_DRAFTS]]

    def _note(self, entry: Entry, choices: Choices, silent: tuple[str, ...], keep: tuple[str, ...]) -> Note:
        network = entry.network or choices.network
        text = entry.text.replace("\x00", " ")
        kept = tuple(words for words in keep if words in text)
        context = Context(network=network, rules_off=silent, must_keep=kept, llm_allowed=False)
        try:
            review = self.coach.review(text, context)
            suggestion = self.coach.rewrite(review, context)
        except DraftError:
            too_long = words.CELL_TOO_LONG.format(chars=f"{len(text):,}")
            return Note(
                number=entry.number, question=too_long if len(text) > MAX_DRAFT_CHARS else words.CELL_UNREADABLE
            )
        flags = top_flags(review)
        rewrite = suggestion.rewrites[0] if suggestion.rewrites else None
        asked = (rewrite.question if rewrite else "") or (flags[0].question if flags else "")
        return Note(
            number=entry.number,
            verdict=review.verdict,
            score=review.score,
            flags=tuple(self.label(flag.rule) for flag in flags),
            question="" if review.verdict == "human" else asked,
            rewrite=rewrite.text if rewrite else "",
            mix=review.mix,
            sensitive=review.sensitive is not None,
        )

    # what people see

    def _say_trouble(self, shared: SharedFiles, file: FetchedFile, code: str, line: int = 0) -> str:
        name = to_mrkdwn(" ".join(file.name.split())[:80])
        trouble = words.TROUBLES[code].format(name=name, line=line, limit=file.limit_kb)
        return self._show(shared, Summary(trouble=trouble), None)

    def _show(self, shared: SharedFiles, summary: Summary, file: tuple[str, bytes] | None) -> str:
        """The summary, and then the file below it."""
        direct = self.store.channel(shared.team, shared.channel).direct
        if self.store.choices.of(shared.team, shared.channel).private and not direct:
            return self._whisper(shared, summary)
        seen = self.outbox.look(shared)  # a database that was restored does not know what was posted since
        if file and not shared.upload and seen.reply_ts is None:
            shared, summary = self._uploaded(shared, summary, *file)
        if seen.reply_ts is None:
            seen = seen.model_copy(update={"reply_ts": self.outbox.post(shared, summary)})
        shared = shared.model_copy(update={"reply_ts": seen.reply_ts})
        self.store.shared.became(shared)
        if file and shared.upload and not seen.file_ts:
            try:
                self.outbox.share(shared, shared.upload, file[0])
            except OutboxRefusedError as refused:
                log.warning("no file with notes", extra={"files": shared.id, "code": refused.code})
                self.outbox.update(shared, seen.reply_ts or "", summary.model_copy(update={"no_file": refused.code}))
        return self._end(shared, "posted")

    def _uploaded(self, shared: SharedFiles, summary: Summary, name: str, data: bytes) -> tuple[SharedFiles, Summary]:
        """With the file at Slack, seen by nobody yet; without one the summary says so."""
        try:
            shared = shared.model_copy(update={"upload": self.outbox.upload(shared.team, name, data)})
        except OutboxRefusedError as refused:
            log.warning("no file with notes", extra={"files": shared.id, "code": refused.code})
            return shared, summary.model_copy(update={"no_file": refused.code})
        self.store.shared.became(shared)
        return shared, summary

    def _whisper(self, shared: SharedFiles, summary: Summary) -> str:
        """At most once: an ephemeral can't be found again."""
        claim = f"files:{shared.id}"
        if not self.store.claim(claim):
            return self._end(shared, "whispered")
        try:
            self.outbox.whisper(shared, summary)
        except OutboxBusyError as busy:
            if busy.retry_after is None:
                return self._end(shared, "parked", busy.code)  # it may have arrived: never a second time
            self.store.release(claim)
            raise
        return self._end(shared, "whispered")


def _escaped(text: str) -> str:
    """As Slack writes text: a file's own & < > are characters, not mentions."""
    return text.replace("\x00", " ").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _annotated_name(file: FetchedFile) -> str:
    stem, dot, suffix = file.name.rpartition(".")
    return f"{stem}-notes.{suffix}" if dot and stem else f"{file.name}-notes.{file.kind or 'txt'}"
