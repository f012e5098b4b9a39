"""``/humanize forget me``: what there is of somebody, and on a second word it goes."""

from bot import words_guard as words
from bot.store.erasure import Erased, Subject
from handlers.asked import Asked

MARKS = ("feedback", "channels", "choices", "mutes", "explained", "reply_owners", "digests")
"""Tables in which a name stands beside something that was pressed or chosen."""


def forget_me(asked: Asked) -> str:
    """What would go and what stays; nothing is touched yet."""
    found = asked.wiring.store.erasure.erase(_who(asked), dry_run=True)
    return words.FORGET_HOW.format(found=_counted(found)) if any(found.counts.values()) else words.FORGET_NOTHING


def forget_me_now(asked: Asked) -> str:
    """Erase, have the replies that quote them taken away, and say what went."""
    store = asked.wiring.store
    found = store.erasure.erase(_who(asked))
    if not any(found.counts.values()):
        return words.FORGET_NOTHING
    store.audit.note("forget me", who="erased", via="slack", team=asked.team, rows=sum(found.counts.values()))
    for draft_id in found.drafts:
        asked.wiring.queue.enqueue_delivery(draft_id, "erased")
    for shared_id in store.shared.unremoved():
        asked.wiring.queue.enqueue_files(shared_id, "erased")
    return words.FORGET_DONE.format(found=_counted(found))


def _who(asked: Asked) -> Subject:
    return Subject(user=asked.user, team=asked.team)


def _counted(found: Erased) -> str:
    marks = sum(found.counts.get(table, 0) for table in MARKS)
    return words.FOUND.format(drafts=found.counts["drafts"], asks=found.counts["asks"], marks=marks)
