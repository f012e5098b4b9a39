"""The page in a real browser, with the echo app behind it."""

import re
from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.playground.features import Features
from bot.playground.samples import SAMPLES
from bot.playground.server import SlackStandIn
from handlers.socket import close
from tests.browser import chromium, opened
from tests.playground.echo import echo_app, over_http

MANIFEST = {
    "display_information": {"name": "Echo"},
    "features": {
        "slash_commands": [{"command": "/humanize", "description": "Look at a draft", "usage_hint": "[draft]"}],
        "shortcuts": [
            {"name": "Check this draft", "type": "message", "callback_id": "check", "description": "A message"},
            {"name": "Check a draft", "type": "global", "callback_id": "check", "description": "Any text"},
        ],
    },
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(params=["http", "socket"])
def slack(request: pytest.FixtureRequest) -> Iterator[SlackStandIn]:
    with SlackStandIn(features=Features.from_manifest(MANIFEST, SAMPLES)) as running:
        app = echo_app(running)
        if request.param == "http":
            with over_http(app) as url:
                running.use_http(url)
                yield running
            return
        yield from connected(running, app)


def connected(slack: SlackStandIn, app: App) -> Iterator[SlackStandIn]:
    handler = SocketModeHandler(app, slack.app_token, web_client=WebClient(slack.app_token, base_url=slack.api_url))
    handler.connect()
    slack.wait_for(lambda: slack.sockets.connections)
    yield slack
    handler.client.auto_reconnect_enabled = handler.client.default_auto_reconnect_enabled = False
    slack.cut_sockets()
    slack.wait_for(lambda: not slack.sockets.connections)
    close(handler.client)


@pytest.fixture
def page(browser: Browser, slack: SlackStandIn) -> Iterator[Page]:
    with opened(browser, slack.url) as page:
        yield page


def write(page: Page, words: str) -> None:
    page.get_by_label("Message #drafts").fill(words)
    page.keyboard.press("Enter")


def test_a_message_and_its_reply_in_the_thread(page: Page):
    write(page, "Hello *there* <b>bold?</b> https://example.com/a?b=1&c=2 🎉")
    message = page.locator("#main .message")
    expect(message).to_have_count(1)
    expect(message).to_contain_text("<b>bold?</b>")
    expect(message.locator("strong", has_text="there")).to_be_visible()
    expect(message.locator("a")).to_have_attribute("href", "https://example.com/a?b=1&c=2")
    expect(message.get_by_role("button", name="1 reply")).to_be_visible()
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread).to_contain_text("You said:")
    page.get_by_label("Reply…").fill("thanks")
    page.keyboard.press("Enter")
    expect(thread).to_contain_text("2 replies")


def test_what_looks_like_markup_stays_text(page: Page, slack: SlackStandIn):
    slack.post_raw("drafts", "noor", "<img src=x onerror=alert(1)> <javascript:alert(1)|press> :nope: `<b>`")
    message = page.locator("#main .message").first
    expect(message).to_contain_text("press")
    assert message.locator(".text").locator("img, a, script, b").count() == 0


def test_a_button_replaces_the_reply(page: Page):
    write(page, "hi")
    thread = page.get_by_role("complementary", name="Thread")
    thread.get_by_role("button", name="Replace").click()
    expect(thread).to_contain_text("replaced")
    expect(thread).to_contain_text("(edited)")


def test_a_select_is_answered_privately(page: Page):
    write(page, "hi")
    thread = page.get_by_role("complementary", name="Thread")
    thread.get_by_label("Where").select_option("email")
    expect(thread.locator(".only-you")).to_contain_text("network email")


def test_a_modal_with_errors_update_and_push(page: Page):
    write(page, "hi")
    page.get_by_role("complementary", name="Thread").get_by_role("button", name="Form").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Ask")).to_be_visible()
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("alert")).to_have_text("Please complete this required field.")
    dialog.get_by_label("Your words").fill("bad")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("alert")).to_have_text("Please say something else.")
    expect(dialog.get_by_label("Your words")).to_have_value("bad")
    dialog.get_by_label("Your words").fill("more")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("heading", name="More")).to_be_visible()
    dialog.get_by_label("Your words").fill("deeper")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("heading", name="Deeper")).to_be_visible()
    dialog.get_by_role("button", name="Back").click()
    expect(dialog.get_by_role("heading", name="More")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_a_slash_command_is_completed_and_answered_privately(page: Page, slack: SlackStandIn):
    box = page.get_by_label("Message #drafts")
    box.press_sequentially("/hu")
    expect(page.get_by_role("option", name="/humanize")).to_be_visible()
    page.keyboard.press("Tab")
    expect(box).to_have_value("/humanize ")
    page.keyboard.type("ack")
    page.keyboard.press("Enter")
    private = page.locator(".only-you")
    expect(private).to_contain_text("Only visible to you")
    expect(private).to_contain_text("in the ack")
    page.get_by_role("radio", name="Noor").click()
    expect(private).to_have_count(0)


def test_an_unknown_command_is_kept_and_told(page: Page):
    write(page, "/nothing at all")
    expect(page.get_by_role("status")).to_contain_text("/nothing is not a command here.")
    expect(page.get_by_label("Message #drafts")).to_have_value("/nothing at all")


def test_edit_and_delete_ones_own_message(page: Page, slack: SlackStandIn):
    write(page, "frist & <second>")
    message = page.locator("#main .message").first
    expect(message.get_by_role("button", name="1 reply")).to_be_visible()
    message.hover()
    message.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Edit message").click()
    expect(page.get_by_label("Edit message")).to_have_value("frist & <second>")
    page.get_by_label("Edit message").fill("first")
    page.keyboard.press("Enter")
    expect(message).to_contain_text("first (edited)")
    message.hover()
    message.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Delete message").click()
    expect(message).to_contain_text("This message was deleted.")


def test_other_peoples_messages_cannot_be_edited(page: Page, slack: SlackStandIn):
    slack.post("drafts", "noor", "mine")
    message = page.locator("#main .message").first
    message.hover()
    message.get_by_role("button", name="More actions").click()
    expect(page.get_by_role("menuitem", name="Copy text")).to_be_visible()
    expect(page.get_by_role("menuitem", name="Edit message")).to_have_count(0)


def test_reactions(page: Page, slack: SlackStandIn):
    ts = slack.post("drafts", "noor", "look")
    message = page.locator("#main .message").first
    message.hover()
    message.get_by_role("button", name="Add a reaction").click()
    page.get_by_role("menuitem", name="tada").click()
    reaction = message.get_by_role("button", name="tada, 1")
    expect(reaction).to_have_attribute("aria-pressed", "true")
    reaction.click()
    expect(reaction).to_have_count(0)
    assert slack.reactions("drafts", ts) == {}


def test_shortcuts(page: Page, slack: SlackStandIn):
    slack.post("drafts", "noor", "look at this")
    message = page.locator("#main .message").first
    message.hover()
    message.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Check this draft").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert slack.views("ada")[0]["private_metadata"] == "look at this"
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Shortcuts").click()
    page.get_by_role("option", name="Check a draft").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def test_the_home_tab(page: Page):
    page.get_by_role("link", name="Echo").click()
    expect(page.get_by_text("Hello")).to_be_visible()
    page.get_by_role("button", name="Again").click()
    expect(page.get_by_text("Once more")).to_be_visible()


def test_a_sample_and_a_file(page: Page, slack: SlackStandIn):
    page.get_by_role("button", name="Megaphone").click()
    expect(page.get_by_label("Message #drafts")).to_have_value(re.compile("HUGE NEWS"))
    page.keyboard.press("Enter")
    expect(page.locator("#main .message").first).to_contain_text("HUGE NEWS")
    draft = {"name": "draft.txt", "mimeType": "text/plain", "buffer": b"words"}
    page.get_by_label("Share a text file").first.set_input_files(draft)
    expect(page.locator(".file-card")).to_contain_text("draft.txt")


def test_the_app_can_be_brought_into_a_channel(page: Page, slack: SlackStandIn):
    page.get_by_role("link", name="general").click()
    page.get_by_role("button", name="Add Echo").click()
    expect(page.get_by_role("button", name="Add Echo")).to_have_count(0)
    assert "U0HUMANIZE" in slack.workspace.channel("C0GENERAL").members


def test_raw_payloads_of_both_directions(page: Page):
    write(page, "hi")
    page.get_by_role("button", name="Raw payloads").click()
    panel = page.get_by_role("complementary", name="Raw payloads")
    expect(panel.locator(".entry", has_text="chat.postMessage")).to_have_count(1)
    event = panel.locator(".entry", has_text="to the app").last
    event.locator("summary").click()
    expect(event).to_contain_text('"type": "event_callback"')


def test_on_a_phone_one_thing_at_a_time(browser: Browser, slack: SlackStandIn):
    ts = slack.post("drafts", "ada", "hi")
    slack.wait_for(lambda: slack.thread("drafts", ts))
    context = browser.new_context(viewport={"width": 390, "height": 780}, is_mobile=True, has_touch=True)
    page = context.new_page()
    page.goto(slack.url)
    page.get_by_role("button", name="1 reply").tap()
    expect(page.get_by_label("Reply…")).to_be_visible()
    expect(page.get_by_label("Message #drafts")).to_be_hidden()
    page.get_by_role("button", name="Close the thread").tap()
    page.get_by_role("button", name="Channels").tap()
    expect(page.get_by_role("radio", name="Mei")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    context.close()


def test_the_page_s_files_are_guarded(slack: SlackStandIn):
    with httpx2.Client(base_url=slack.url, trust_env=False) as http:
        index = http.get("/")
        assert "script-src 'self'" in index.headers["content-security-policy"]
        assert http.get("/", headers={"Host": "evil.example"}).status_code == 403
        assert http.get("/_static/..%2fpage.py").status_code == 404
        assert http.get("/_page/emoji.json").json()["tada"] == "🎉"


def test_the_newest_message_is_in_view_and_its_thread_opens(page: Page, slack: SlackStandIn):
    for number in range(12):
        slack.post("general", "noor", f"filler {number}\nwith\nsome\nlines")
        slack.post("drafts", "noor", f"filler {number}\nwith\nsome\nlines")
    expect(page.locator("#main .message")).to_have_count(12)
    for words in ("my first", "my second"):
        write(page, words)
        expect(page.get_by_role("complementary", name="Thread")).to_contain_text(f"You said: {words}")
        expect(page.locator("#main .message", has_text=words)).to_be_in_viewport(ratio=0.9)


def test_an_open_thread_in_which_one_writes_is_left_alone(page: Page):
    write(page, "one")
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread).to_contain_text("You said: one")
    page.get_by_label("Reply…").fill("half a th")
    write(page, "two")
    expect(page.locator("#main .message", has_text="two").get_by_role("button", name="1 reply")).to_be_visible()
    expect(thread).to_contain_text("You said: one")
    expect(page.get_by_label("Reply…")).to_have_value("half a th")


def test_a_menu_and_an_editor_outlive_a_new_reply(page: Page, slack: SlackStandIn):
    slack.hold()
    write(page, "my words")
    message = page.locator("#main .message").first
    message.hover()
    message.get_by_role("button", name="More actions").click()
    slack.post("drafts", "noor", "a reply", slack.messages("drafts")[0]["ts"])
    expect(message.get_by_role("button", name="1 reply")).to_be_visible()
    page.get_by_role("menuitem", name="Edit message").click()
    page.get_by_label("Edit message").fill("better")
    slack.post("drafts", "noor", "one more", slack.messages("drafts")[0]["ts"])
    slack.post("drafts", "noor", "a sign that the page is up to date")
    expect(page.locator("#main .message")).to_have_count(2)
    expect(page.get_by_label("Edit message")).to_have_value("better")
    page.get_by_label("Edit message").press("Enter")
    expect(message).to_contain_text("better (edited)")
    expect(message.get_by_role("button", name="2 replies")).to_be_visible()
