"""The whole thing as a newcomer sees it: ``humanize-bot playground`` in a browser, both delivery modes."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import chromium, opened
from tests.e2e.harness import MEGAPHONE, ROOT


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module", params=["http", "socket"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("playground")
    command = [sys.executable, "-m", "bot", "playground", "--port", "0", f"--{request.param}"]
    env = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "HOME": str(folder)}
    with subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert found is not None
        yield found[0]
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    with opened(browser, url) as page:
        yield page


def paste(page: Page, words: str) -> Locator:
    """Post a draft in #drafts; its thread."""
    page.get_by_label("Message #drafts").fill(words)
    page.keyboard.press("Enter")
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread).to_contain_text(words[:40])
    return thread


def test_paste_flags_rewrite_use_edit_delete(page: Page) -> None:
    thread = paste(page, MEGAPHONE)
    expect(thread).to_contain_text("shouted across the street")
    expect(thread).to_contain_text("Flowdesk 2.0 is out")
    thread.get_by_role("button", name="Use this").click()
    dialog = page.get_by_role("dialog")
    field = dialog.get_by_label("The rewrite")
    expect(field).to_have_value(re.compile("Flowdesk 2.0"))
    field.fill("Flowdesk 2.0 is out. Which report do you wait for longest?")
    dialog.get_by_role("button", name="I'll use it").click()
    expect(dialog).to_have_count(0)
    message = page.locator("#main .message").last
    _menu(page, message, "Edit message")
    box = message.get_by_role("textbox")
    box.fill("draft: I rebuilt the import after 40 of you wrote to me. Which file still breaks it for you?")
    box.press("Enter")
    expect(thread).to_contain_text("one person talking to another")
    _menu(page, message, "Delete message")
    expect(page.locator("#main")).not_to_contain_text("I rebuilt the import after 40")


def test_another_angle_why_not_useful_and_its_fine(page: Page) -> None:
    thread = paste(page, f"{MEGAPHONE} for teams in Leeds")
    expect(thread.get_by_role("button", name="Another angle")).to_be_visible()
    quote = thread.locator("blockquote").last
    before = quote.inner_text()
    thread.get_by_role("button", name="Another angle").click()
    expect(quote).not_to_have_text(before)
    _overflow(thread, "Why?")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Evidence:")
    page.keyboard.press("Escape")
    _overflow(thread, "Not useful")
    expect(page.locator(".only-you").last).to_contain_text("Noted")
    thread.get_by_role("button", name="It's fine").click()
    expect(thread).to_contain_text("Fine with me")


def test_a_private_answer_and_help(page: Page) -> None:
    for text, said in (("/humanize help", "/humanize watch"), (f"/humanize {MEGAPHONE}", "shouted across the street")):
        page.get_by_label("Message #drafts").fill(text)
        page.keyboard.press("Enter")
        expect(page.locator("#main .only-you").last).to_contain_text(said)


def test_the_good_sample_gets_a_reaction_and_chatter_silence(page: Page) -> None:
    for name in ("A good one", "Chatter"):
        page.get_by_role("button", name=name, exact=True).click()
        page.get_by_label("Message #drafts").press("Enter")
    good = page.locator("#main .message").filter(has_text="sister plan her bakery").last
    expect(good.locator(".reactions")).to_contain_text("1")
    chatter = page.locator("#main .message").filter(has_text="lunch at one").last
    expect(chatter.get_by_role("button", name=re.compile("repl"))).to_have_count(0)


def _menu(page: Page, message: Locator, item: str) -> None:
    message.hover()
    message.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name=item).click()


def _overflow(thread: Locator, item: str) -> None:
    thread.get_by_role("combobox", name="More actions").first.select_option(item)
