"""A storm for the bot: drafts, edits and deletes while processes die and Slack, the model and the order of events fail.

Seeded: the same seed gives the same acts. What the processes make of them depends on the machine, so the storm ends in
a report of what can be seen from Slack, and not in a list of what was done when.
"""

import json
import random
import re
import signal
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.playground.delivery import Delivery
from bot.playground.server import SlackStandIn
from tests.e2e.harness import BotProcess, watched
from tests.standin_llm import Answer, StandInLLM, content, error, good

AUTHORS = ("ada", "noor")
PRODUCTS = ("Flowdesk", "Bramble", "Tidewell", "Kestrel Notes", "Harbour CRM", "Lumen Forms", "Papertrail Pro")
OPENERS = ("BIG NEWS!", "Exciting news!", "HUGE announcement!", "We are thrilled to announce:", "Don't miss this!")
CLAIMS = ("the best planner ever made", "a game-changing release", "our most powerful update yet", "a revolution")
CALLS = ("Sign up NOW", "Click the link today", "Buy it now", "Register before Friday", "Download it NOW")
TAGS = ("#SaaS #AI #CX", "#growth #sales #b2b", "#news #launch #startup")
PLAIN = (
    "LinkedIn draft: Sara asked how we plan our week, so I wrote down what we tried at {product} and what did not"
    " work ({number}). What do you do on a Monday that is full before it starts?"
)
TROUBLED = (
    "chat.postMessage",
    "chat.update",
    "chat.delete",
    "conversations.replies",
    "reactions.add",
    "reactions.remove",
)
ENDS = 240.0
"""Seconds until everything that was acked must have come to rest, once nothing fails any more."""


@dataclass
class Sent:
    """One draft as the storm knows it."""

    channel: str
    ts: str
    versions: list[str]
    """Slack ts of each version, oldest first."""
    human: bool
    deleted: bool = False
    after_unwatch: bool = False


@dataclass
class Report:
    """What was sent, and what can be seen from Slack at the end. ``wrong`` names each broken promise."""

    seed: int
    drafts: int = 0
    edits: int = 0
    deletes: int = 0
    private_asks: int = 0
    acked: int = 0
    """Drafts whose newest version Slack heard an ack for, deletes left out."""
    not_acked: int = 0
    """Given up by Slack after three retries: nothing is owed."""
    replied: int = 0
    reacted: int = 0
    lost: int = 0
    doubled: int = 0
    outdated: int = 0
    ghosts: int = 0
    """Replies for drafts that were deleted, or posted after the channel was unwatched."""
    private_answers: int = 0
    private_doubled: int = 0
    kills: int = 0
    socket_cuts: int = 0
    faults: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether every promise was kept."""
        return not self.wrong

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


class Storm:
    """Drives one bot. ``kills``: how many times it dies; ``rate``: acts a second."""

    def __init__(
        self, slack: SlackStandIn, bot: BotProcess, llm: StandInLLM, *, seed: int, kills: int, rate: float
    ) -> None:
        self._slack, self._bot, self._llm = slack, bot, llm
        self._random = random.Random(seed)  # noqa: S311 - nothing secret hangs on it
        self._kills_left, self._rate = kills, rate
        self._sent: list[Sent] = []
        self._deliveries: dict[int, Delivery] = {}
        self._over = threading.Event()
        self._dying = threading.Lock()
        self.report = Report(seed)
        slack.courier.watchers.append(self._note)

    def run(self, drafts: int, channels: int = 4) -> Report:
        """The whole storm; its report."""
        llm_random = random.Random(self.report.seed)  # noqa: S311 - see above
        self._llm.answer_with(lambda asked: _llm_answer(llm_random, asked))
        here = [watched(self._slack, f"storm-{self.report.seed}-{n}") for n in range(channels)]
        leaving = watched(self._slack, f"leaving-{self.report.seed}")
        nurse = threading.Thread(target=self._keep_alive, daemon=True)
        nurse.start()
        try:
            self._blow(drafts, here, leaving)
        finally:
            self._calm()
            nurse.join(60)
        self._wait_for_rest()
        self._judge([*here, leaving])
        return self.report

    # -- the storm

    def _blow(self, drafts: int, here: list[str], leaving: str) -> None:
        acts: list[tuple[Callable[[], None], int]] = [
            (lambda: self._post(self._random.choice(here)), 40),
            (self._edit, 18),
            (self._delete, 6),
            (self._unfurl, 4),
            (self._redeliver, 5),
            (self._hold_and_shuffle, 4),
            (self._trouble, 20),
            (lambda: self._ask(here[0]), 5),
        ]
        dying = sorted(self._random.sample(range(drafts), k=min(self._kills_left, drafts)))
        unwatch_at = drafts // 2
        for _ in range(8):
            self._post(leaving)
        while self.report.drafts < drafts:
            before = self.report.drafts
            self._random.choices([act for act, _ in acts], [weight for _, weight in acts])[0]()
            if self.report.drafts != before:
                if dying and self.report.drafts >= dying[0]:
                    dying.pop(0)
                    self._die()
                if unwatch_at and self.report.drafts >= unwatch_at:
                    unwatch_at = 0
                    self._unwatch(leaving)
            self._over.wait(self._random.expovariate(self._rate))

    def _post(self, channel: str, *, after_unwatch: bool = False) -> None:
        human = self._random.random() < 0.1
        ts = self._slack.post(channel, self._random.choice(AUTHORS), self._text(human))
        self._sent.append(Sent(channel, ts, [ts], human, after_unwatch=after_unwatch))
        self.report.drafts += 1

    def _text(self, human: bool) -> str:
        pick = self._random.choice
        if human:
            return PLAIN.format(product=pick(PRODUCTS), number=self._random.randrange(10_000))
        name = f"{pick(PRODUCTS)} {self._random.randrange(2, 9_999)}.0"
        return f"🚀 {pick(OPENERS)} {name} is {pick(CLAIMS)}! {pick(CALLS)} {pick(TAGS)}"

    def _edit(self) -> None:
        draft = self._any()
        if draft is None:
            return
        draft.human = self._random.random() < 0.15
        draft.versions.append(self._slack.edit(draft.channel, draft.ts, self._text(draft.human)))
        self.report.edits += 1

    def _delete(self) -> None:
        draft = self._any()
        if draft is None:
            return
        draft.deleted = True
        self._slack.delete(draft.channel, draft.ts)
        self.report.deletes += 1

    def _unfurl(self) -> None:
        draft = self._any()
        if draft is not None:
            self._slack.unfurl(draft.channel, draft.ts)

    def _redeliver(self) -> None:
        known = [delivery for delivery in list(self._deliveries.values()) if delivery.kind == "events_api"]
        if known:
            old = self._random.choice(known)
            try:
                self._slack.redeliver(old.id)
            except LookupError:
                return  # too long ago for the stand-in

    def _hold_and_shuffle(self) -> None:
        if self._slack.courier.holding:
            order = list(range(len(self._slack.courier.held)))
            self._random.shuffle(order)
            self._slack.release_held(order)
        else:
            self._slack.hold()

    def _trouble(self) -> None:
        kind = self._random.choice(["rate_limit", "status", "error", "cut", "accept_cut", "hang", "socket"])
        if kind == "socket":
            if self._bot.mode == "socket":
                self._slack.cut_sockets()
                self.report.socket_cuts += 1
            return
        if kind == "hang":
            self._slack.faults.release()  # those that hang by now have been given up by the bot
        method = self._random.choice([*TROUBLED, "response_url"])
        self._slack.fault(kind, method, seconds=1, status=self._random.choice([500, 502, 503]))  # type: ignore[arg-type]

    def _ask(self, channel: str) -> None:
        answer = self._slack.command(self._random.choice(AUTHORS), channel, "/humanize", self._text(human=False))
        self.report.private_asks += answer.ok

    def _unwatch(self, channel: str) -> None:
        """From when the asker is told that nobody reads along, every post must stay alone."""
        told = len(self._slack.ephemerals("ada"))
        while not any("reading along" in m["text"] for m in self._slack.ephemerals("ada")[told:]):
            self._slack.command("ada", channel, "/humanize", "unwatch")  # lost while the bot is down: asked again
            self._over.wait(0.5)
        for _ in range(8):
            self._post(channel, after_unwatch=True)

    def _any(self) -> Sent | None:
        alive = [draft for draft in self._sent if not draft.deleted and not draft.after_unwatch]
        if not alive:
            return None
        # The newest are worked on: that is where edits and deletes race with reviews.
        return self._random.choice(alive[-30:])

    # -- dying and getting up

    def _die(self) -> None:
        """SIGKILL to front, worker or both: now, or between Slack's accepting the next reply and its being recorded."""
        if self._random.random() < 0.5:
            self._kill()
        else:
            self._slack.fault("accept_cut", self._random.choice(TROUBLED[:2]), hook=self._kill)

    def _kill(self) -> None:
        with self._dying:
            if not self._over.is_set() and self._bot.process.poll() is None:
                try:
                    (self._bot.kill, self._bot.kill_worker, self._bot.kill_front)[self.report.kills % 3]()
                except (IndexError, ProcessLookupError):  # there is no worker just now
                    self._bot.kill()
                self.report.kills += 1

    def _keep_alive(self) -> None:
        while not self._over.wait(0.1):
            if self._bot.process.poll() is None:
                continue
            try:
                self._bot.start()
            except AssertionError as failed:
                if self._bot.process.poll() != -signal.SIGKILL:  # else killed once more, while it started
                    self.report.wrong.append(f"the bot did not start again: {failed}")
                    return

    def _calm(self) -> None:
        with self._dying:
            self._over.set()
        for kind in ("rate_limit", "status", "error", "cut", "accept_cut", "hang"):
            self.report.faults[kind] = sum(f.hits for f in self._slack.faults._faults if f.kind == kind)
        self._slack.faults.clear()
        if self._slack.courier.holding:
            self._slack.release_held()

    def _wait_for_rest(self) -> None:
        if self._bot.process.poll() is not None:
            self._bot.start()
        self._slack.wait_for(lambda: all(d.done for d in list(self._deliveries.values())), ENDS)
        self._slack.wait_delivered(ENDS)
        self._slack.wait_for(self._idle, ENDS)

    def _idle(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self._bot.url}/readyz", timeout=10) as response:  # noqa: S310 - http, ours
                seen = json.loads(response.read())
        except (urllib.error.URLError, OSError):
            return False
        return "queues" in seen and all(queue["depth"] == 0 for queue in seen["queues"].values())

    # -- what can be seen

    def _note(self, delivery: Delivery) -> None:
        self._deliveries[id(delivery)] = delivery

    def _acked(self) -> dict[str, set[str]]:
        """Message ts -> the versions (their own ts, or ``deleted``) that were acked at least once."""
        acked: dict[str, set[str]] = {}
        for delivery in self._deliveries.values():
            event = delivery.payload.get("event") or {}
            if event.get("type") != "message" or not any(answer.ok for answer in delivery.answers):
                continue
            if _unfurl(event):
                continue  # it names a version whose own event may never have arrived
            inner = event.get("message") or event
            ts = event.get("deleted_ts") or inner.get("ts")
            version = (inner.get("edited") or {}).get("ts") or ts
            gone = event.get("deleted_ts") or inner.get("subtype") == "tombstone"
            acked.setdefault(ts, set()).add("deleted" if gone else version)
        return acked

    def _judge(self, channels: list[str]) -> None:
        acked = self._acked()
        replies = {channel: _replies(self._slack, channel) for channel in channels}
        for draft in self._sent:
            self._judge_draft(draft, acked.get(draft.ts, set()), replies[draft.channel].get(draft.ts, []))
        uses = [url.uses for url in self._slack.surfaces._response_urls.values()]
        self.report.private_answers = sum(count > 0 for count in uses)
        self.report.private_doubled = sum(count > 1 for count in uses)
        if self.report.private_doubled:
            self.report.wrong.append(f"{self.report.private_doubled} private answers came more than once")

    def _judge_draft(self, draft: Sent, acked: set[str], replies: list[dict[str, Any]]) -> None:
        report, name = self.report, f"{draft.channel} {draft.ts}"
        if draft.after_unwatch:
            self._expect(not replies, name, "ghosts", "a reply after the channel was unwatched")
            return
        if len(replies) > 1:
            self._expect(False, name, "doubled", f"{len(replies)} replies")
            return
        if draft.deleted:
            if "deleted" in acked:
                self._expect(not replies, name, "ghosts", "a reply for a deleted draft")
            return
        if draft.versions[-1] not in acked:
            report.not_acked += 1
            return
        report.acked += 1
        if draft.channel == self._sent[0].channel:
            return  # unwatched halfway: its older drafts may have stayed without
        if not replies:
            quiet = draft.human and bool(self._slack.reactions(draft.channel, draft.ts))
            report.reacted += quiet
            said = "human" if draft.human else "not human"
            self._expect(quiet, name, "lost", f"no reply and no reaction ({said})")
            return
        report.replied += 1
        shown = replies[0]["metadata"]["event_payload"].get("version")
        newest = int(re.sub(r"\D", "", draft.versions[-1]))
        self._expect(int(shown or 0) == newest, name, "outdated", f"shows {shown}, newest is {newest}")

    def _expect(self, kept: bool, draft: str, count: str, what: str) -> None:
        if not kept:
            setattr(self.report, count, getattr(self.report, count) + 1)
            self.report.wrong.append(f"{draft}: {what}")


def _unfurl(event: dict[str, Any]) -> bool:
    """A change of what Slack adds, not of what somebody wrote."""
    now, before = event.get("message"), event.get("previous_message")
    return bool(now and before) and (now.get("text"), now.get("edited")) == (before.get("text"), before.get("edited"))


def _replies(slack: SlackStandIn, channel: str) -> dict[str, list[dict[str, Any]]]:
    """The bot's review replies of a channel, by the draft's ts."""
    found: dict[str, list[dict[str, Any]]] = {}
    for message in slack.messages(channel):
        payload = (message.get("metadata") or {}).get("event_payload") or {}
        if payload.get("kind") == "thread":
            found.setdefault(message["thread_ts"], []).append(message)
    return found


def _llm_answer(chance: random.Random, asked: dict[str, Any]) -> Answer:
    """A model on a bad day."""
    draft = json.dumps(asked, ensure_ascii=False)
    name = re.search(r"[A-Z]\w+(?: \w+)? \d+\.0", draft)
    rewrite = f"What does your team lose most time on in a week? {name.group() if name else 'It'} is out. Sign up."
    return chance.choice(
        [
            good(rewrite),
            good(rewrite),
            content("Sure! Here is your rewrite."),
            content('{"rewrites": [{"te'),
            error(500),
            error(429, Retry_After="1"),
            Answer(hang=True) if chance.random() < 0.2 else error(503),
            Answer(cut=True, body=b"{" * 200),
        ]
    )
