"""From a Slack message to the draft in it: prose, without the marks that say it is a draft."""

from bot.models import Context, Model, Network
from bot.rules import RuleSet
from bot.rules.chatter import is_draft, strip_marks
from bot.split import split
from bot.text import from_mrkdwn


class DraftText(Model):
    """A draft's own words as its readers will see them, and the network its mark names (``LinkedIn: …``)."""

    text: str
    network: Network | None = None
    label: str | None = None
    """What the message calls it ("Option A"), when it holds several."""


class Intake:
    """Reads messages with the rules' eyes."""

    def __init__(self, rules: RuleSet) -> None:
        self._rules = rules

    def read(self, mrkdwn: str) -> tuple[DraftText, ...]:
        """The drafts in a message, at least one; the whole message where nothing marks a part of it."""
        prose = from_mrkdwn(mrkdwn.replace("\x00", " ")).text
        pieces = split(prose)
        if len(pieces) > 1:
            return tuple(
                DraftText(text=prose[piece.start : piece.end], network=piece.network, label=piece.label)
                for piece in pieces
            )
        start, end, network = strip_marks(prose)
        return (DraftText(text=prose[start:end], network=network),)

    def words(self, mrkdwn: str) -> str:
        """The drafts' own words, to compare versions by."""
        return "\n".join(draft.text for draft in self.read(mrkdwn))

    def looks_like_draft(self, mrkdwn: str, *, in_thread: bool) -> bool:
        """Whether a channel message is a draft at all; chatter is not."""
        return is_draft(from_mrkdwn(mrkdwn).text, Context(as_channel=True, in_thread=in_thread), self._rules)
