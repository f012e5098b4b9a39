"""The form, the shortcuts, the settings and the small subcommands, on the real bot."""

from typing import Any

import pytest

from bot.playground.server import SlackStandIn
from tests.e2e.harness import MEGAPHONE, BotProcess, reply, watched, words
from tests.e2e.test_commands import ask


def modal(slack: SlackStandIn, user: str, said: str) -> dict[str, Any]:
    """The top modal of a person once it holds these words."""

    def shown() -> dict[str, Any] | None:
        views = slack.views(user)
        return views[-1] if views and said in words(views[-1]) else None

    found = slack.wait_for(shown)
    assert found is not None
    return found


def test_without_a_text_there_is_a_form_and_its_answer_takes_its_place(slack: SlackStandIn, bot: BotProcess) -> None:
    slack.command("tomas", "C0GENERAL", "/humanize")
    modal(slack, "tomas", "Your draft")
    draft = f"{MEGAPHONE} #keepme"
    filled = {"draft": draft, "network": "linkedin", "audience": "support leads", "hope": "a story", "keep": "#keepme"}
    assert slack.submit_view("tomas", filled) == {}
    shown = modal(slack, "tomas", "shouted across the street")
    rewrite = next(block for block in shown["blocks"] if block["block_id"] == "rewrite-0")
    assert "#keepme" in words({"blocks": [rewrite]})
    assert [message for message in slack.messages("general") if message.get("bot_id")] == []


def test_what_is_typed_into_the_form_stays_as_typed(slack: SlackStandIn, bot: BotProcess) -> None:
    slack.command("tomas", "C0GENERAL", "/humanize")
    modal(slack, "tomas", "Your draft")
    slack.submit_view("tomas", {"draft": f"{MEGAPHONE} <!channel> R&D &amp; more", "keep": "R&D &amp; more"})
    shown = modal(slack, "tomas", "shouted across the street")
    assert "<!channel>" not in str([block for block in shown["blocks"] if block["type"] == "section"])
    assert "R&D &amp; more" in _rewrite(shown)
    slack.close_view("tomas", clear=True)


def test_the_form_says_by_field_what_is_to_be_mended(slack: SlackStandIn, bot: BotProcess) -> None:
    slack.command("tomas", "C0GENERAL", "/humanize")
    modal(slack, "tomas", "Your draft")
    errors = slack.submit_view("tomas", {"draft": "\u200b", "keep": "Acme"})
    assert set(errors) == {"draft", "keep"}
    assert "nothing to read" in errors["draft"]
    assert "Acme" in errors["keep"]
    slack.close_view("tomas", clear=True)


def test_another_angle_in_a_modal_takes_its_place(slack: SlackStandIn, bot: BotProcess) -> None:
    slack.command("tomas", "C0GENERAL", "/humanize")
    modal(slack, "tomas", "Your draft")
    slack.submit_view("tomas", {"draft": MEGAPHONE})
    first = modal(slack, "tomas", "shouted across")
    slack.press_in_view("tomas", first["id"], "another_angle")

    def changed() -> bool:
        view = slack.views("tomas")[-1]
        return "shouted across" in words(view) and _rewrite(view) != _rewrite(first)

    slack.wait_for(changed)
    slack.press_in_view("tomas", first["id"], "use_this")
    assert len(slack.wait_for(lambda: slack.views("tomas")[1:] and slack.views("tomas"))) == 2
    slack.close_view("tomas", clear=True)


def test_humanize_this_on_a_message(slack: SlackStandIn, bot: BotProcess) -> None:
    ts = slack.post("general", "noor", MEGAPHONE)
    slack.message_shortcut("mei", "general", ts, "humanize_this")
    modal(slack, "mei", "shouted across the street")
    assert slack.thread("general", ts) == []
    slack.close_view("mei")


def test_humanize_this_on_a_message_without_words(slack: SlackStandIn, bot: BotProcess) -> None:
    ts = slack.share_file("general", "noor", "team.png", "not text")
    slack.message_shortcut("mei", "general", ts, "humanize_this")
    modal(slack, "mei", "only read text files")
    slack.close_view("mei")


def test_a_modal_that_was_closed_leaves_its_answer_for_last(slack: SlackStandIn, bot: BotProcess) -> None:
    ts = slack.post("general", "noor", f"{MEGAPHONE} for the closed modal")
    slack.fault("rate_limit", "views.update", times=1, seconds=1)
    slack.message_shortcut("noor", "general", ts, "humanize_this")
    modal(slack, "noor", "Reading your draft")
    tried = len(slack.calls("views.update"))
    slack.close_view("noor")
    slack.wait_for(lambda: len(slack.calls("views.update")) > tried)  # it comes, and finds nobody
    assert "shouted across" in ask(slack, "noor", "C0GENERAL", "last")
    assert slack.views("noor") == []


def test_the_shortcut_from_anywhere_opens_the_form(slack: SlackStandIn, bot: BotProcess) -> None:
    slack.global_shortcut("ada", "humanize_new")
    modal(slack, "ada", "Your draft")
    slack.submit_view("ada", {"draft": MEGAPHONE})
    modal(slack, "ada", "shouted across the street")
    slack.close_view("ada")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("status", "not reading along"),
        ("privacy", "Sent on"),
        ("rules", "Megaphone.Hashtags"),
        ("setings", "Did you mean `/humanize settings`?"),
        ("mute Megaphone.Hashtag", "Only members"),
    ],
)
def test_small_subcommands(slack: SlackStandIn, bot: BotProcess, text: str, said: str) -> None:
    channel = slack.workspace.add_channel(f"small-{text[:4]}", ["U0NOOR", "U0HUMANIZE"]).id
    assert said in ask(slack, "ada", channel, text)


def test_last_without_anything(slack: SlackStandIn, bot: BotProcess) -> None:
    slack.workspace.users["U0ADA"].name = "ada"
    channel = slack.workspace.add_channel("last-none", ["U0MEI", "U0HUMANIZE"]).id
    before = len(slack.ephemerals("mei"))
    slack.command("mei", channel, "/humanize", "last")
    assert slack.wait_for(lambda: slack.ephemerals("mei")[before:])


def test_a_private_answer_changes_its_angle_in_place(slack: SlackStandIn, bot: BotProcess) -> None:
    before = len(slack.ephemerals("noor"))
    slack.command("noor", "C0GENERAL", "/humanize", MEGAPHONE)
    told = slack.wait_for(lambda: [m for m in slack.ephemerals("noor")[before:] if m.get("blocks")])[0]
    slack.press("noor", "C0GENERAL", told["ts"], "another_angle")

    def now() -> str:
        return next(_rewrite(m) for m in slack.ephemerals("noor") if m["ts"] == told["ts"])

    slack.wait_for(lambda: now() not in ("", _rewrite(told)))
    assert len(slack.ephemerals("noor")) == before + 2


def test_a_muted_rule_is_silent_here_until_it_is_brought_back(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "muting")
    text = "Our notes on calmer planning are out, have a look if you like #plan #week #team #notes"
    before = words(reply(slack, channel, slack.post(channel, "ada", f"draft: {text}")))
    assert "#plan" in before
    assert "Did you mean `Megaphone.Hashtags`" in ask(slack, "ada", channel, "mute Megaphone.Hashtag")
    assert "is silent here" in ask(slack, "ada", channel, "mute megaphone.hashtags")
    assert "silent here already" in ask(slack, "ada", channel, "mute Megaphone.Hashtags")
    assert "`Megaphone.Hashtags`" in ask(slack, "ada", channel, "status")
    asked = len(slack.ephemerals("ada"))
    slack.command("ada", channel, "/humanize", f"{text} once more")
    slack.wait_for(lambda: len(slack.ephemerals("ada")) >= asked + 2)
    # The answer may be there before the words of the ack.
    answer = next(message for message in slack.ephemerals("ada")[asked:] if message.get("blocks"))
    assert "#plan" not in _flags(answer)
    assert "may speak again" in ask(slack, "ada", channel, "unmute Megaphone.Hashtags")


def test_settings_are_kept_and_told(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "choosing")
    slack.command("noor", channel, "/humanize", "settings")
    modal(slack, "noor", "Who sees my answers")
    chosen = {"answers": "private", "network": "x", "strictness": "gentle", "keep": "Flowdesk 2.0, #SaaS"}
    assert slack.submit_view("noor", {**chosen, "rules_off": ["Megaphone.Hashtags"]}) == {}
    modal(slack, "noor", "Saved")
    slack.wait_for(lambda: "only the author" in slack.messages(channel)[-1]["text"])
    said = ask(slack, "noor", channel, "status")
    for part in ("Only the author", "meant for: X", "speak up only where", "`Megaphone.Hashtags`", "in rewrites: 2"):
        assert part in said
    slack.close_view("noor", clear=True)


def test_settings_are_for_members(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "not-mine")
    slack.command("mei", channel, "/humanize", "settings")
    modal(slack, "mei", "Only members of a channel")
    slack.close_view("mei")


def test_settings_belong_to_channels(slack: SlackStandIn, bot: BotProcess) -> None:
    dm = slack.workspace.dm("U0ADA").id
    assert "belong to a channel" in ask(slack, "ada", dm, "settings")


def _rewrite(message: dict[str, Any]) -> str:
    blocks = [block for block in message.get("blocks", []) if block.get("block_id") == "rewrite-0"]
    return words({"blocks": blocks})


def _flags(message: dict[str, Any]) -> str:
    return words({"blocks": [block for block in message["blocks"] if "accessory" in block]})


def test_humanize_this_reads_a_snippet(slack: SlackStandIn, bot: BotProcess) -> None:
    ts = slack.share_file("general", "noor", "post.md", MEGAPHONE)
    slack.message_shortcut("mei", "general", ts, "humanize_this")
    modal(slack, "mei", "shouted across the street")
    slack.close_view("mei")


def test_a_gentle_channel_hears_of_templates_and_megaphones_only(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "gentle")
    _choose(slack, channel, strictness="gentle")
    mixed = "draft: We are excited to announce our notes on calmer planning. Which part would you try first?"
    loud = slack.post(channel, "ada", MEGAPHONE)
    quiet = slack.post(channel, "ada", mixed)
    findings = [b for b in reply(slack, channel, loud)["blocks"] if "accessory" in b]
    assert len(findings) == 1
    slack.post(channel, "ada", f"{MEGAPHONE} after it")
    slack.wait_for(lambda: [m for m in slack.messages(channel) if m.get("bot_id") and m.get("thread_ts", "") > quiet])
    assert slack.thread(channel, quiet) == []
    assert slack.reactions(channel, quiet) == {}


def test_a_strict_channel_hears_of_small_things(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "strict")
    _choose(slack, channel, strictness="strict")
    small = "draft: I rebuilt the import with Noor after 40 of you wrote to me. Thanks, Sam, for the three test files."
    assert "It asks nothing yet" in words(reply(slack, channel, slack.post(channel, "ada", small)))


def test_words_to_keep_stay_in_rewrites(slack: SlackStandIn, bot: BotProcess) -> None:
    channel = watched(slack, "keeping")
    _choose(slack, channel, keep="#AI")
    assert "#AI" in _rewrite(reply(slack, channel, slack.post(channel, "ada", MEGAPHONE)))


def _choose(slack: SlackStandIn, channel: str, **chosen: Any) -> None:
    slack.command("noor", channel, "/humanize", "settings")
    modal(slack, "noor", "Who sees my answers")
    assert slack.submit_view("noor", chosen) == {}
    slack.close_view("noor", clear=True)
