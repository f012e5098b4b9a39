"""What people do in the workspace: the writing side of :class:`bot.playground.server.SlackStandIn`."""

from abc import ABC, abstractmethod
from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar

from bot.playground import mrkdwn, shapes
from bot.playground.backend import Backend
from bot.playground.delivery import Answer
from bot.playground.errors import Json
from bot.playground.interactions import Interactions, State
from bot.playground.methods_surfaces import file_json
from bot.playground.people import BOT_USER, TEAM_ID
from bot.playground.surfaces import Surfaces
from bot.playground.workspace import Workspace

T = TypeVar("T")


class PeopleActs(ABC):
    """People's acts. Users and channels are given by id or by name (``ada``, ``drafts``)."""

    backend: Backend
    workspace: Workspace
    surfaces: Surfaces
    interactions: Interactions

    @abstractmethod
    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something in the server's event loop and wait for it."""

    def channel_id(self, channel: str) -> str:
        """The id of a channel given by id or name; channel_not_found."""
        names = {c.name: c.id for c in self.workspace.channels.values() if c.name}
        return self.workspace.channel(names.get(channel.removeprefix("#"), channel)).id

    def user_id(self, user: str) -> str:
        """The id of a user given by id or name; user_not_found."""
        names = {u.name: u.id for u in self.workspace.users.values()}
        return self.workspace.user(names.get(user.removeprefix("@"), user)).id

    # -- messages

    def post(self, channel: str, user: str, text: str, thread_ts: str | None = None, *, broadcast: bool = False) -> str:
        """Somebody writes a message as typed (links, names and emoji are converted); its ts.

        ``broadcast`` shows a reply in the channel too.
        """
        names = self.workspace.names()
        return self._post(
            channel, user, mrkdwn.as_mrkdwn(text, names), mrkdwn.as_rich_text(text, names), thread_ts, broadcast
        )

    def post_raw(self, channel: str, user: str, text: str, thread_ts: str | None = None) -> str:
        """A message whose text is already as Slack delivers it; its ts."""
        section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
        return self._post(
            channel, user, text, [{"type": "rich_text", "block_id": "raw", "elements": [section]}], thread_ts
        )

    def _post(
        self, channel: str, user: str, text: str, blocks: list[Json], thread_ts: str | None, broadcast: bool = False
    ) -> str:
        message = shapes.typed_message(self.user_id(user), text, blocks)
        if thread_ts:
            message["thread_ts"] = thread_ts
            if broadcast:
                message["subtype"] = "thread_broadcast"
        return str(self.workspace.add_message(self.channel_id(channel), message)["ts"])

    def me(self, channel: str, user: str, text: str) -> str:
        """``/me``: a me_message; its ts."""
        said = {"type": "message", "subtype": "me_message", "user": self.user_id(user), "text": mrkdwn.escape(text)}
        return str(self.workspace.add_message(self.channel_id(channel), said)["ts"])

    def post_as_bot(self, channel: str, text: str, *, user: str | None = None, bot_id: str = "B0OTHERBOT") -> str:
        """Another app posts (a ``bot_message``; with ``user`` the newer form that has no subtype); its ts."""
        said: Json = {"type": "message", "bot_id": bot_id, "app_id": "A0OTHERAPP", "text": text}
        said |= {"user": user} if user else {"subtype": "bot_message", "username": "another app"}
        return str(self.workspace.add_message(self.channel_id(channel), said)["ts"])

    def share_file(self, channel: str, user: str, filename: str, content: str | bytes, comment: str = "") -> str:
        """Somebody shares a file: a file_share message; its ts."""
        data = content.encode() if isinstance(content, str) else content
        upload = self.surfaces.new_upload(filename, max(len(data), 1))
        upload.content = data
        upload.info = file_json(self.backend.base_url, upload, filename, self.user_id(user))
        names = self.workspace.names()
        message = shapes.typed_message(
            self.user_id(user), mrkdwn.as_mrkdwn(comment, names), mrkdwn.as_rich_text(comment, names),
            subtype="file_share", files=[upload.info], upload=False, display_as_bot=False,
        )  # fmt: skip
        return str(self.workspace.add_message(self.channel_id(channel), message)["ts"])

    def edit(self, channel: str, ts: str, text: str) -> str:
        """The author edits a message; the edit's ts (``edited.ts``)."""
        channel_id = self.channel_id(channel)
        with self.workspace.lock:
            author = self.workspace.message(channel_id, ts).get("user")
            names = self.workspace.names()
            changes = {"text": mrkdwn.as_mrkdwn(text, names), "blocks": mrkdwn.as_rich_text(text, names)}
            message = self.workspace.edit_message(channel_id, ts, changes, author)
        return str(message["edited"]["ts"])

    def delete(self, channel: str, ts: str) -> None:
        """Delete a message. With replies it becomes a tombstone: Slack says message_changed, not message_deleted."""
        self.workspace.delete_message(self.channel_id(channel), ts)

    def unfurl(self, channel: str, ts: str, url: str = "https://example.com/") -> None:
        """Slack adds a link preview: a hidden message_changed with the same text and no ``edited``."""
        preview = {"id": 1, "from_url": url, "original_url": url, "fallback": url, "title": "Example"}
        self.workspace.edit_message(self.channel_id(channel), ts, {"attachments": [preview]}, None)

    def react(self, channel: str, user: str, ts: str, name: str) -> None:
        """Somebody adds a reaction."""
        self.workspace.react(self.channel_id(channel), ts, name, self.user_id(user))

    def unreact(self, channel: str, user: str, ts: str, name: str) -> None:
        """Somebody takes a reaction back."""
        self.workspace.unreact(self.channel_id(channel), ts, name, self.user_id(user))

    # -- channels and the app itself

    def invite(self, channel: str, user: str = BOT_USER, by: str = "ada") -> None:
        """Bring somebody (the bot by default) into a channel."""
        self.workspace.join(self.channel_id(channel), self.user_id(user), self.user_id(by))

    def kick(self, channel: str, user: str = BOT_USER) -> None:
        """Take somebody (the bot by default) out of a channel."""
        self.workspace.leave(self.channel_id(channel), self.user_id(user))

    def archive(self, channel: str, user: str = "ada") -> None:
        """Archive a channel."""
        self.workspace.archive(self.channel_id(channel), self.user_id(user))

    def rename(self, channel: str, name: str) -> None:
        """Rename a channel."""
        self.workspace.rename(self.channel_id(channel), name)

    def uninstall(self) -> None:
        """Remove the app: tokens_revoked and app_uninstalled (real life knows both orders); the token is dead."""
        self.backend.revoke(self.backend.tokens.bot)
        ts = self.workspace.next_ts()
        self.workspace.emit(
            None, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [BOT_USER]}, "event_ts": ts}
        )
        self.workspace.emit(None, {"type": "app_uninstalled", "event_ts": self.workspace.next_ts()})

    def oauth_code(self, team: str = TEAM_ID) -> str:
        """A code for oauth.v2.access, good once; ``team`` is the workspace that agreed to the install."""
        code = f"code-{self.workspace.next_ts()}"
        self.backend.tokens.codes[code] = team
        return code

    def emit(self, event: Json, channel: str | None = None) -> None:
        """Any other inner event, as it is."""
        place = self.workspace.channel(self.channel_id(channel)) if channel else None
        self.workspace.emit(place, {"event_ts": self.workspace.next_ts(), **event})

    # -- interactions; each waits for the app's ack

    def command(self, user: str, channel: str, name: str, text: str = "") -> Answer:
        """A slash command."""
        return self.run(self.interactions.command(self.user_id(user), self.channel_id(channel), name, text))

    def press(
        self,
        user: str,
        channel: str,
        ts: str,
        action_id: str,
        value: Any = None,
        state: State = None,
    ) -> Answer:
        """Press a button or choose in a select of a message (ephemeral too); LookupError when it is not there."""
        work = self.interactions.press(self.user_id(user), self.channel_id(channel), ts, action_id, value, state)
        return self.run(work)

    def press_in_view(self, user: str, view_id: str, action_id: str, value: Any = None, state: State = None) -> Answer:
        """The same in a modal or the Home tab."""
        return self.run(self.interactions.press_in_view(self.user_id(user), view_id, action_id, value, state))

    def submit_view(self, user: str, values: Mapping[str, Any] | None = None, view_id: str = "") -> dict[str, str]:
        """Fill in (action_id to plain value) and submit the top modal; the errors by block_id, empty when it went well.

        RuntimeError when the app did not ack.
        """
        answer, errors = self.run(self.interactions.submit(self.user_id(user), values or {}, view_id))
        if answer.failure:
            raise RuntimeError(f"the app did not take the submission: {answer.failure}, status {answer.status}")
        return errors

    def close_view(self, user: str, view_id: str = "", *, clear: bool = False) -> None:
        """Close the top modal, or with ``clear`` all of them."""
        self.run(self.interactions.close(self.user_id(user), view_id, clear=clear))

    def message_shortcut(self, user: str, channel: str, ts: str, callback_id: str) -> Answer:
        """A shortcut from a message's menu."""
        return self.run(
            self.interactions.message_shortcut(self.user_id(user), self.channel_id(channel), ts, callback_id)
        )

    def global_shortcut(self, user: str, callback_id: str) -> Answer:
        """A shortcut from anywhere."""
        return self.run(self.interactions.global_shortcut(self.user_id(user), callback_id))

    def open_home(self, user: str, tab: str = "home") -> None:
        """Open the app's Home tab."""
        self.interactions.open_home(self.user_id(user), tab)
