"""``/_control``: the same powers for a test in another process. Bodies and answers are JSON.

POST /_control/fault    {kind, method, times?, seconds?, status?, code?}      script a fault
POST /_control/release  {}                                                    let hanging calls go on
POST /_control/clear    {}                                                    forget all faults
POST /_control/do       {"do": "post", …}                                     what a person does; see ACTS
GET  /_control/state    ?channel=&thread=&user=                               what there is
GET  /_control/wait     ?method=chat.postMessage&count=1&timeout=10           until that many calls were answered
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.playground.errors import Json, SlackError
from bot.playground.faults import Fault

if TYPE_CHECKING:
    from bot.playground.server import SlackStandIn

ACTS = (
    "post", "post_raw", "post_as_bot", "edit", "delete", "unfurl", "react", "unreact", "invite", "kick", "archive",
    "rename", "me", "share_file", "command", "press", "press_in_view", "submit_view", "close_view", "message_shortcut",
    "global_shortcut", "open_home", "uninstall", "oauth_code", "emit", "redeliver", "use_http", "use_socket", "hold",
    "release_held", "disconnect_sockets", "cut_sockets", "set_retry_factor",
)  # fmt: skip


def routes(slack: "SlackStandIn") -> list[Route]:
    """The control routes."""

    async def fault(request: Request) -> Response:
        return await _answer(lambda args: slack.fault(**args) and {"ok": True}, await request.json())

    async def release(_: Request) -> Response:
        slack.faults.release()
        return JSONResponse({"ok": True})

    async def clear(_: Request) -> Response:
        slack.faults.clear()
        return JSONResponse({"ok": True})

    async def do(request: Request) -> Response:
        args = await request.json()
        name = args.pop("do", "")
        if name not in ACTS:
            return JSONResponse({"ok": False, "error": f"no act {name!r}; there are {', '.join(ACTS)}"}, 400)
        method: Callable[..., Any] = getattr(slack, name)
        return await _answer(lambda given: {"ok": True, "result": plain(method(**given))}, args)

    async def read(request: Request) -> Response:
        return JSONResponse(state(slack, request.query_params))

    async def wait(request: Request) -> Response:
        query = request.query_params
        count, timeout = int(query.get("count", "1")), float(query.get("timeout", "10"))

        def enough() -> bool:
            return sum(call.status is not None for call in slack.calls(query.get("method"))) >= count

        try:
            await to_thread.run_sync(lambda: slack.wait_for(enough, timeout))
        except TimeoutError as error:
            return JSONResponse({"ok": False, "error": str(error)}, 408)
        return JSONResponse({"ok": True, "calls": [asdict(call) for call in slack.calls(query.get("method"))]})

    return [
        Route("/_control/fault", fault, methods=["POST"]),
        Route("/_control/release", release, methods=["POST"]),
        Route("/_control/clear", clear, methods=["POST"]),
        Route("/_control/do", do, methods=["POST"]),
        Route("/_control/state", read, methods=["GET"]),
        Route("/_control/wait", wait, methods=["GET"]),
    ]


async def _answer(work: Callable[[Json], Any], args: Json) -> Response:
    """Run in a thread (a person's act may wait for the app); a wrong use is answered with 400 and what is wrong."""
    try:
        return JSONResponse(await to_thread.run_sync(lambda: work(args)))
    except (SlackError, LookupError, TypeError, ValueError) as error:
        return JSONResponse({"ok": False, "error": str(error)}, 400)


def state(slack: "SlackStandIn", query: Mapping[str, str]) -> Json:
    """All that was asked for; calls and deliveries always."""
    found: Json = {
        "ok": True,
        "calls": [asdict(call) for call in slack.calls()],
        "deliveries": [asdict(delivery) for delivery in slack.deliveries()],
        "sockets": len(slack.sockets.connections),
    }
    if channel := query.get("channel"):
        found["messages"] = slack.messages(channel)
        if thread := query.get("thread"):
            found["thread"] = slack.thread(channel, thread)
    if user := query.get("user"):
        found |= {"ephemerals": slack.ephemerals(user), "views": slack.views(user), "home": slack.home(user)}
    return found


def plain(value: Any) -> Any:
    """A result as JSON: dataclasses become objects, tuples lists."""
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return asdict(value) if hasattr(value, "__dataclass_fields__") and not isinstance(value, Fault) else value
