"""Everything the bot itself says to people, in one place.

Held to the bot's own rules by tests/test_words.py: verdict human, no flag. Names in braces are filled in by the views;
a draft's words never pass through here.
"""

VERDICTS = {
    "human": "This reads like one person talking to another.",
    "mixed": "Some of this talks with people, some of it at them.",
    "robotic": "This reads like a template.",
    "megaphone": "This reads like it was shouted across the street.",
    "auto_dm": "This reads like an auto-DM.",
}

LEAVE_ALONE = "I would leave it alone."
SEVERAL = "{count} drafts, one by one."
NEW_REWRITE = "Another way to say it"
SETTLED = "Fine with me. I'll leave this version alone."
BETTER_GONE = "Better than the version before. Gone: {items}"
BETTER_SCORE = "Warmer than the version before, by {points} points of 100."

SENSITIVE = {
    "outage": "This is about something that does not work for people. They will read it worried.",
    "recall": "This is about a product people may have at home. They will read it worried.",
    "death": "This is about somebody's death. People who knew them will read it.",
    "layoffs": "This is about people losing their work. They will read it too.",
    "legal": "This is about a legal matter. Every word may be quoted.",
    "security": "This is about people's data. They will read it worried.",
}
SENSITIVE_HOW = "So no rewrite from me. Four things to look at before it goes out:"
CHECKLIST = (
    "What happened, in plain words, and since when",
    "What you are doing about it, and what is not known yet",
    "Where people can ask, and when they hear from you again",
    "Who speaks: a real name, and somebody who has agreed to this text",
)

OTHER_LANGUAGE = "I only know English well. Here I looked at what needs no words: tags, links, capitals and blanks."

USE_THIS = "Use this"
ANOTHER_ANGLE = "Another angle"
ITS_FINE = "It's fine"
WHY = "Why?"
NOT_USEFUL = "Not useful"
NOTED = "Noted, thank you. It counts when I decide what to speak up about."
DRAFT_GONE = "That draft is gone, so there is nothing to rewrite."
RULE_GONE = "That rule is no longer with us."
CLOSE = "Close"
WHY_TITLE = "Why I said that"
USE_TITLE = "Make it yours"
USE_SUBMIT = "I'll use it"
USE_LABEL = "The rewrite"
USE_HOW = "Change what doesn't sound like you, then copy it. I can't edit your message for you."
USE_TOO_LONG = "It is longer than this field can hold, so the end is missing here. The message has all of it."
USE_FILL = "Only you know what goes here:"
EVIDENCE = {
    "A": "Evidence: an experiment.",
    "B": "Evidence: published research that shows a link, not a cause.",
    "C": "Evidence: weak, from a vendor's own figures.",
    "principle": "Evidence: none measured. It is a principle we hold.",
}
SOURCE = "Source: {source}"
PRAISE = "What I like:"
REWRITE_PENDING = "I'm still working on a rewrite. It will show up here."
REWRITE_BY_RULES = "A rewrite, by rules alone:"
REWRITE_BY_LLM = "One way to say it:"
DROPPED = "Left out: {items}"
AND_MORE = " and {count} more"
OPEN = "Only you can fill in: {items}"
NO_REWRITE = "I have no rewrite worth showing this time. The questions may help more."
NO_LIGHT_EDIT = "Three small changes are not enough to mend this one. “Write it anew” in its thread asks for more."
TOO_LONG_TO_SHOW = "The rewrite is too long to show in a message. The questions may help."

FALLBACKS = {
    "llm_not_announced": "The channel was not told yet where drafts go, so this one comes from rules alone.",
    "llm_off": "Rewrites by a language model are switched off here, so this one comes from rules alone.",
    "no_key": "",
    "llm_refused_key": (
        "The language model refused our key, so this comes from rules alone. Whoever runs me can mend it."
    ),
    "llm_unknown_model": (
        "The language model I was set up with is not there, so this comes from rules. Whoever runs me can mend it."
    ),
    "llm_budget_spent": "Today's allowance for the language model is used up, so rules wrote this one.",
    "llm_timeout": "The language model took too long, so this comes from rules alone.",
    "llm_unavailable": "The language model was out of reach, so this comes from rules alone.",
    "llm_bad_output": "The language model gave no answer that I could use, so this comes from rules alone.",
    "checks_failed": (
        "The language model's rewrite changed what you said, so I kept it back. This comes from rules alone."
    ),
}

WATCHING_NOTICE = (
    "{user} asked me to read along in this channel. When a message looks like a draft, I answer in its thread, "
    "and I stay silent about everything else.\n"
    "*Read:* new messages, edits and deletions here.\n"
    "*Kept:* drafts and what I found in them, on the server I run on, until the message is deleted, for at most {days} "
    "days. Other messages are not kept.\n"
    "*Sent on:* {sent}\n"
    "Anyone here can end this with `/humanize unwatch`."
)
SENT_TO_LLM = "drafts, for a rewrite, to {host}. Nothing else leaves."
SENT_NOWHERE = "nothing. No language model is connected."
NOW_SENT = "Something changed here. From now on I send on: {sent}"
UNWATCHED_NOTICE = "{user} asked me to stop reading along here, so I have stopped."

WATCH_STARTED = "I'm reading along now. The notice above says what that means."
WATCH_ENDED = "I have stopped reading along here."
WATCH_ENDED_QUIETLY = "I have stopped reading along here. I could not say so in the channel, since I'm not in it."
LLM_OFF_NOTICE = (
    "{user} switched the language model off here. Drafts stay on the server I run on; rules write the rewrites."
)
LLM_ON_NOTICE = "{user} switched the language model on here. Drafts are sent to {host} for a rewrite; nothing else is."
LLM_DONE = "Done. The notice in the channel says what changed."
LLM_NONE = "No language model is connected, so there is nothing to switch. Rules write the rewrites."
LLM_SAME = "It is {state} here already."
ALREADY_WATCHING = "I already read along here. `/humanize unwatch` ends it."
NOT_WATCHING = "I'm not reading along in this channel."
NOT_INVITED = "I'm not in this channel yet. Type `/invite @humanize` here, then `/humanize watch` once more."
NOT_A_MEMBER = "Only members of a channel can decide that I read along. Join it first, then ask me again."
ONLY_CHANNELS = "I can read along in channels, not in direct messages. `/humanize` and a draft works anywhere."
CHANNEL_ARCHIVED = "This channel is archived, so there is nothing for me to read."
SLACK_TROUBLE = "Slack could not take that just now ({code}). Could you try again in a minute?"
STORE_TROUBLE = "I can't write anything down at the moment, so I did not take this in. Could you try again in a minute?"

READING = "Reading your draft. The answer will show up here, for you alone."
READING_LLM = "Reading your draft. The answer will show up here, for you alone. For a rewrite it goes to {host}."
PRIVATE_TROUBLE = "I read your draft, but my answer did not fit in here. Could you try with a part of it?"
HANDLER_TROUBLE = "Something went wrong on my side, and I have noted where. Could you try once more?"
EMPTY_DRAFT = "There is nothing to read in that. `/humanize` and the text of a draft gets you an answer only you see."
TOO_LONG = "That is {chars} characters, and I read up to {limit}. Could you send the part you are least sure about?"


def sent_on(llm_host: str | None) -> str:
    """What is sent on, and to whom."""
    return SENT_TO_LLM.format(host=llm_host) if llm_host else SENT_NOWHERE
