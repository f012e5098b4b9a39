"""Every kind of thing that Slack sends, through the real bot over signed HTTP and Socket Mode.

``tests/payloads`` holds one JSON file a payload: ``about``, ``via`` (how Slack sends it), ``before`` (messages that
are in the channel already) and how it ``ends``: ``reply`` (one reply in the thread), ``silence`` (an ack and nothing
else), ``answer`` (words for the asker alone), ``ack`` (an ack; what is said is left open).
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.playground.delivery import Answer
from bot.playground.server import SlackStandIn
from tests.e2e.harness import MEGAPHONE, BotProcess, reply, watched

Json = dict[str, Any]

FOLDER = Path(__file__).parents[1] / "payloads"
CORPUS = {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}
CHANNEL = "C0CORPUS"
TROUBLE = re.compile(r"Traceback|handler failed|event failed|Unhandled request|slack_bolt|interaction not understood")


def of(*ends: str) -> list[str]:
    return [name for name, one in CORPUS.items() if one["ends"] in ends]


@pytest.fixture(scope="module", params=["http", "socket"])
def pair(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[tuple[SlackStandIn, BotProcess]]:
    with SlackStandIn() as slack:
        bot = BotProcess(slack, tmp_path_factory.mktemp("bot"), request.param)
        bot.start()
        yield slack, bot
        bot.stop()


@pytest.fixture(scope="module")
def bot(pair: tuple[SlackStandIn, BotProcess]) -> BotProcess:
    return pair[1]


@pytest.fixture(scope="module")
def corpus(pair: tuple[SlackStandIn, BotProcess]) -> SlackStandIn:
    """A watched channel that has the corpus's id, with all that its payloads speak of."""
    slack, _ = pair
    channel = slack.workspace.add_channel("corpus", ["U0ADA", "U0NOOR", "U0HUMANIZE"], id=CHANNEL)
    slack.command("ada", CHANNEL, "/humanize", "watch")
    slack.wait_for(lambda: any("reading along now" in m["text"] for m in slack.ephemerals("ada")))
    for name in of("reply"):
        event = CORPUS[name]["payload"]["event"]
        for message in [*CORPUS[name].get("before", ()), event.get("message") or event]:
            channel.messages[message["ts"]] = dict(message)
    return slack


def deliver(slack: SlackStandIn, name: str) -> Answer:
    """One payload on its way, with an address and a trigger of now; how the bot answered the first attempt."""
    one = CORPUS[name]
    return send(slack, one["via"], one["payload"])


def send(slack: SlackStandIn, via: Any, payload: Json) -> Answer:
    key = slack.surfaces.new_response_url(CHANNEL, "U0ADA", None, ephemeral=True)
    text = json.dumps(payload).replace("RESPONSE_URL", f"{slack.url}/_response/{key}")
    ready = json.loads(text.replace("TRIGGER", slack.surfaces.new_trigger("U0ADA")))
    if via == "slash_commands":  # a form: text that can be encoded, and nothing else
        ready = {str(k): str(v).encode("utf-8", "replace").decode() for k, v in ready.items()}
    ready["nonce"] = key  # the same request twice in a second is a replay
    return slack.run(slack.courier.ask(via, ready))


def trouble(bot: BotProcess, start: int = 0) -> list[str]:
    return [line[:600] for line in bot.log()[start:].splitlines() if TROUBLE.search(line)]


def posted_in(slack: SlackStandIn, calls: int) -> list[str]:
    """The thread of each message that was posted in the corpus's channel since."""
    posts = [call for call in slack.calls("chat.postMessage") if call.args.get("channel") == CHANNEL]
    return [str(call.args.get("thread_ts")) for call in posts[calls:]]


def test_drafts_of_every_kind_get_one_reply(corpus: SlackStandIn, bot: BotProcess) -> None:
    names = of("reply")
    before = len(posted_in(corpus, 0))
    answers = {name: deliver(corpus, name) for name in names}
    assert {name: answer.status for name, answer in answers.items() if answer.status != 200} == {}
    threads = {name: thread_of(CORPUS[name]["payload"]["event"]) for name in names}
    missing: list[str] = []

    def all_there() -> bool:
        there = posted_in(corpus, before)
        missing[:] = [name for name, thread in threads.items() if thread not in there]
        return not missing

    try:
        corpus.wait_for(all_there)
    except TimeoutError:
        pytest.fail(f"no reply to {', '.join(missing)}")
    assert sorted(posted_in(corpus, before)) == sorted(threads.values())
    assert trouble(bot) == []


def thread_of(event: Json) -> str:
    message = event.get("message") or event
    return str(message.get("thread_ts") or message["ts"])


def test_what_is_no_draft_of_ours_is_acked_and_leaves_nothing(corpus: SlackStandIn, bot: BotProcess) -> None:
    before = len(posted_in(corpus, 0))
    answers = {name: deliver(corpus, name) for name in of("silence")}
    assert {name: answer.status for name, answer in answers.items() if answer.status != 200} == {}
    assert alive(corpus, bot)
    assert posted_in(corpus, before) == []
    assert trouble(bot) == []


def test_interactions_of_every_kind_are_acked(corpus: SlackStandIn, bot: BotProcess) -> None:
    before, start = len(posted_in(corpus, 0)), len(bot.log())
    answers = {name: deliver(corpus, name) for name in of("ack", "answer")}
    assert {name: answer.status for name, answer in answers.items() if answer.status != 200} == {}
    assert [name for name in of("answer") if answers[name].body is None and not answered(corpus)] == []
    assert alive(corpus, bot)
    assert posted_in(corpus, before) == []
    known = re.compile(r"interaction not understood")  # our buttons with a value of nobody's
    assert [line for line in trouble(bot, start) if not known.search(line)] == []


def answered(slack: SlackStandIn) -> bool:
    return bool(slack.wait_for(lambda: slack.ephemerals("ada")))


def alive(slack: SlackStandIn, bot: BotProcess) -> bool:
    """Whether a draft that comes after all that is answered, in a channel of its own."""
    slack.wait_delivered()
    channel = watched(slack, f"alive-{len(slack.workspace.channels)}")
    reply(slack, channel, slack.post(channel, "ada", MEGAPHONE))
    return bot.process.poll() is None


def test_the_challenge_is_given_back(corpus: SlackStandIn) -> None:
    assert deliver(corpus, "other_url_verification").body in ({"challenge": "a-challenge"}, "a-challenge", None)


JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 2**70), st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", "\ud83d", "\x00", "x" * 5000, "<!channel>", "../..", "0"]), st.just([]), st.just({}),
    st.just([None, {"id": []}]), st.just({"id": 5, "ts": [], "type": {}}),
)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, str, Json]:
    """A payload of the corpus with one to three places dropped or of another type."""
    name = draw(st.sampled_from(sorted(CORPUS)))
    payload = json.loads(json.dumps(CORPUS[name]["payload"]))
    for _ in range(draw(st.integers(1, 3))):
        places = list(paths(payload))
        if not places:
            break
        *way, last = draw(st.sampled_from(places))
        node: Any = payload
        for step in way:
            node = node[step]
        if draw(st.booleans()):
            del node[last]
        else:
            node[last] = json.loads(json.dumps(draw(JUNK)))  # a value of its own
    return name, CORPUS[name]["via"], payload


def paths(node: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in pairs:
        yield (*way, key)
        yield from paths(value, (*way, key))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mutated())
def test_no_payload_is_too_odd_for_an_ack(corpus: SlackStandIn, bot: BotProcess, case: tuple[str, str, Json]) -> None:
    name, via, payload = case
    start = len(bot.log())
    answer = send(corpus, via, payload)
    assert (answer.status, answer.failure) == (200, ""), (name, bot.log()[start:][-1500:])
    assert "handler failed" not in bot.log()[start:]


def test_and_it_is_alive_after_all_that(corpus: SlackStandIn, bot: BotProcess) -> None:
    assert alive(corpus, bot)
