"""The steps of the workflows: ids in, a code out. Idempotent, since a step may run again after a crash.

Codes: what was done; ``busy:SECONDS`` for "again later"; ``failed:WHY`` for "this can't be done".
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.calendar.send import Calendars
from bot.coach import Coach
from bot.delivery import Answer, Delivery, Outbox, OutboxBusyError, OutboxRefusedError
from bot.digest.send import DigestSender
from bot.intake import DraftText, Intake
from bot.metrics import WorkMetrics
from bot.models import Context, Origin, Part, Suggestion, Wishes
from bot.spoken import hold_to
from bot.store import Channel, PrivateAsk, Store, StoredDraft
from bot.store.choices import Choices
from bot.twins import Earlier, find_twins, may_be_twins, with_twins

log = logging.getLogger(__name__)

ADDRESS_LIVES = timedelta(minutes=30)
"""How long Slack takes an answer by response_url."""


@dataclass(frozen=True)
class Services:
    """What workflows act with. The outbox is bound before DBOS is launched."""

    coach: Coach
    intake: Intake
    store: Store
    outbox: Outbox
    llm_host: str | None
    """Where drafts are sent for rewriting; None when no LLM is configured."""
    workers: int = 4
    llm_workers: int = 4
    poll_s: float = 0.1
    metrics: WorkMetrics = field(default_factory=WorkMetrics)
    digests: DigestSender | None = None
    """None where nobody sends digests: in tests."""
    calendars: Calendars | None = None
    """None where nobody answers files: in tests."""


PAUSED = "busy:30"
"""The kill switch is on: nothing is read, sent or posted; looked at again in half a minute, and then less often."""


class Steps:
    """What workflows do. Every step may raise StoreError."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._store = services.store
        self._delivery = Delivery(services.store, services.outbox, self._label)

    def review(self, draft_id: str, version: int) -> str:
        """Review one version of a draft and keep what was found, if it is still the newest."""
        draft = self._store.draft(draft_id)
        if draft is None:
            return "gone"
        if self._store.switches.paused(draft.team):
            return PAUSED
        if draft.deleted:
            return "reviewed"  # nothing to review, and a reply to take away
        if draft.version != version or draft.text is None:
            return "superseded"
        channel = self._store.channel(draft.team, draft.channel)
        if not channel.reads:
            return "unwatched"
        if channel.direct:
            self._tell_directly(channel)
            channel = self._store.channel(draft.team, draft.channel)
        if draft.parts:
            return "reviewed"  # by a run before this one: after a crash the same work may be queued twice
        choices = self._store.choices.of(draft.team, draft.channel)
        parts = self._told_twins(draft, self._reviewed(draft.text, choices))
        if not self._asks_llm(channel):
            parts = self._suggested(parts, draft.wishes, channel, _from(draft))
        self._services.metrics.reviewed(parts)
        return "reviewed" if self._store.save_parts(draft_id, version, parts) else "superseded"

    def _reviewed(self, text: str, choices: Choices) -> tuple[Part, ...]:
        """The drafts in a message, reviewed as its channel chose: network, muted rules, how strict."""
        coach = self._services.coach
        silent = tuple(mute.rule for mute in self._store.choices.mutes(choices.team, choices.channel))

        def reviewed(draft: DraftText) -> Part:
            context = Context(network=draft.network or choices.network, rules_off=silent)
            part = Part(label=draft.label, review=coach.review(draft.text, context))
            return hold_to(part, choices.strictness)

        return tuple(reviewed(draft) for draft in self._services.intake.read(text))

    def _tell_directly(self, channel: Channel) -> None:
        """In somebody's own conversation with the bot: where drafts go, once, before any goes there."""
        host = self._services.llm_host
        if host is None or not channel.llm_allowed or channel.announced_host == host:
            return
        self._store.set_llm(channel.team, channel.channel, True)  # so that there is a row to note it in
        self.announce(channel.team, channel.channel)

    def _told_twins(self, draft: StoredDraft, parts: tuple[Part, ...]) -> tuple[Part, ...]:
        """With a flag where the team lately wrote nearly the same to other readers."""
        lately = self._store.lately(draft.team, draft.id)

        def earlier(part: Part) -> Iterator[Earlier]:
            for text, author in lately:
                if may_be_twins(part.review.text, text):
                    yield Earlier(self._services.intake.words(text), same_author=author == draft.author)

        def tell(part: Part) -> Part:
            twins = find_twins(part.review.text, earlier(part))
            return part.model_copy(update={"review": with_twins(part.review, twins)})

        return tuple(tell(part) for part in parts)

    def _suggested(
        self,
        parts: tuple[Part, ...],
        wishes: Wishes,
        channel: Channel,
        told: Context = Context(),  # noqa: B008 - frozen
    ) -> tuple[Part, ...]:
        """With a suggestion for each; ``told`` is what the sender said of audience, hope and words to keep."""
        always = self._store.choices.must_keep(channel.team, channel.channel)

        def suggest(part: Part) -> Part:
            keep = dict.fromkeys((*wishes.keep, *always, *told.must_keep))
            context = Context(
                audience=told.audience,
                hope=told.hope,
                network=part.review.network,
                llm_allowed=self._asks_llm(channel),
                must_keep=tuple(words for words in keep if words in part.review.text),
                angle=wishes.angle,
                shorter=wishes.shorter,
                light=wishes.light,
                variant=wishes.variant,
                earlier=tuple(rewrite.text for rewrite in part.suggestion.rewrites) if part.suggestion else (),
                origin=told.origin,
            )
            suggestion = self._services.coach.rewrite(part.review, context)
            if suggestion.fallback == "llm_off" and channel.llm_allowed:
                suggestion = suggestion.model_copy(update={"fallback": "llm_not_announced"})
            self._services.metrics.suggested(suggestion.rewrites, suggestion.fallback)
            return part.model_copy(update={"suggestion": suggestion})

        return tuple(suggest(part) for part in parts)

    def wants_rewrite(self, draft_id: str, version: int) -> str:
        """Whether a rewrite by an LLM is still to come."""
        draft = self._store.draft(draft_id)
        if draft is None or draft.version != version or draft.human or draft.suggested or not draft.parts:
            return "no"
        return "yes" if self._asks_llm(self._store.channel(draft.team, draft.channel)) else "no"

    def rewrite(self, draft_id: str) -> str:
        """Of the newest version, whatever it is by now: a wish is about the draft, not about one version."""
        draft = self._store.draft(draft_id)
        if draft is None or draft.deleted:
            return "gone"
        channel = self._store.channel(draft.team, draft.channel)
        if not channel.reads:
            return "unwatched"
        if self._store.switches.paused(draft.team):
            return PAUSED
        if not draft.parts:
            return "busy:1"  # its review is still to come
        parts = self._suggested(draft.parts, draft.wishes, channel, _from(draft))
        return "rewritten" if self._store.save_parts(draft_id, draft.version, parts) else "busy:1"

    def without_rewrite(self, draft_id: str) -> str:
        """When no rewrite can be had at all, people get the questions, and no promise of more."""
        draft = self._store.draft(draft_id)
        if draft is None or not draft.parts:
            return "gone"

        def questions(part: Part) -> Part:
            asked = tuple(flag.question for flag in part.review.flags)
            return part.model_copy(update={"suggestion": Suggestion(questions=asked[:3], fallback="checks_failed")})

        parts = tuple(part if part.suggestion else questions(part) for part in draft.parts)
        return "rewritten" if self._store.save_parts(draft_id, draft.version, parts) else "superseded"

    def deliver(self, draft_id: str, kind: str) -> str:
        """Bring Slack up to date with a draft."""
        try:
            draft = self._store.draft(draft_id)
            if draft is not None and self._store.switches.paused(draft.team):
                return PAUSED
            llm = draft is not None and self._asks_llm(self._store.channel(draft.team, draft.channel))
            done = self._delivery.deliver(draft_id, kind, llm=llm)
            if done.startswith("parked:"):
                log.error("draft parked", extra={"draft": draft_id, "code": done.removeprefix("parked:")})
            return done
        except OutboxBusyError as busy:
            log.warning("slack is busy", extra={"draft": draft_id, "code": busy.code})
            return f"busy:{busy.retry_after or ''}"

    def give_up(self, draft_id: str, code: str) -> str:
        """Park a draft that can't be answered."""
        log.error("draft parked", extra={"draft": draft_id, "code": code})
        self._delivery.give_up(draft_id, code)
        return "parked"

    def answer(self, ask_id: str) -> str:
        """At most once: the claim is taken before the answer goes out, since an ephemeral can't be found again."""
        ask = self._store.ask(ask_id)
        if ask is None or ask.text is None:
            return "gone"
        if self._store.switches.paused(ask.team):
            return PAUSED
        # The asker was told where it goes when the ask was taken in; the channel's switch still counts.
        told = self._store.channel(ask.team, ask.channel).model_copy(update={"announced_host": self._services.llm_host})
        parts = ask.parts or self._answered(ask, told)
        self._store.answer_ask(ask_id, parts)
        if ask.view is None and datetime.now(UTC) - ask.created_at > ADDRESS_LIVES:
            return self._lost(ask_id, "address_gone")
        claim = f"ask:{ask_id}"
        if not self._store.claim(claim):
            return "answered_before"
        try:
            known = self._store.choices.explained(ask.team, ask.user, ask.id)
            answer = Answer(draft_id=ask.id, parts=parts, known=tuple(sorted(known)))
            self._services.outbox.answer_privately(ask, answer)
        except OutboxBusyError as busy:
            if busy.retry_after is None:
                return self._lost(ask_id, busy.code)  # it may have arrived: never a second time
            self._store.release(claim)
            return f"busy:{busy.retry_after}"
        except OutboxRefusedError as refused:
            if refused.code == "address_gone":
                return self._lost(ask_id, refused.code)  # kept for /humanize last
            log.warning("private answer refused", extra={"ask": ask_id, "code": refused.code})
            return f"failed:{refused.code}"
        if self._store.ask(ask_id) is not None:  # erased while the answer went out: no name comes back
            shown = self._services.outbox.shown_rules(answer)
            self._store.choices.note_shown(ask.team, ask.channel, ask.user, ask.id, shown)
        self._store.finish_ask(ask_id)
        return "answered"

    def _answered(self, ask: PrivateAsk, channel: Channel) -> tuple[Part, ...]:
        choices = self._store.choices.of(ask.team, ask.channel).model_copy(update={"strictness": "usual"})
        if ask.network:
            choices = choices.model_copy(update={"network": ask.network})
        origin = Origin(team=ask.team, channel=ask.channel, author=ask.user, draft_id=ask.id)
        told = Context(audience=ask.audience, hope=ask.hope, must_keep=ask.must_keep, origin=origin)
        return self._suggested(self._reviewed(ask.text or "", choices), Wishes(variant=ask.variant), channel, told)

    def apologise(self, ask_id: str) -> str:
        """The answer can't be shown: say so rather than nothing."""
        ask = self._store.ask(ask_id)
        if ask is not None and self._store.switches.paused(ask.team):
            return self._lost(ask_id, "paused")  # nothing is posted now, and later its address is gone
        if ask is None or not self._store.claim(f"apology:{ask_id}"):
            return "gone"
        try:
            self._services.outbox.apologise(ask)
        except (OutboxBusyError, OutboxRefusedError) as error:
            return self._lost(ask_id, error.code)
        self._store.finish_ask(ask_id)
        return "apologised"

    def _lost(self, ask_id: str, code: str) -> str:
        log.warning("private answer lost", extra={"ask": ask_id, "code": code})
        self._store.finish_ask(ask_id)
        return f"lost:{code}"

    def announce(self, team: str, channel: str) -> str:
        """Tell a watched channel where its drafts go now; until it has been told, none go there."""
        host = self._services.llm_host
        if self._store.switches.paused(team):
            return "not_told:paused"  # the next start tells them
        try:
            self._services.outbox.announce(team, channel, host)
        except (OutboxBusyError, OutboxRefusedError) as error:
            log.warning("channel not told where drafts go", extra={"channel": channel, "code": error.code})
            return f"not_told:{error.code}"
        self._store.set_announced(team, channel, host)
        return "told"

    def _label(self, rule_id: str) -> str:
        """A rule's short words; a rule that is no longer there has none but its id."""
        try:
            return self._services.coach.rules.rule(rule_id).label
        except KeyError:
            return rule_id

    def _asks_llm(self, channel: Channel) -> bool:
        host = self._services.llm_host
        return host is not None and channel.llm_allowed and channel.announced_host == host


def _from(draft: StoredDraft) -> Context:
    """Where a draft came from: what an LLM's allowance and an erasure go by."""
    origin = Origin(team=draft.team, channel=draft.channel, author=draft.author, draft_id=draft.id)
    return Context(origin=origin)
