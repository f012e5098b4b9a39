"""The words of a Slack message, wherever they stand: its text, else its formatted blocks, else what it shares."""

from typing import Any

Json = dict[str, Any]

_SIGNS = {"user": "<@{user_id}>", "channel": "<#{channel_id}>", "usergroup": "<!subteam^{usergroup_id}>"}
MAX_DEPTH = 6


def text_of(message: Json) -> str:
    """Slack mrkdwn. Apps and shared messages may leave ``text`` empty and put the words elsewhere."""
    text = message.get("text")
    if isinstance(text, str) and text.strip():
        return text
    blocks = "\n".join(filter(None, (_block(block) for block in _list(message.get("blocks")))))
    if blocks.strip():
        return blocks
    shared = (attachment.get("text") or attachment.get("fallback") for attachment in _list(message.get("attachments")))
    return "\n".join(text for text in shared if isinstance(text, str))


def _block(block: Json) -> str:
    if block.get("type") == "rich_text":
        return "\n".join(filter(None, (_rich(element, 0) for element in _list(block.get("elements")))))
    text = block.get("text")
    inner = text.get("text") if isinstance(text, dict) else text
    return inner if isinstance(inner, str) and block.get("type") in ("section", "header", "markdown") else ""


def _rich(element: Json, depth: int) -> str:
    kind = element.get("type")
    if depth > MAX_DEPTH:
        return ""
    if kind == "text":
        return escaped(element.get("text"))
    if kind == "link":
        url, label = str(element.get("url", "")), escaped(element.get("text"))
        return f"<{url}|{label}>" if label else f"<{url}>"
    if kind == "emoji":
        return f":{element.get('name', '')}:"
    if kind == "broadcast":
        return f"<!{element.get('range', 'here')}>"
    if kind in _SIGNS:
        known = {"user_id": "", "channel_id": "", "usergroup_id": "", **element}
        return _SIGNS[kind].format(**{name: known[name] for name in ("user_id", "channel_id", "usergroup_id")})
    inner = [_rich(one, depth + 1) for one in _list(element.get("elements"))]
    if kind == "rich_text_list":
        return "\n".join(f"• {line}" for line in inner)
    return "".join(inner)


def escaped(text: object) -> str:
    """Plain text as mrkdwn that means the same."""
    return str(text or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _list(value: object) -> list[Json]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
