"""Each surface as somebody sees it, in a browser: form, shortcuts, settings, Home, the bot's own conversation."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.harness import MEGAPHONE
from tests.e2e.test_browser import browser, page, paste, url

__all__ = ["browser", "page", "url"]


def say(page: Page, text: str, place: str = "#drafts") -> None:
    """Write a message."""
    page.get_by_label(f"Message {place}").fill(text)
    page.keyboard.press("Enter")


@pytest.fixture
def dialog(page: Page) -> Iterator[Locator]:
    yield page.get_by_role("dialog")
    page.keyboard.press("Escape")


def test_the_form_is_answered_in_its_place(page: Page, dialog: Locator) -> None:
    say(page, "/humanize")
    dialog.get_by_label("Your draft").fill(MEGAPHONE)
    dialog.get_by_label("Who is it for?").fill("support leads I know")
    dialog.get_by_label("Words to keep").fill("Acme")
    dialog.get_by_role("button", name="Read it").click()
    expect(dialog).to_contain_text("I can't find Acme in your draft")
    dialog.get_by_label("Words to keep").fill("#SaaS")
    dialog.get_by_role("button", name="Read it").click()
    expect(dialog).to_contain_text("shouted across the street")
    before = dialog.locator("blockquote").inner_text()
    dialog.get_by_role("button", name="Another angle").click()
    expect(dialog.locator("blockquote")).not_to_have_text(before)


def test_both_shortcuts(page: Page, dialog: Locator) -> None:
    paste(page, f"{MEGAPHONE} for the shortcut")
    message = page.locator("#main .message").last
    message.hover()
    message.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Humanize this").click()
    expect(dialog).to_contain_text("shouted across the street")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Shortcuts").first.click()
    page.get_by_role("option", name=re.compile("Humanize a draft")).click()
    expect(dialog).to_contain_text("What do you hope to hear back?")


def test_settings_make_a_channel_private(page: Page, dialog: Locator) -> None:
    page.get_by_role("link", name="shared-drafts").click()
    say(page, "/humanize watch", "#shared-drafts")
    expect(page.locator("#main .only-you").last).to_contain_text("reading along now")
    say(page, "/humanize settings", "#shared-drafts")
    dialog.get_by_label("Only its author").check()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_contain_text("Saved")
    page.keyboard.press("Escape")
    expect(page.locator("#main")).to_contain_text("only the author of a draft sees what I say")
    say(page, f"{MEGAPHONE} in private", "#shared-drafts")
    answer = page.locator("#main .only-you").last
    expect(answer).to_contain_text("shouted across the street")
    before = answer.locator("blockquote").inner_text()
    answer.get_by_role("button", name="Another angle").click()
    expect(answer.locator("blockquote")).not_to_have_text(before)


def test_who_listens(page: Page) -> None:
    say(page, "draft: I rebuilt the import after 40 of you wrote to me. Which file still breaks it for you?")
    line = page.locator("#main .only-you").last
    expect(line).to_contain_text("Who listens for replies")
    line.get_by_role("combobox", name="Who listens").select_option("Noor")
    expect(page.locator("#main .only-you").last).to_contain_text("weekly totals")


def test_home_shows_what_is_mine(page: Page, dialog: Locator) -> None:
    paste(page, f"{MEGAPHONE} for Home")
    page.get_by_role("link", name="humanize", exact=True).click()
    tab = page.locator(".home-page")
    expect(tab).to_contain_text("Only you see this")
    expect(tab).to_contain_text("shouted across the street")
    tab.get_by_role("button", name="Settings").first.click()
    expect(dialog).to_contain_text("Who sees my answers")


def test_its_own_conversation(page: Page) -> None:
    page.get_by_role("link", name="Messages", exact=True).click()
    page.get_by_role("button", name="A launch that shouts").click()
    page.keyboard.press("Enter")
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread).to_contain_text("shouted across the street")
    expect(thread.get_by_role("button", name="Another angle")).to_be_visible()


def test_a_calendar_comes_back_as_a_file_to_download(page: Page) -> None:
    table = f"Date,Post\r\n1 Dec,{MEGAPHONE}\r\n".encode("utf-16")
    page.locator("#main input[type=file]").set_input_files(
        {"name": "week.csv", "mimeType": "text/csv", "buffer": table}
    )
    shared = page.locator("#main .message").filter(has_text="week.csv").last
    shared.get_by_role("button", name=re.compile("repl")).click()
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread).to_contain_text("I read one draft")
    with page.expect_download() as download:
        thread.locator(".file-card").last.click()
    assert download.value.suggested_filename == "week-notes.csv"
    rows = download.value.path().read_bytes().decode("utf-16").splitlines()
    assert rows[0] == "Date,Post,verdict,score,flags,question,rewrite"
    assert rows[1].startswith(f"1 Dec,{MEGAPHONE},megaphone,")
