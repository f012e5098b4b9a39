"""The bot with a language model: a stand-in server over real HTTP that behaves, hangs, lies or refuses."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.playground.server import SlackStandIn
from tests.e2e.harness import MEGAPHONE, BotProcess, free_port, reply, watched, words
from tests.standin_llm import Answer, StandInLLM, content, error, good, models

GOOD = "Flowdesk 2.0 is out. Which part of your support day would you hand over first? #CX"


def until_said(slack: SlackStandIn, channel: str, ts: str, said: str) -> None:
    """Wait until the reply to a draft holds some words."""
    slack.wait_for(lambda: slack.thread(channel, ts) and said in words(slack.thread(channel, ts)[0]))


@pytest.fixture
def llm() -> Iterator[StandInLLM]:
    with StandInLLM() as running:
        yield running


@pytest.fixture
def llm_bot(own_slack: SlackStandIn, llm: StandInLLM, tmp_path: Path) -> Iterator[BotProcess]:
    settings = {"OPENAI_BASE_URL": llm.base_url, "OPENAI_API_KEY": "sk-test", "HUMANIZE_LLM_TIMEOUT_S": "6"}
    bot = BotProcess(own_slack, tmp_path / "data", **settings)
    bot.start()
    yield bot
    llm.close()
    bot.stop()


def test_the_review_comes_first_and_the_rewrite_follows(
    own_slack: SlackStandIn, llm: StandInLLM, llm_bot: BotProcess
) -> None:
    llm.answer_with(good(GOOD))
    channel = watched(own_slack, "llm")
    notice = own_slack.messages(channel)[-1]["text"]
    assert llm.base_url.split("/")[2] in notice
    ts = own_slack.post(channel, "ada", MEGAPHONE)
    own_slack.wait_for(lambda: own_slack.thread(channel, ts) and GOOD in words(own_slack.thread(channel, ts)[0]))
    posted = own_slack.calls("chat.postMessage")[-1].args
    assert "still working on a rewrite" in str(posted["blocks"])
    assert json.dumps(llm.requests[-1]).count("Flowdesk 2.0") >= 1
    assert llm.requests[-1]["store"] is False


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (error(401), "refused our key"),
        (Answer(hang=True), "took too long"),
        (error(500), "out of reach"),
        (content("Here is a lovely rewrite for you"), "no answer that I could use"),
        (content('{"rewrites": [{"text": "Flow'), "no answer that I could use"),
        (good(), "no answer that I could use"),
        (good("word " * 10_000), "no answer that I could use"),
        (good("Flowdesk 3.0 is out with 500 customers. Which part would you try first?"), "kept it back"),
        (good("<!channel> Flowdesk 2.0 is out. Which part would you try first?"), "kept it back"),
    ],
    ids=["bad-key", "hangs", "down", "prose", "half-json", "empty-list", "ten-thousand-words", "lies", "pings"],
)
def test_whatever_the_model_does_people_get_the_rules_rewrite(
    own_slack: SlackStandIn, llm: StandInLLM, llm_bot: BotProcess, answer: Answer, said: str
) -> None:
    llm.answer_with(answer)
    channel = watched(own_slack, "llm-trouble")
    ts = own_slack.post(channel, "ada", MEGAPHONE)
    own_slack.wait_for(
        lambda: own_slack.thread(channel, ts) and "Use this" in words(own_slack.thread(channel, ts)[0]), timeout=30
    )
    message = words(reply(own_slack, channel, ts))
    assert said in message
    assert "3.0" not in message
    assert "<!channel>" not in str(own_slack.thread(channel, ts)[0])


def test_killed_while_the_model_thinks(own_slack: SlackStandIn, llm: StandInLLM, llm_bot: BotProcess) -> None:
    llm.answer_with(Answer(hang=True))
    channel = watched(own_slack, "llm-kill")
    ts = own_slack.post(channel, "ada", MEGAPHONE)
    own_slack.wait_for(lambda: llm.requests)
    llm_bot.kill()
    llm.answer_with(good(GOOD))
    llm_bot.start()
    own_slack.wait_for(lambda: GOOD in words(reply(own_slack, channel, ts)), timeout=20)
    assert len(own_slack.thread(channel, ts)) == 1


def test_switched_off_for_a_channel_no_draft_is_sent(
    own_slack: SlackStandIn, llm: StandInLLM, llm_bot: BotProcess
) -> None:
    llm.answer_with(good(GOOD))
    channel = watched(own_slack, "llm-off")
    own_slack.command("noor", channel, "/humanize", "llm off")
    own_slack.wait_for(lambda: "switched the language model off" in own_slack.messages(channel)[-1]["text"])
    ts = own_slack.post(channel, "ada", MEGAPHONE)
    said = words(reply(own_slack, channel, ts))
    assert "switched off here" in said
    assert llm.requests == []
    own_slack.command("noor", channel, "/humanize", "llm on")
    own_slack.wait_for(lambda: "switched the language model on" in own_slack.messages(channel)[-1]["text"])
    again = own_slack.post(channel, "noor", MEGAPHONE)
    own_slack.wait_for(lambda: own_slack.thread(channel, again) and GOOD in words(own_slack.thread(channel, again)[0]))


def test_switched_off_for_the_workspace(own_slack: SlackStandIn, llm: StandInLLM, tmp_path: Path) -> None:
    bot = BotProcess(own_slack, tmp_path / "data", OPENAI_BASE_URL=llm.base_url, HUMANIZE_LLM="false")
    bot.start()
    channel = watched(own_slack, "llm-none")
    assert "No language model" in own_slack.messages(channel)[-1]["text"]
    reply(own_slack, channel, own_slack.post(channel, "ada", MEGAPHONE))
    assert llm.requests == []
    assert bot.stop() == 0


def test_nothing_is_sent_to_a_model_before_the_channel_was_told(
    own_slack: SlackStandIn, llm: StandInLLM, tmp_path: Path
) -> None:
    llm.answer_with(good(GOOD))
    bot = BotProcess(own_slack, tmp_path / "data")
    bot.start()
    channel = watched(own_slack, "later-llm")
    assert "No language model" in own_slack.messages(channel)[-1]["text"]
    assert bot.stop() == 0
    own_slack.fault("error", "chat.postMessage", code="restricted_action")
    with_model = BotProcess(own_slack, tmp_path / "data", OPENAI_BASE_URL=llm.base_url)
    with_model.start()
    own_slack.wait_for(lambda: "not_told" in with_model.log() or "not told" in with_model.log())
    reply(own_slack, channel, own_slack.post(channel, "ada", MEGAPHONE))
    assert llm.requests == []
    assert with_model.stop() == 0
    with_model.start()
    own_slack.wait_for(lambda: "From now on I send on" in own_slack.messages(channel)[-1]["text"])
    ts = own_slack.post(channel, "noor", MEGAPHONE)
    own_slack.wait_for(lambda: own_slack.thread(channel, ts) and GOOD in words(own_slack.thread(channel, ts)[0]))
    assert with_model.stop() == 0


@pytest.mark.parametrize(
    ("answer", "listed", "said", "logged"),
    [
        (error(401), error(401), "refused our key", "set another OPENAI_API_KEY"),
        (error(404, "The model does not exist"), models("other"), "is not there", "check HUMANIZE_LLM_MODEL"),
        (error(500), error(404), "out of reach", "check OPENAI_BASE_URL"),
    ],
    ids=["wrong-key", "unknown-model", "broken"],
)
def test_it_starts_says_what_is_wrong_once_and_writes_by_the_model_once_that_is_mended(
    own_slack: SlackStandIn, llm: StandInLLM, tmp_path: Path, answer: Answer, listed: Answer, said: str, logged: str
) -> None:
    llm.answer_with(answer)
    llm.list_models(listed)
    env = {"OPENAI_BASE_URL": llm.base_url, "OPENAI_API_KEY": "sk-test", "HUMANIZE_LLM_MAX_RETRIES": "0"}
    bot = BotProcess(own_slack, tmp_path / "data", **env)
    bot.start()
    channel = watched(own_slack, "llm-start")
    for number in range(3):
        ts = own_slack.post(channel, "ada", f"{MEGAPHONE} {number}")
        until_said(own_slack, channel, ts, said)
    assert bot.log().count(logged) == 1
    assert bot.log().count("rewrites by a language model") == 1
    assert "Traceback" not in bot.log()
    llm.answer_with(good(GOOD))
    ts = own_slack.post(channel, "ada", MEGAPHONE)
    own_slack.wait_for(lambda: own_slack.thread(channel, ts) and GOOD in words(own_slack.thread(channel, ts)[0]))
    assert bot.log().count("language model answers again") == 1
    assert bot.stop() == 0


def test_a_server_that_is_down_is_left_alone_and_found_again(own_slack: SlackStandIn, tmp_path: Path) -> None:
    port = free_port()
    env = {
        "OPENAI_BASE_URL": f"http://127.0.0.1:{port}/v1",
        "HUMANIZE_LLM_MAX_RETRIES": "0",
        "HUMANIZE_LLM_PAUSE_S": "0.5",
    }
    bot = BotProcess(own_slack, tmp_path / "data", **env)
    bot.start()
    own_slack.wait_for(lambda: "it can't be reached" in bot.log())  # found out before any draft
    channel = watched(own_slack, "llm-down")
    posts = 0

    def post() -> str:
        nonlocal posts
        posts += 1
        ts = own_slack.post(channel, "ada", f"{MEGAPHONE} {posts}")
        own_slack.wait_for(
            lambda: own_slack.thread(channel, ts) and "Use this" in words(own_slack.thread(channel, ts)[0])
        )
        return words(own_slack.thread(channel, ts)[0])

    while "left alone for a while" not in bot.log():
        assert "out of reach" in post()
        assert posts < 20
    with StandInLLM(port) as back:
        back.answer_with(good(GOOD))
        while GOOD not in post():
            assert posts < 200
    assert bot.log().count("left alone for a while") == 1
    assert bot.log().count("it can't be reached") == 1
    assert bot.log().count("language model answers again") == 1
    assert bot.stop() == 0


def test_without_a_model_it_says_so_once(own_slack: SlackStandIn, tmp_path: Path) -> None:
    bot = BotProcess(own_slack, tmp_path / "data")
    bot.start()
    assert bot.log().count("rewrites by rules alone") == 1
    assert bot.stop() == 0


def test_when_the_days_allowance_is_spent_people_are_told(
    own_slack: SlackStandIn, llm: StandInLLM, tmp_path: Path
) -> None:
    llm.answer_with(good(GOOD))
    bot = BotProcess(own_slack, tmp_path / "data", OPENAI_BASE_URL=llm.base_url, HUMANIZE_LLM_DAILY_TOKENS="100")
    bot.start()
    channel = watched(own_slack, "llm-spent")
    for number in range(2):
        ts = own_slack.post(channel, "ada", f"{MEGAPHONE} {number}")
        until_said(own_slack, channel, ts, "allowance")
    assert llm.requests == []
    assert bot.log().count("allowance for the day is used up") == 1
    assert bot.stop() == 0


def test_another_angle_sees_what_was_shown_and_a_light_edit_is_told(
    own_slack: SlackStandIn, llm: StandInLLM, llm_bot: BotProcess
) -> None:
    other = "Flowdesk 2.0 is out. What would you stop doing by hand tomorrow? #CX"
    llm.answer_with(good(GOOD), good(other))
    channel = watched(own_slack, "llm-another")
    ts = own_slack.post(channel, "ada", MEGAPHONE)
    own_slack.wait_for(lambda: own_slack.thread(channel, ts) and GOOD in words(own_slack.thread(channel, ts)[0]))
    own_slack.post(channel, "ada", "another", thread_ts=ts)
    own_slack.wait_for(lambda: any(other in words(message) for message in own_slack.thread(channel, ts)))
    assert "shown_before" in llm.requests[-1]["messages"][1]["content"]
    before = len(llm.requests)
    own_slack.post(channel, "ada", "light edit please", thread_ts=ts)
    own_slack.wait_for(lambda: len(llm.requests) > before)
    assert "A light edit" in llm.requests[-1]["messages"][0]["content"]


def test_a_voice_that_cannot_be_read_ends_the_start_with_a_clear_word(own_slack: SlackStandIn, tmp_path: Path) -> None:
    bot = BotProcess(own_slack, tmp_path / "data", HUMANIZE_VOICE="nowhere.txt")
    bot.spawn()
    assert bot.process.wait(30) == 2
    assert "HUMANIZE_VOICE: nowhere.txt: No such file" in bot.log()
    assert "Traceback" not in bot.log()


def test_in_its_own_conversation_the_bot_says_where_drafts_go_before_one_goes(
    own_slack: SlackStandIn, llm: StandInLLM, llm_bot: BotProcess
) -> None:
    llm.answer_with(good(GOOD))
    dm = own_slack.workspace.dm("U0ADA").id
    ts = own_slack.post(dm, "ada", MEGAPHONE)
    until_said(own_slack, dm, ts, GOOD)
    told = [m["text"] for m in own_slack.messages(dm) if m.get("bot_id") and not m.get("thread_ts")]
    assert len(told) == 1
    assert llm.base_url.split("/")[2] in told[0]
    own_slack.post(dm, "ada", f"{MEGAPHONE} once more for good measure")
    own_slack.wait_for(lambda: len([m for m in own_slack.messages(dm) if m.get("bot_id")]) == 3)


def test_a_private_channel_waits_for_the_rewrite_and_its_settings_switch_the_model_off(
    own_slack: SlackStandIn, llm: StandInLLM, llm_bot: BotProcess
) -> None:
    llm.answer_with(good(GOOD))
    channel = watched(own_slack, "llm-private")

    def choose(**chosen: str) -> None:
        own_slack.command("ada", channel, "/humanize", "settings")
        own_slack.wait_for(lambda: own_slack.views("ada") and "Who sees" in words(own_slack.views("ada")[-1]))
        assert own_slack.submit_view("ada", chosen) == {}
        own_slack.close_view("ada", clear=True)

    choose(answers="private")
    own_slack.post(channel, "noor", MEGAPHONE)
    told = own_slack.wait_for(lambda: [m for m in own_slack.ephemerals("noor") if m.get("blocks")])
    assert GOOD in words(told[0])
    assert "still working" not in words(told[0])
    choose(answers="private", llm="off")
    own_slack.wait_for(lambda: "language model off here" in own_slack.messages(channel)[-1]["text"])
    asked = len(llm.requests)
    own_slack.post(channel, "ada", f"{MEGAPHONE} with rules alone")
    mine = own_slack.wait_for(lambda: [m for m in own_slack.ephemerals("ada") if m.get("blocks")])
    assert "switched off here" in words(mine[0])
    assert len(llm.requests) == asked
