"""A tiny real Bolt app that uses every surface, served over HTTP or connected by Socket Mode."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from slack_bolt import App
from slack_bolt.adapter.starlette import SlackRequestHandler
from slack_sdk import WebClient
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.playground.server import SlackStandIn


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def button(text: str, action_id: str, value: str = "v") -> dict[str, Any]:
    return {"type": "button", "text": plain(text), "action_id": action_id, "value": value}


def modal(title: str = "Ask", **fields: Any) -> dict[str, Any]:
    words = {"type": "plain_text_input", "action_id": "words", "multiline": True, "max_length": 40}
    options = [{"text": plain(name), "value": name.lower()} for name in ("Kind", "Short")]
    tone = {"type": "static_select", "action_id": "tone", "options": options, "placeholder": plain("Choose")}
    blocks = [
        {"type": "input", "block_id": "text", "label": plain("Your words"), "element": words},
        {"type": "input", "block_id": "how", "label": plain("Tone"), "element": tone, "optional": True},
    ]
    base = {
        "type": "modal",
        "callback_id": "ask",
        "title": plain(title),
        "submit": plain("Send"),
        "close": plain("Cancel"),
    }
    return {**base, "blocks": blocks, **fields}


def reply_blocks(text: str) -> list[dict[str, Any]]:
    options = [{"text": plain(name), "value": name.lower()} for name in ("X", "Email")]
    menu = {"type": "static_select", "action_id": "network", "options": options, "placeholder": plain("Where")}
    return [
        {"type": "section", "block_id": "said", "text": {"type": "mrkdwn", "text": f"You said: {text}"}},
        {
            "type": "actions",
            "block_id": "acts",
            "elements": [button("Replace", "replace"), button("Form", "form"), menu],
        },
    ]


def echo_app(slack: SlackStandIn) -> App:
    """Echoes messages in a thread; ``/humanize`` answers privately; a form with errors, update and push."""
    client = WebClient(slack.bot_token, base_url=slack.api_url)
    app = App(client=client, signing_secret=slack.signing_secret, token_verification_enabled=False)
    app.heard = []

    @app.event("message")
    def on_message(event: dict[str, Any], client: WebClient) -> None:
        app.heard.append(event)
        if event.get("subtype") is None and "thread_ts" not in event:
            text, channel, ts = event["text"], event["channel"], event["ts"]
            client.chat_postMessage(channel=channel, thread_ts=ts, text=f"echo: {text}", blocks=reply_blocks(text))

    for name in ("member_joined_channel", "member_left_channel", "reaction_added", "channel_archive", "channel_rename",
                 "app_uninstalled", "tokens_revoked", "reaction_removed"):  # fmt: skip

        @app.event(name)
        def on_other(event: dict[str, Any]) -> None:
            app.heard.append(event)

    @app.command("/humanize")
    def on_command(ack: Any, command: dict[str, Any], respond: Any) -> None:
        if command["text"] == "ack":
            ack(text="in the ack")
            return
        ack()
        respond(
            text=f"only you: {command['text']}",
            blocks=[{"type": "actions", "block_id": "b", "elements": [button("Dismiss", "dismiss")]}],
        )

    @app.action("replace")
    def on_replace(ack: Any, respond: Any) -> None:
        ack()
        respond(text="replaced", replace_original=True)

    @app.action("dismiss")
    def on_dismiss(ack: Any, respond: Any) -> None:
        ack()
        respond(delete_original=True)

    @app.action("network")
    def on_network(ack: Any, action: dict[str, Any], respond: Any) -> None:
        ack()
        respond(text=f"network {action['selected_option']['value']}", replace_original=False)

    @app.action("form")
    def on_form(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal(notify_on_close=True))

    @app.view("ask")
    def on_ask(ack: Any, view: dict[str, Any]) -> None:
        words = view["state"]["values"]["text"]["words"]["value"]
        app.heard.append({"type": "submitted", "values": view["state"]["values"]})
        if words == "bad":
            ack(response_action="errors", errors={"text": "Please say something else."})
        elif words == "more":
            ack(response_action="update", view=modal("More"))
        elif words == "deeper":
            ack(response_action="push", view=modal("Deeper"))
        else:
            ack()

    @app.view_closed("ask")
    def on_closed(ack: Any, view: dict[str, Any]) -> None:
        ack()
        app.heard.append({"type": "closed", "title": view["title"]["text"]})

    @app.shortcut("check")
    def on_shortcut(ack: Any, shortcut: dict[str, Any], client: WebClient) -> None:
        ack()
        words = shortcut.get("message", {}).get("text", "anywhere")
        client.views_open(trigger_id=shortcut["trigger_id"], view=modal(private_metadata=words))

    @app.event("app_home_opened")
    def on_home(event: dict[str, Any], client: WebClient) -> None:
        section = {
            "type": "section",
            "text": {"type": "mrkdwn", "text": "*Hello*"},
            "accessory": button("Again", "again"),
        }
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [section]})

    @app.action("again")
    def on_again(ack: Any, body: dict[str, Any], client: WebClient) -> None:
        ack()
        block = {"type": "section", "text": plain("Once more")}
        client.views_publish(user_id=body["user"]["id"], view={"type": "home", "blocks": [block]})

    return app


@contextmanager
def over_http(app: App) -> Iterator[str]:
    """Serve a Bolt app; its request URL."""
    handler = SlackRequestHandler(app)

    async def endpoint(request: Request) -> Response:
        body = await request.body()
        request._body = body  # read once here, in the event loop; the handler then runs in a thread
        return await run_in_threadpool(_handle, handler, request, body)

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    routes = [Route("/slack/events", endpoint, methods=["POST"])]
    config = uvicorn.Config(Starlette(routes=routes), lifespan="off", log_config=None, ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/slack/events"
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


def _handle(handler: SlackRequestHandler, request: Request, body: bytes) -> Response:
    from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response

    return to_starlette_response(handler.app.dispatch(to_bolt_request(request, body)))
