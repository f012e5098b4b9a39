"""A digest -> the message people read. Pure."""

from typing import Any

from bot import words_digest as words
from bot.digest import text
from bot.digest.chart import chart_rows
from bot.digest.models import Digest, Example
from handlers.views.blocks import Block, actions, bullets, button, context, quote, section, shorten
from handlers.views.review import Message

STOP, LEND = "digest_stop", "digest_lend"
EXAMPLE_CHARS = 500
ALT_CHARS = 2_000


def digest_message(digest: Digest, file: str | None = None, *, chart: bool = True, stop: bool = True) -> Message:
    """The digest. ``file``: Slack's id of its picture; without one a chart block where ``chart``, else words alone.
    ``stop``: with the button that ends them."""
    title = text.title(digest)
    blocks: list[Block] = [section(f"*{title}*\n{text.finding(digest)}")]
    if digest.tone is not None:
        if file:
            blocks.append(picture(file, f"{title}. {text.alt(digest)}"))
        elif chart and (drawn := chart_block(digest)):
            blocks.append(drawn)
        blocks += _figures(digest, pictured=bool(file))
    if digest.missed:
        blocks.append(context(words.MISSED.format(count=digest.missed)))
    if stop:
        blocks.append(actions("digest", [button(words.STOP, STOP, "stop")]))
    return Message(f"{title}: {_plain(text.finding(digest))}", blocks)


def preview(digest: Digest, when: str, lend: list[tuple[str, Example]]) -> Message:
    """The digest for one person alone. ``when``: who gets it else; ``lend``: (value, example) of own drafts that could
    be shown to the others, each with a button."""
    message = digest_message(digest, stop=False)
    blocks = [context(words.PRIVATE.format(when="")), *message.blocks]
    for number, (value, example) in enumerate(lend):
        blocks += [section(words.LEND_ASK), *_example(example)]
        blocks.append(actions(f"lend-{number}", [button(words.LEND, LEND, value)]))
    blocks.append(section(when))
    return Message(message.text, blocks)


def without_charts(message: Message) -> Message:
    """For a Slack that has no chart block yet: the words say it all."""
    return Message(message.text, [block for block in message.blocks if block["type"] != "data_visualization"])


def picture(file: str, alt: str) -> Block:
    """A picture that was uploaded before."""
    return {"type": "image", "slack_file": {"id": file}, "alt_text": shorten(alt, ALT_CHARS)}


def chart_block(digest: Digest) -> Block | None:
    """Slack's own chart: the weeks as a line where there are enough of them, else how this week reads."""
    weeks = chart_rows(digest)
    if weeks:
        data = [{"label": f"{t.week.day} {text.MONTHS[t.week.month - 1][:3]}", "value": t.median} for t in weeks]
        labels = [point["label"] for point in data]
        made: dict[str, Any] = {
            "type": "line",
            "series": [{"name": words.PICTURE_SCORE, "data": data}],
            "axis_config": {"categories": labels},
        }
        return {"type": "data_visualization", "title": words.PICTURE_SCORE, "chart": made}
    if digest.tone is None:
        return None
    shares = [(words.READS[verdict], round(share * 100)) for verdict, share in digest.tone.shares.items() if share]
    segments = [{"label": label, "value": value} for label, value in shares]
    return {"type": "data_visualization", "title": words.PICTURE, "chart": {"type": "pie", "segments": segments}}


def _figures(digest: Digest, *, pictured: bool) -> list[Block]:
    blocks: list[Block] = [] if pictured else [section(text.score(digest))]
    blocks.append(section(text.mix(digest)))
    if digest.habits:
        blocks += [section(words.HABITS), bullets(text.habits(digest))]
    shown = next((habit.example for habit in digest.habits if habit.example), None)
    if shown:
        blocks += [section(words.EXAMPLE), *_example(shown)]
    blocks.append(section(words.TRY.format(text=digest.experiment)))
    blocks.append(section(digest.thanks))
    blocks.append(
        context(" ".join(line for line in text.small_print(digest) if pictured or line != text.score(digest)))
    )
    return blocks


def _example(example: Example) -> list[Block]:
    return [quote(shorten(example.draft, EXAMPLE_CHARS)), quote(shorten(example.rewrite, EXAMPLE_CHARS))]


def _plain(mrkdwn: str) -> str:
    return mrkdwn.replace("*", "")
