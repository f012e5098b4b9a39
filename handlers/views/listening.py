"""One quiet line under a draft that asks its readers something: who listens for replies, and until when?"""

from bot import words_surfaces as words
from handlers.views.blocks import Block, actions, context, option

OWNER, UNTIL = "listens", "listens_until"
BLOCK = "listening"
UNTILS = {"today": words.UNTIL_TODAY, "tomorrow": words.UNTIL_TOMORROW, "week": words.UNTIL_WEEK}


def line(draft_id: str) -> list[Block]:
    """The question with its two selects; what is chosen goes into the digest's totals only."""
    who: Block = {"type": "users_select", "action_id": OWNER, "placeholder": _plain(words.WHO_LISTENS_CHOOSE)}
    until: Block = {
        "type": "static_select",
        "action_id": UNTIL,
        "placeholder": _plain(words.UNTIL_CHOOSE),
        "options": [option(label, code) for code, label in UNTILS.items()],
    }
    return [context(words.WHO_LISTENS), actions(f"{BLOCK}-{draft_id}", [who, until])]


def draft_of(block_id: str) -> str:
    """The draft that a line is about."""
    return block_id.removeprefix(f"{BLOCK}-")


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}
