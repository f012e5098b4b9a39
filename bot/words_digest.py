"""What the bot says in and about the weekly digest. Held to its own rules by tests/test_words.py, like bot/words.py."""

TITLE = "The week of {start} to {end}"
TITLE_SO_FAR = "This week so far, since {start}"

TONE = "{drafts} drafts. *{human}* of them read like one person talking to another{compared}."
TONE_ONE = "One draft this week."
UP = ", up from {before}"
DOWN = ", down from {before}"
SAME = ", as in the weeks before"
SCORE = "The middle draft scores {median} of 100, and half lie between {low} and {high}."
SCORE_USUAL = "It was {median} in the weeks before."
REST = "The others: {items}."
READS = {
    "human": "with people",
    "mixed": "some of both",
    "robotic": "like a template",
    "megaphone": "like a megaphone",
    "auto_dm": "like an auto-DM",
}
KINDS = {
    "own_promotion": "about us",
    "news": "news",
    "sharing_others": "others' work",
    "question": "questions",
    "reply": "replies",
    "thanks": "thanks",
    "story": "stories",
}

MIX = "The talk was {share} {kind}, where you wished for {wanted}."
MIX_SUGGESTED = "The talk was {share} {kind}, where I would suggest about {wanted}."
MIX_NONE = "None of the talk was {kind}, where you wished for {wanted}."
MIX_NONE_SUGGESTED = "None of the talk was {kind}, where I would suggest about {wanted}."
MIX_FITS = "The mix is about what you wished for."
MIX_FITS_SUGGESTED = "The mix is about what I would suggest."
ASKS = "{asks} drafts ask readers something real, {answered} of them with a word on who answers."
ASKS_ONE = "One draft asks readers something real."
ASKS_NONE = "No draft asked readers something I could not answer myself."

HABITS = "*What came up most*"
HABIT = "{label}: {count} drafts"
HABIT_BEFORE = "{label}: {count} drafts, about {before} a week before"
EXAMPLE = "A teammate lent this one, with another way to say it:"
BETTER = "{better} of {edited} drafts you came back to got warmer, by {points} points on average."
BETTER_NONE = "You came back to {edited} drafts, and they read about the same as before."
GONE = "What left them most often: {items}."
REWRITES = "Of {offered} rewrites I offered, you used {used} untouched and {tweaked} with your own changes."
NUDGES = "Where I was less help: {items}."
NUDGE = "{label} (useful {useful} of the time)"
MUTED = "Silent now, as you asked: {items}."

TRY = "*One thing to try:* {text}"
EXPERIMENTS = {
    "ask": "end one post with a question you don't know the answer to. {asks} of {drafts} drafts did this week.",
    "answer": "beside each question, write who reads the replies and until when. {open} had nobody yet.",
    "share": "swap one post about us for one about somebody else's work. {share} of the talk was about us.",
    "habit": "write one draft without {label}. It was in {count} of {drafts}.",
    "sleep": "let one draft rest for a night, then paste it again. {edited} of {drafts} got a second look.",
    "aloud": "read one draft aloud to a colleague before it goes out. What did they ask?",
}
THANKS = {
    "better": "Thank you for the second looks: {better} drafts got warmer before they went out.",
    "human": "Thank you for talking with people: {human} of the drafts did, {before} in the weeks before.",
    "asks": "Thank you for the {asks} real questions you put to readers this week.",
    "sharing_others": "Thank you for passing on {count} pieces of other people's work.",
    "reply": "Thank you for the {count} replies. Somebody wrote to you, and heard back.",
    "drafts": "Thank you for showing {drafts} drafts before they went out.",
}

EMPTY = "No drafts came by in that week, so there is nothing to tell."
EMPTY_SO_FAR = "No drafts came by this week so far, so there is nothing to tell yet."
HIDDEN = (
    "Too few people wrote for me to speak of the week without speaking of somebody. "
    "Your own weeks are in my Home tab, for you alone."
)
MISSED = "I was away for a while, so {count} before this one did not go out."
PRIVATE = "Only you see this. {when}"
WHEN_ON = "It comes here each {day} at {time} ({zone})."
WHEN_OFF = "Nobody gets it until somebody asks: `/humanize digest on monday 9:00 Europe/Berlin`."
CUT = "I left something out here, since a message holds only so much."

STOP = "Stop these"
LEND = "Show this one"
LEND_ASK = "This draft of yours could help the others. May the next digest show it, without your name?"
LENT = "Thank you. The next digest may show it, unless you delete the draft before."
LEND_GONE = "That draft is gone, so there is nothing to show."

ON_NOTICE = (
    "{user} asked me for a weekly digest here: each {day} at {time} ({zone}), about {scope}. "
    "It speaks of the team, never of one person. Anyone here can end it with `/humanize digest off`."
)
SCOPE_HERE = "the drafts in this channel"
SCOPE_ALL = "the drafts in all channels I read along in"
OFF_NOTICE = "{user} asked me to stop the weekly digest here, so it won't come any more."
ON_DONE = "Done. The first one comes on {first}."
OFF_DONE = "Stopped. `/humanize digest on` brings it back."
NOT_ON = "There is no digest in this channel to stop."
WHEN_UNCLEAR = (
    "I could not make out `{word}`. A day, an hour and a time zone is all I need: "
    "`/humanize digest on monday 9:00 Europe/Berlin`."
)
WHICH_ZONE = "Which time zone do you mean? `/humanize digest on monday 9:00 Europe/Berlin` names one."
MIX_SET = "Noted. The digest compares with that from now on."
MIX_UNCLEAR = (
    "I could not make out `{word}`. Shares in percent by kind is all I need: "
    "`/humanize digest mix about-us 25, questions 25, replies 50`. The kinds: {kinds}."
)
HELP = (
    "`/humanize digest`: the week in figures, for you alone; `digest on monday 9:00 Europe/Berlin`: here each week "
    "(`everywhere`: about all channels I read); `digest off`; `digest mix about-us 25, questions 25, replies 50`"
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

PICTURE = "How the week reads"
PICTURE_FINDING = "{human} of drafts talk with people"
PICTURE_SCORE = "Score by week"
PICTURE_SCORE_HOW = "dot: middle draft, bar: middle half"
PICTURE_MIX = "What we talked about"
PICTURE_WISHED = "your wish"
PICTURE_SUGGESTED = "my suggestion"
ALT = "{human} of {drafts} drafts read like one person talking to another{compared}. {score} {mix}"
