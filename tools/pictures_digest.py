"""Takes the pictures of the digest in docs/img: ``.venv/bin/python -m tools.pictures_digest``."""

import io
import re
import subprocess
import sys

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from tools.chromium import FLAGS, find
from tools.pictures import FOLDER


def main() -> None:
    """Start the playground with its made month, and take what Ada finds there."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "bot", "playground", "--month", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process, sync_playwright() as play:
        line = process.stdout.readline() if process.stdout else ""
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        if found is None:
            raise SystemExit("the playground did not start")
        browser = play.chromium.launch(executable_path=find(), args=["--headless", *FLAGS])
        page = browser.new_page(viewport={"width": 1000, "height": 1800})
        page.goto(found[0])
        _digest(page)
        browser.close()
        process.terminate()


def _digest(page: Page) -> None:
    message = page.locator("#main .message", has=page.get_by_role("button", name="Stop these"))
    expect(message).to_be_visible(timeout=60_000)
    picture = message.locator("img[src*='/_files/']")
    expect(picture).to_be_visible()
    page.mouse.move(2, 2)
    message.screenshot(path=FOLDER / "digest-message.png")
    png = page.request.get(str(picture.get_attribute("src"))).body()
    on_phones(png).save(FOLDER / "digest-phone.png", optimize=True)


def on_phones(png: bytes) -> Image.Image:
    """The picture at a phone's 360 points, on a light page and on a dark one."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    small = picture.resize((360, round(picture.height * 360 / picture.width)), Image.Resampling.LANCZOS)
    both = Image.new("RGB", (800, small.height + 40), "#ffffff")
    both.paste("#1a1d21", (400, 0, 800, small.height + 40))
    both.paste(small, (20, 20))
    both.paste(small, (420, 20))
    return both


if __name__ == "__main__":
    main()
