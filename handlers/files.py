"""The words in text files and snippets that somebody shared: small ones, text only, from Slack's own host alone."""

import http.client
import urllib.error
import urllib.request
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from slack_sdk import WebClient

from bot import words_surfaces as words
from bot.text import to_mrkdwn
from handlers.messages import escaped

MAX_BYTES = 200_000
MAX_FILES = 3
TEXT_TYPES = frozenset({"text", "txt", "markdown", "md", "post", "csv", "email"})
SLACK_HOSTS = (".slack.com", ".slack-files.com")


class Read(NamedTuple):
    """What the files hold as Slack mrkdwn, or why they could not be read, in words."""

    text: str = ""
    trouble: str = ""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """The bot's token goes to Slack and nowhere it may be sent on to."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


def read_files(client: WebClient, message: dict[str, Any]) -> Read:
    """The words of a message's files, at most three; empty where it has none. One call over the network for each."""
    found = message.get("files")
    files = [file for file in found if isinstance(file, dict)] if isinstance(found, list) else []
    texts: list[str] = []
    for file in files[:MAX_FILES]:
        read = _read(client, file)
        if read.trouble:
            return read
        texts.append(read.text)
    return Read(text="\n\n".join(texts))


def _read(client: WebClient, file: dict[str, Any]) -> Read:
    name = to_mrkdwn(str(file.get("name") or file.get("title") or "file"))[:80]
    kind, size = str(file.get("mimetype") or ""), file.get("size")
    if not (kind.startswith("text/") or file.get("filetype") in TEXT_TYPES or file.get("mode") == "snippet"):
        return Read(trouble=words.FILE_NOT_TEXT.format(name=name))
    if isinstance(size, int) and size > MAX_BYTES:
        return Read(trouble=words.FILE_TOO_LARGE.format(name=name, limit=MAX_BYTES // 1000))
    url = str(file.get("url_private_download") or file.get("url_private") or "")
    content = _download(client, url) if _is_slacks(client, url) else None
    if content is None:
        return Read(trouble=words.FILE_GONE.format(name=name))
    if len(content) > MAX_BYTES:
        return Read(trouble=words.FILE_TOO_LARGE.format(name=name, limit=MAX_BYTES // 1000))
    text = content.decode("utf-8-sig", "replace").replace("\x00", " ")
    return Read(text=escaped(text))  # a file's own & < > are characters, not mentions


def _is_slacks(client: WebClient, url: str) -> bool:
    parts, api = urlsplit(url), urlsplit(client.base_url)
    if parts.netloc and (parts.scheme, parts.netloc) == (api.scheme, api.netloc):
        return True
    return parts.scheme == "https" and (parts.hostname or "").endswith(SLACK_HOSTS)


def _download(client: WebClient, url: str) -> bytes | None:
    """The file's bytes, one more than is read at most; None when Slack does not hand it out."""
    # Only http and https come this far: _is_slacks has looked.
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {client.token}"})  # noqa: S310
    opener = urllib.request.build_opener(_NoRedirects)
    try:
        with opener.open(request, timeout=client.timeout) as response:
            if response.headers.get_content_type() == "text/html":
                return None  # a page to log in: the scope is missing
            content: bytes = response.read(MAX_BYTES + 1)
            return content
    except (urllib.error.URLError, OSError, http.client.HTTPException):
        return None
