"""Finds a Chromium for the browser tests and pictures, else installs one.

Run as a program by ``make test``. Looks for one on this machine; then Debian's package, as root; then Playwright's own.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""No sandbox: it can't be had as root or in most containers, and the page is our own."""


def find() -> str | None:
    """The path of a Chromium: the environment's CHROMIUM, one on PATH, or Playwright's; None when there is none."""
    named = os.environ.get("CHROMIUM")
    found = next(filter(None, (shutil.which(name) for name in NAMES)), None)
    return named or found or _playwrights()


def install() -> None:
    """Install a Chromium. Raises SystemExit with what to do by hand when that fails."""
    tries = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if shutil.which("apt-get") and os.geteuid() == 0:
        script = "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qqy chromium"
        tries.insert(0, ["sh", "-c", script])
    for command in tries:
        sys.stdout.write(f"No Chromium found, installing one: {' '.join(command)}\n")
        sys.stdout.flush()
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
        if find():
            return
    raise SystemExit("Chromium could not be installed. Install it by hand, or set CHROMIUM to its path.")


def _playwrights() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


if __name__ == "__main__":
    if not find():
        install()
