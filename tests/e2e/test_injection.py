"""Drafts and LLM answers that try to ping, link or mark something up: nothing of it works, on any surface."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.playground.server import SlackStandIn
from tests.e2e.harness import MEGAPHONE, BotProcess, reply, watched, words
from tests.standin_llm import StandInLLM, good

# As Slack delivers it: pings that work, and the same typed out, which Slack escapes.
EVIL = (
    "draft: 🚀 BIG NEWS <!channel> <!here> <!everyone> <@U0NOOR> <!subteam^S0TEAM> <#C0SECRET|plans> "
    "<https://evil.example/x|https://bank.example> &lt;!channel&gt; &lt;@U0NOOR&gt; "
    "&lt;https://evil.example|bank&gt; *bold* ~gone~ `code` ```block``` &gt; quote\n"
    "We are thrilled to announce Flowdesk 2.0! Sign up NOW #SaaS #AI #CX <!date^1^{date}^https://evil.example|now>"
)
MILD = f"{MEGAPHONE} with &lt;!here&gt; <@U0NOOR> &lt;https://evil.example|bank&gt;"
ANSWERS = (
    "Flowdesk 2.0 is out <!channel>. Which part of your day would you hand over first? #CX",
    "Flowdesk 2.0 is out. Which part of your day would you hand over first? <https://evil.example|#CX>",
    "Flowdesk 2.0 is out. Which part of your day would you hand over first? https://evil.example #CX",
    "Flowdesk 2.0 is out, <@U0NOOR>. Which part of your day would you hand over first? #CX",
)
LIVE = re.compile(r"<[!@#][^>]*>|<[a-z]+:[^>]*>", re.I)
OURS = re.compile(r"<@U0ADA>|<#C0{4,}[0-9]+>")
"""Notices name who asked for them, the Home tab the channels that are read."""


@pytest.fixture(params=["rules", "llm"])
def bot(own_slack: SlackStandIn, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[BotProcess]:
    with StandInLLM() as llm:
        llm.answer_with(*(good(answer) for answer in ANSWERS))
        settings = {"OPENAI_BASE_URL": llm.base_url, "OPENAI_API_KEY": "k"} if request.param == "llm" else {}
        bot = BotProcess(own_slack, tmp_path / "data", "http", **settings)
        bot.start()
        yield bot
        bot.stop()


def live(node: Any) -> list[str]:
    """Everything in what was sent to Slack that Slack would expand: mrkdwn texts, links, users, broadcasts."""
    if isinstance(node, list):
        return [found for one in node for found in live(one)]
    if not isinstance(node, dict):
        return []
    found = [value for key, value in node.items() if key == "url"]
    if node.get("type") in ("link", "user", "usergroup", "broadcast", "channel", "date"):
        found.append(json.dumps(node))
    if node.get("type") == "mrkdwn" or (isinstance(node.get("text"), str) and "type" not in node):  # or the message
        found += LIVE.findall(OURS.sub("", node["text"]))
    return found + [one for value in node.values() if isinstance(value, dict | list) for one in live(value)]


def test_nothing_of_a_draft_comes_alive(own_slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(own_slack, "injection")
    ts = own_slack.post_raw(channel, "ada", EVIL)
    message = reply(own_slack, channel, ts)
    own_slack.wait_for(lambda: "still working" not in words(own_slack.thread(channel, ts)[0]))
    _press_all(own_slack, channel, message["ts"])
    mild = own_slack.post_raw(channel, "ada", MILD)
    message = reply(own_slack, channel, mild)
    own_slack.wait_for(lambda: "still working" not in words(own_slack.thread(channel, mild)[0]))
    _press_all(own_slack, channel, message["ts"])
    own_slack.post_raw(channel, "ada", "keep &lt;!here&gt; and <!here>, shorter", thread_ts=mild)
    own_slack.wait_delivered()
    before = len(own_slack.ephemerals("ada"))
    own_slack.command("ada", channel, "/humanize", EVIL)
    own_slack.wait_for(lambda: len(own_slack.ephemerals("ada")) >= before + 2)
    for text in ("mute <!channel>", "<!channel>", "rules *x*", "digest on <!here> 9:00", "last", "status", "privacy"):
        said = len(own_slack.ephemerals("ada"))
        own_slack.command("ada", channel, "/humanize", text)
        own_slack.wait_for(lambda said=said: len(own_slack.ephemerals("ada")) > said)  # type: ignore[misc]  # bound now
    own_slack.open_home("ada")
    own_slack.wait_for(lambda: own_slack.home("ada"))
    marker = own_slack.post(channel, "noor", "draft: BIG NEWS! We are thrilled to announce a marker! #a #b #c #d")
    reply(own_slack, channel, marker)
    sent = [call for call in own_slack.calls() if call.method.startswith(("chat.", "views.", "response_url"))]
    assert len(sent) > 8
    assert [(call.method, one) for call in sent for one in live(_decoded(call.args))] == []
    posts = [call.args for call in sent if call.method == "chat.postMessage"]
    assert all(str(post.get("unfurl_links")).lower() == "false" for post in posts)


def _press_all(slack: SlackStandIn, channel: str, ts: str) -> None:
    """Every button that the reply has."""
    message = slack.message(channel, ts) or {}
    for action in ("another_angle", "use_this", "its_fine"):
        if f'"{action}"' in json.dumps(message):
            slack.press("ada", channel, ts, action)
    slack.wait_delivered()


def _decoded(args: dict[str, Any]) -> dict[str, Any]:
    """Blocks and views may travel as JSON within a form."""
    packed = ("blocks", "view")
    return {key: json.loads(v) if key in packed and isinstance(v, str) else v for key, v in args.items()}
