"""What people do beside writing: commands, buttons, shortcuts, modals. Each asks the app once and acts on its answer.

All of it runs in the server's event loop.
"""

import copy
from collections.abc import Mapping
from typing import Any

from bot.playground import forms, methods_chat
from bot.playground.backend import Backend
from bot.playground.blocks import check_view
from bot.playground.calls import Call
from bot.playground.delivery import Answer, Courier
from bot.playground.errors import Json
from bot.playground.people import APP_ID, TEAM_ID, TEAM_NAME
from bot.playground.surfaces import ResponseUrl

State = Mapping[str, Any] | None


class Interactions:
    """The interactions of one workspace with its app."""

    def __init__(self, backend: Backend, courier: Courier) -> None:
        self._backend = backend
        self._courier = courier

    # -- commands and shortcuts

    async def command(self, user: str, channel: str, name: str, text: str) -> Answer:
        """A slash command. What the ack carries is said to the person, or to all for ``in_channel``."""
        place = self._backend.workspace.channel(channel)
        person = self._backend.workspace.user(user)
        payload = {
            "token": self._backend.tokens.verification,
            "team_id": TEAM_ID,
            "team_domain": TEAM_NAME.lower(),
            "channel_id": place.id,
            "channel_name": "directmessage" if place.kind == "im" else place.name,
            "user_id": person.id,
            "user_name": person.name,
            "command": name,
            "text": text,
            "api_app_id": APP_ID,
            "is_enterprise_install": "false",
            "response_url": self._response_url(channel, user, None),
            "trigger_id": self._backend.surfaces.new_trigger(user),
        }
        answer = await self._courier.ask("slash_commands", payload)
        if answer.ok and answer.body:
            self._say(channel, user, answer.body)
        return answer

    async def message_shortcut(self, user: str, channel: str, ts: str, callback_id: str) -> Answer:
        """A shortcut from a message's menu."""
        message = copy.deepcopy(self._backend.workspace.message(channel, ts))
        payload = {
            **self._interaction("message_action", user),
            "action_ts": self._backend.workspace.next_ts(),
            "callback_id": callback_id,
            "channel": self._channel(channel),
            "message_ts": ts,
            "message": message,
            "response_url": self._response_url(channel, user, None),
        }
        return await self._courier.ask("interactive", payload)

    async def global_shortcut(self, user: str, callback_id: str) -> Answer:
        """A shortcut from the composer's menu."""
        ts = self._backend.workspace.next_ts()
        payload = {**self._interaction("shortcut", user), "action_ts": ts, "callback_id": callback_id}
        return await self._courier.ask("interactive", payload)

    # -- buttons, selects, menus

    async def press(
        self,
        user: str,
        channel: str,
        ts: str,
        action_id: str,
        value: Any = None,
        state: State = None,
    ) -> Answer:
        """Use an element of a message that the person sees; ephemeral ones too. LookupError when it is not there.

        For a button ``value`` may be left out; for a select it is the option's value.
        """
        message = self._seen(user, channel, ts)
        blocks = message.get("blocks", [])
        placed = _pressed(blocks, action_id, value)
        ephemeral = bool(message.get("is_ephemeral"))
        container: Json = {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": ephemeral}
        if message.get("thread_ts"):
            container["thread_ts"] = message["thread_ts"]
        payload = {
            **self._interaction("block_actions", user),
            "container": container,
            "channel": self._channel(channel),
            "state": {"values": forms.state_of(blocks, state or {})},
            "response_url": self._response_url(channel, user, ts, ephemeral, message.get("thread_ts")),
            "actions": [forms.action(placed, value, self._backend.workspace.next_ts())],
        }
        if not ephemeral:
            payload["message"] = copy.deepcopy(message)
        return await self._courier.ask("interactive", payload)

    async def press_in_view(
        self, user: str, view_id: str, action_id: str, value: Any = None, state: State = None
    ) -> Answer:
        """Use an element of a modal or of the Home tab."""
        view = self._backend.surfaces.view(view_id)
        placed = _pressed(view["blocks"], action_id, value)
        known = {**(state or {}), action_id: value} if placed.element["type"] != "button" else (state or {})
        view = self._fill(view, known)
        payload = {
            **self._interaction("block_actions", user),
            "container": {"type": "view", "view_id": view_id},
            "view": view,
            "state": view["state"],
            "actions": [forms.action(placed, value, self._backend.workspace.next_ts())],
        }
        return await self._courier.ask("interactive", payload)

    async def suggest(self, user: str, view_id: str, action_id: str, query: str) -> Answer:
        """Ask the app for the options of an external select in a view."""
        view = self._backend.surfaces.view(view_id)
        placed = forms.find(view["blocks"], action_id)
        ids = {"action_id": placed.action_id, "block_id": placed.block_id, "value": query}
        payload = {**self._interaction("block_suggestion", user), **ids, "view": view}
        payload["container"] = {"type": "view", "view_id": view_id}
        return await self._courier.ask("interactive", payload)

    # -- modals and the Home tab

    async def submit(self, user: str, values: Mapping[str, Any], view_id: str = "") -> tuple[Answer, dict[str, str]]:
        """Submit a modal (the top one by default); the answer, and the errors to show, by block_id.

        Required fields and lengths are checked first, as Slack's client does; then the app is not asked at all.
        """
        view = self._fill(self._modal(user, view_id), values)
        refused = forms.refusals(view["blocks"], view["state"]["values"])
        if refused:
            return Answer(), refused
        payload = {**self._interaction("view_submission", user), "view": view, "response_urls": []}
        answer = await self._courier.ask("interactive", payload)
        if not answer.ok:
            return answer, {}
        return answer, self._after_submit(user, view["id"], answer.body)

    def _after_submit(self, user: str, view_id: str, body: Any) -> dict[str, str]:
        action = body.get("response_action") if isinstance(body, dict) else None
        surfaces = self._backend.surfaces
        if action == "errors":
            return {str(k): str(v) for k, v in body["errors"].items()}
        if action in ("update", "push"):
            check_view(body.get("view"), "modal")
            if action == "update":
                surfaces.update_view(body["view"], view_id)
            else:
                surfaces.push_view(user, body["view"])
        elif any(view["id"] == view_id for view in surfaces.open_views(user)):
            surfaces.close_view(view_id, clear=action == "clear")
        return {}

    async def close(self, user: str, view_id: str = "", *, clear: bool = False) -> None:
        """Close a modal; the app is told of each view that asked for it."""
        top = self._modal(user, view_id)
        clear = clear or bool(top["clear_on_close"])
        for view in self._backend.surfaces.close_view(top["id"], clear=clear):
            if view["notify_on_close"]:
                payload = {**self._interaction("view_closed", user), "view": view, "is_cleared": clear}
                await self._courier.ask("interactive", payload)

    def open_home(self, user: str, tab: str = "home") -> None:
        """Open the app's Home tab (or its messages): app_home_opened."""
        workspace = self._backend.workspace
        event: Json = {"type": "app_home_opened", "user": user, "channel": workspace.dm(user).id, "tab": tab}
        home = self._backend.surfaces.homes.get(user)
        if home is not None and tab == "home":
            event["view"] = self._backend.surfaces.view(home["id"])
        workspace.emit(None, {**event, "event_ts": workspace.next_ts()})

    # -- parts

    def _interaction(self, kind: str, user: str) -> Json:
        person = self._backend.workspace.user(user)
        names = {"id": person.id, "username": person.name, "name": person.name, "team_id": TEAM_ID}
        return {
            "type": kind,
            "user": names,
            "api_app_id": APP_ID,
            "token": self._backend.tokens.verification,
            "trigger_id": self._backend.surfaces.new_trigger(user),
            "team": {"id": TEAM_ID, "domain": TEAM_NAME.lower()},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _channel(self, channel: str) -> Json:
        place = self._backend.workspace.channel(channel)
        names = {"channel": place.name, "group": "privategroup", "im": "directmessage"}
        return {"id": place.id, "name": names[place.kind]}

    def _response_url(
        self, channel: str, user: str, ts: str | None, ephemeral: bool = False, thread_ts: str | None = None
    ) -> str:
        key = self._backend.surfaces.new_response_url(channel, user, ts, ephemeral=ephemeral, thread_ts=thread_ts)
        return f"{self._backend.base_url}/_response/{key}"

    def _seen(self, user: str, channel: str, ts: str) -> Json:
        workspace = self._backend.workspace
        with workspace.lock:
            for message in workspace.ephemerals:
                if message["ts"] == ts and message["channel"] == channel and message["ephemeral_to"] == user:
                    return copy.deepcopy(message)
            return copy.deepcopy(workspace.message(channel, ts))

    def _say(self, channel: str, user: str, body: Any) -> None:
        args: Json = body if isinstance(body, dict) else {"text": str(body)}
        call = Call(self._backend, "slash_commands", args, "")
        origin = ResponseUrl(channel, user, 0.0)
        methods_chat.say(call, origin, methods_chat.message_parts(args, call))

    def _modal(self, user: str, view_id: str) -> Json:
        stack = self._backend.surfaces.open_views(user)
        for view in reversed(stack):
            if view_id in ("", view["id"]):
                return view
        raise LookupError(f"{user} has no modal open" if not stack else f"{user} has no modal {view_id} open")

    def _fill(self, view: Json, values: Mapping[str, Any]) -> Json:
        known = view["state"]["values"]
        return self._backend.surfaces.set_state(view["id"], forms.state_of(view["blocks"], values, known))


def _pressed(blocks: list[Json], action_id: str, value: Any) -> forms.Placed:
    """The element meant: of several with the same action_id, the button or menu that has the given value."""
    same = [placed for placed in forms.elements(blocks) if placed.action_id == action_id]
    if len(same) > 1 and value is not None:
        return next((placed for placed in same if value in _values(placed.element)), same[0])
    return forms.find(blocks, action_id)


def _values(element: Json) -> list[Any]:
    """What can be pressed or chosen in an element."""
    return [element.get("value"), *(option.get("value") for option in element.get("options", []))]
