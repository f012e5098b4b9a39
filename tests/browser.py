"""A page in a real Chromium that must not raise."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from tools.chromium import FLAGS, find

DESKTOP: ViewportSize = {"width": 1280, "height": 860}


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser of this machine's."""
    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=find(), args=["--headless", *FLAGS])
        yield running
        running.close()


@contextmanager
def opened(browser: Browser, url: str) -> Iterator[Page]:
    """The playground's page at #drafts; an error on the page or its console fails the test."""
    context = browser.new_context(viewport=DESKTOP)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.goto(url)
    expect(page.get_by_role("heading", name="drafts", exact=True)).to_be_visible()
    yield page
    context.close()
    assert wrong == []
