"""Cards of rules that need more than one text to fire; their flags come from elsewhere, with weight 0."""

from bot.rules.model import RuleInfo

TWIN = RuleInfo(
    id="Robotic.Twin",
    label="the copied text",
    kind="twin",
    why="Others got nearly these words before.",
    question="What is different for this reader?",
    category="robotic",
    severity="suggestion",
    weight=0.0,
    alone=True,
    needs=0,
    at_least=1,
    description="Nearly the same text, written to somebody else not long ago. It does not change the score.",
    why_it_matters="People compare notes. A line that only fits them shows that it was written for them.",
    evidence="C",
    source="buzzstream.com, 31 million mails",
)

CARDS = {TWIN.id: TWIN}
