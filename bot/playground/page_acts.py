"""What a person may do on the page, each as themselves. Runs in a thread; may wait for the app's ack."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from bot.playground.delivery import Answer
from bot.playground.errors import Json
from bot.playground.people import BOT_USER

if TYPE_CHECKING:
    from bot.playground.server import SlackStandIn

MAX_FILE_BYTES = 2_000_000
"""More than the bot reads, so that one can see what it says of a large file."""


class RefusedError(Exception):
    """The page may not do that; the words can be shown."""


Act = Callable[["SlackStandIn", str, Json], Any]


def _post(slack: "SlackStandIn", user: str, args: Json) -> str:
    text = str(args["text"]).strip()
    if not text:
        raise RefusedError("There is nothing to send.")
    return slack.post(args["channel"], user, text, args.get("thread_ts"), broadcast=bool(args.get("broadcast")))


def _own(slack: "SlackStandIn", user: str, args: Json) -> None:
    message = slack.message(args["channel"], args["ts"])
    if message is None or message.get("user") != user:
        raise RefusedError("Only your own messages.")


def _edit(slack: "SlackStandIn", user: str, args: Json) -> str:
    _own(slack, user, args)
    return slack.edit(args["channel"], args["ts"], str(args["text"]))


def _delete(slack: "SlackStandIn", user: str, args: Json) -> None:
    _own(slack, user, args)
    slack.delete(args["channel"], args["ts"])


def _react(slack: "SlackStandIn", user: str, args: Json) -> None:
    mine = user in slack.reactions(args["channel"], args["ts"]).get(args["name"], [])
    (slack.unreact if mine else slack.react)(args["channel"], user, args["ts"], args["name"])


def _upload(slack: "SlackStandIn", user: str, args: Json) -> str:
    content = base64.b64decode(str(args["content"]))  # bytes: a file keeps its encoding
    if len(content) > MAX_FILE_BYTES:
        raise RefusedError(f"That file is too large for the playground: {MAX_FILE_BYTES // 1_000_000} MB at most.")
    return slack.share_file(args["channel"], user, str(args["name"]), content, str(args.get("comment", "")))


def _acked(answer: Answer, what: str) -> Json:
    """What Slack shows when the app did not ack."""
    if answer.failure:
        why = {"http_timeout": "took longer than three seconds", "timeout": "took longer than three seconds"}
        words = why.get(answer.failure, "is not connected" if answer.status is None else f"answered {answer.status}")
        raise RefusedError(f"{what} failed: the app {words}.")
    return asdict(answer)


def _command(slack: "SlackStandIn", user: str, args: Json) -> Json:
    return _acked(slack.command(user, args["channel"], args["command"], str(args.get("text", ""))), args["command"])


def _press(slack: "SlackStandIn", user: str, args: Json) -> Json:
    state = args.get("state")
    answer = slack.press(user, args["channel"], args["ts"], args["action_id"], args.get("value"), state)
    return _acked(answer, "That")


def _press_in_view(slack: "SlackStandIn", user: str, args: Json) -> Json:
    answer = slack.press_in_view(user, args["view_id"], args["action_id"], args.get("value"), args.get("state"))
    return _acked(answer, "That")


def _submit(slack: "SlackStandIn", user: str, args: Json) -> Json:
    try:
        return {"errors": slack.submit_view(user, args.get("values") or {}, args.get("view_id", ""))}
    except RuntimeError as error:
        raise RefusedError("We had some trouble connecting. Try again?") from error


def _close_view(slack: "SlackStandIn", user: str, args: Json) -> None:
    slack.close_view(user, args.get("view_id", ""), clear=bool(args.get("clear")))


def _message_shortcut(slack: "SlackStandIn", user: str, args: Json) -> Json:
    answer = slack.message_shortcut(user, args["channel"], args["ts"], args["callback_id"])
    return _acked(answer, "The shortcut")


def _global_shortcut(slack: "SlackStandIn", user: str, args: Json) -> Json:
    return _acked(slack.global_shortcut(user, args["callback_id"]), "The shortcut")


def _open_home(slack: "SlackStandIn", user: str, args: Json) -> str:
    slack.open_home(user, args.get("tab", "home"))
    return slack.workspace.dm(user).id


def _invite_bot(slack: "SlackStandIn", user: str, args: Json) -> None:
    slack.invite(args["channel"], BOT_USER, user)


ACTS: Mapping[str, Act] = {
    "post": _post,
    "edit": _edit,
    "delete": _delete,
    "react": _react,
    "upload": _upload,
    "command": _command,
    "press": _press,
    "press_in_view": _press_in_view,
    "submit": _submit,
    "close_view": _close_view,
    "message_shortcut": _message_shortcut,
    "global_shortcut": _global_shortcut,
    "open_home": _open_home,
    "invite_bot": _invite_bot,
}


def act(slack: "SlackStandIn", user: str, name: str, args: Json) -> Any:
    """Do one act as this person. Raises RefusedError, SlackError or LookupError with words to show."""
    return ACTS[name](slack, user, args)
