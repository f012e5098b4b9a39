"""Files that somebody shared: which may hold drafts, and their bytes; from Slack's own hosts alone, up to a limit."""

import enum
import http.client
import re
import urllib.error
import urllib.request
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from slack_sdk import WebClient

from bot import words_surfaces as words
from bot.calendar.read import Kind
from bot.text import to_mrkdwn
from handlers.messages import escaped

Json = dict[str, Any]

MAX_BYTES = 200_000
MAX_TABLE_BYTES = 1_000_000
"""A table with 500 drafts of a blog's length each would be larger; one of posts is far smaller."""
MAX_FILES = 3
TEXT_TYPES = frozenset({"text", "txt", "markdown", "md", "post", "csv", "email"})
SLACK_HOSTS = (".slack.com", ".slack-files.com")
KINDS: dict[str, Kind] = {"csv": "csv", "md": "md", "markdown": "md", "txt": "txt"}


class Read(NamedTuple):
    """What the files hold as Slack mrkdwn, or why they could not be read, in words."""

    text: str = ""
    trouble: str = ""


class Download(enum.Enum):
    """Why there are no bytes."""

    GONE = "gone"
    BUSY = "busy"
    """Slack is out of reach, or can't now: again later."""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """The bot's token goes to Slack and nowhere it may be sent on to."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


def files_of(message: Json) -> list[Json]:
    """A message's files, at most three, whatever shape the message is in."""
    found = message.get("files")
    return [file for file in found if isinstance(file, dict)][:MAX_FILES] if isinstance(found, list) else []


def shared_ids(message: Json, *, asked: bool) -> tuple[str, ...]:
    """Slack's ids of the files to look at. Not ``asked``: only those that may be text."""
    files = [
        file for file in files_of(message) if asked or is_text(file) or file.get("file_access") == "check_file_info"
    ]
    ids = [file.get("id") for file in files]
    return tuple(one for one in ids if isinstance(one, str) and re.fullmatch(r"[A-Z0-9]{2,40}", one, re.ASCII))


def is_text(file: Json) -> bool:
    """Whether Slack takes it for a text."""
    mime = str(file.get("mimetype") or "")
    return mime.startswith("text/") or file.get("filetype") in TEXT_TYPES or file.get("mode") == "snippet"


def kind_of(file: Json) -> Kind | None:
    """How a file with several drafts would be read, by its name or Slack's type; None for code, mails and the like."""
    _, dot, suffix = str(file.get("name") or "").rpartition(".")
    return KINDS.get((suffix if dot else str(file.get("filetype") or "")).casefold())


def read_files(client: WebClient, message: Json) -> Read:
    """The words of a message's files, at most three; empty where it has none. One call over the network for each."""
    texts: list[str] = []
    for file in files_of(message):
        read = _read(client, file)
        if read.trouble:
            return read
        texts.append(read.text)
    return Read(text="\n\n".join(texts))


def download(client: WebClient, file: Json, limit: int) -> bytes | Download:
    """A file's bytes, one more than ``limit`` at most."""
    url = str(file.get("url_private_download") or file.get("url_private") or "")
    if not is_slacks(client, url):
        return Download.GONE
    headers = {"Authorization": f"Bearer {client.token}"}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - is_slacks has looked: http and https only
    try:
        with _opener().open(request, timeout=client.timeout) as response:
            if response.headers.get_content_type() == "text/html":
                return Download.GONE  # a page to log in: the scope is missing
            content: bytes = response.read(limit + 1)
            return content
    except urllib.error.HTTPError as error:
        passing = error.code >= http.HTTPStatus.INTERNAL_SERVER_ERROR or error.code == http.HTTPStatus.TOO_MANY_REQUESTS
        return Download.BUSY if passing else Download.GONE
    except (urllib.error.URLError, OSError, http.client.HTTPException):
        return Download.BUSY


def send_bytes(client: WebClient, url: str, data: bytes) -> bool:
    """Hand Slack the bytes of an upload, to Slack's own hosts alone and without the token; whether it took them."""
    if not is_slacks(client, url):
        return False
    headers = {"Content-Type": "application/octet-stream"}
    request = urllib.request.Request(url, data=data, headers=headers)  # noqa: S310 - is_slacks has looked
    try:
        with _opener().open(request, timeout=client.timeout) as response:
            return bool(response.status == http.HTTPStatus.OK)
    except (urllib.error.URLError, OSError, http.client.HTTPException):
        return False


def is_slacks(client: WebClient, url: str) -> bool:
    """Whether an address is on a host of Slack's, or where the API is."""
    parts, api = urlsplit(url), urlsplit(client.base_url)
    if parts.netloc and (parts.scheme, parts.netloc) == (api.scheme, api.netloc):
        return True
    return parts.scheme == "https" and (parts.hostname or "").endswith(SLACK_HOSTS)


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(_NoRedirects)


def _read(client: WebClient, file: Json) -> Read:
    name = to_mrkdwn(str(file.get("name") or file.get("title") or "file")[:80])
    too_large = Read(trouble=words.FILE_TOO_LARGE.format(name=name, limit=MAX_BYTES // 1000))
    if not is_text(file):
        return Read(trouble=words.FILE_NOT_TEXT.format(name=name))
    size = file.get("size")
    if isinstance(size, int) and size > MAX_BYTES:
        return too_large
    content = download(client, file, MAX_BYTES)
    if isinstance(content, Download):
        return Read(trouble=words.FILE_GONE.format(name=name))
    if len(content) > MAX_BYTES:
        return too_large
    text = content.decode("utf-8-sig", "replace").replace("\x00", " ")
    return Read(text=escaped(text))  # a file's own & < > are characters, not mentions
