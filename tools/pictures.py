"""Takes the pictures in docs/img from the running playground: ``.venv/bin/python -m tools.pictures``."""

import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Locator, Page, ViewportSize, expect, sync_playwright

from tools.chromium import FLAGS, find

FOLDER = Path(__file__).parents[1] / "docs" / "img"
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
DRAFT = "🚀 BIG NEWS! We are thrilled to announce Flowdesk 2.0! Sign up NOW flowdesk.example #SaaS #AI #CX"

CALENDAR = (
    "Date,Channel,Post\n"
    '1 Dec,LinkedIn,"Ten of you asked for a calmer import, so I moved it to Tuesday. Which day suits you better?"\n'
    f"2 Dec,X,{DRAFT}\n"
    "3 Dec,LinkedIn,We are excited to announce our seamless planner. Unlock your potential today and sign up now.\n"
    "4 Dec,Instagram,Thanks to Noor for the three test files that broke our import. What breaks it for you?\n"
)


def main() -> None:
    """Start the playground, act as Ada would, take the pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "bot", "playground", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process, sync_playwright() as play:
        line = process.stdout.readline() if process.stdout else ""
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        if found is None:
            raise SystemExit("the playground did not start")
        browser = play.chromium.launch(executable_path=find(), args=["--headless", *FLAGS])
        page = browser.new_page(viewport=DESKTOP, device_scale_factor=1.5)
        page.goto(found[0])
        _desktop(page)
        _surfaces(page)
        phone = browser.new_page(viewport=PHONE, device_scale_factor=1.5, color_scheme="dark")
        phone.goto(found[0])
        _phone(phone)
        browser.close()
        process.terminate()


def _desktop(page: Page) -> None:
    page.get_by_label("Message #drafts").fill(DRAFT)
    page.keyboard.press("Enter")
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread.get_by_role("button", name="Use this")).to_be_visible()
    page.mouse.move(640, 2)
    page.screenshot(path=FOLDER / "playground.png")
    thread.get_by_role("button", name="Use this").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.screenshot(path=FOLDER / "use-this.png")
    page.keyboard.press("Escape")
    page.get_by_label("Message #drafts").fill(
        "/humanize Thanks for following! Grab our ebook: https://acme.example/ebook"
    )
    page.keyboard.press("Enter")
    expect(page.locator("#main .only-you").last).to_contain_text("auto-DM")
    page.screenshot(path=FOLDER / "private.png")


def _surfaces(page: Page) -> None:
    """The form, a shortcut's answer, settings, Home, the bot's own conversation, a private channel."""
    dialog = page.get_by_role("dialog")
    _say(page, "/humanize")
    dialog.get_by_label("Your draft").fill(DRAFT)
    dialog.get_by_label("Who is it for?").fill("Support leads who still sort tickets by hand")
    dialog.get_by_label("What do you hope to hear back?").fill("Which task they would hand over first")
    _shot(page, dialog, "form.png")
    page.keyboard.press("Escape")
    message = page.locator("#main .message").filter(has_text="BIG NEWS").first
    message.hover()
    message.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Humanize this").click()
    expect(dialog.get_by_role("button", name="Use this")).to_be_visible()
    _shot(page, dialog, "shortcut.png")
    page.keyboard.press("Escape")
    _say(page, "/humanize settings")
    expect(dialog.get_by_role("button", name="Save")).to_be_visible()
    _shot(page, dialog, "settings.png")
    page.keyboard.press("Escape")
    _say(page, "draft: I rebuilt the import after 40 of you wrote to me. Which file still breaks it for you?")
    expect(page.locator("#main .only-you").last).to_contain_text("Who listens")
    page.locator("#main .only-you").last.scroll_into_view_if_needed()
    page.mouse.move(640, 2)
    page.screenshot(path=FOLDER / "who-listens.png")
    _calendar(page)
    page.get_by_role("link", name="humanize", exact=True).click()
    expect(page.locator(".home-page")).to_contain_text("Your last")
    page.screenshot(path=FOLDER / "home.png")
    page.get_by_role("link", name="Messages", exact=True).click()
    page.get_by_role("button", name="A message to a follower").click()
    page.keyboard.press("Enter")
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread).to_contain_text("auto-DM")
    page.screenshot(path=FOLDER / "messages.png")


def _calendar(page: Page) -> None:
    """A calendar shared in the channel, its summary and the file with notes in the thread."""
    page.locator("#main input[type=file]").set_input_files(
        {"name": "december.csv", "mimeType": "text/csv", "buffer": CALENDAR.encode()}
    )
    share = page.locator("#main .message").filter(has_text="december.csv").last
    share.get_by_role("button", name=re.compile("repl")).click()
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread.locator(".file-card").last).to_contain_text("december-notes.csv")
    page.mouse.move(640, 2)
    page.screenshot(path=FOLDER / "calendar.png")
    thread.get_by_role("button", name="Close").click()


def _shot(page: Page, dialog: Locator, name: str) -> None:
    expect(dialog).to_be_visible()
    page.screenshot(path=FOLDER / name)


def _say(page: Page, text: str) -> None:
    page.get_by_label("Message #drafts").fill(text)
    page.keyboard.press("Enter")


def _phone(page: Page) -> None:
    expect(page.locator("#main .message").last).to_be_visible()
    page.screenshot(path=FOLDER / "phone-channel.png")
    page.locator("#main").get_by_role("button", name=re.compile("repl")).last.click()
    expect(page.get_by_role("complementary", name="Thread").get_by_role("button", name="Use this")).to_be_visible()
    page.screenshot(path=FOLDER / "phone-thread.png")


if __name__ == "__main__":
    main()
