"""What the bot says when somebody wants to be forgotten, or when it is told to hold still."""

PAUSED = (
    "I'm on pause: somebody who runs me asked me to hold still, so nothing is read or answered. "
    "`/humanize forget me` works all the same."
)
PAUSE_DONE = "Done. From now on I read nothing and post nothing here. `/humanize resume` ends it."
PAUSE_SAME = "I'm on pause already. `/humanize resume` ends it."
RESUME_DONE = "I'm back. What you posted meanwhile I have not read."
RESUME_SAME = "I was not on pause."
PAUSED_EVERYWHERE = "Whoever runs the server put me on pause everywhere, so only they can end it."
ONLY_ADMINS = "Only these people can do that: {people}."
NO_ADMINS = "Nobody is named for that yet. Whoever runs me can set HUMANIZE_ADMINS."
CHANNEL_NOT_LISTED = (
    "I may only read along in channels that whoever runs me has listed, and this one is not among them. "
    "`/humanize` and a draft works here all the same."
)

LINK_ODD = "A link in it is not what it looks like: it leads to {hosts}. Is that the address you mean?"

FORGET_HOW = (
    "Here is what would go: {found}.\n"
    "*Gone for good:* the words of your drafts and rewrites, what you gave me in private, and your name beside them. "
    "My replies in threads that quote you go too.\n"
    "*What stays:* your own messages in Slack, which are yours; figures without your name; what other people wrote.\n"
    "I don't stop reading: a new draft of yours is read as before. `/humanize unwatch` ends that for a channel.\n"
    "Type `/humanize forget me now` and I do it."
)
FORGET_DONE = (
    "Done: {found}. My replies that quote you are on their way out of the threads; where I'm no longer in a channel, "
    "I can't take them away, and a person there can."
)
FORGET_NOTHING = "I have nothing of yours, so there is nothing to forget."
FOUND = "{drafts} of your drafts, {asks} private questions, {marks} notes of what you pressed or chose"

FORGET_HELP = "`/humanize forget me`: what I have of yours, and how to make it go"
PAUSE_HELP = "`/humanize pause` or `resume`: the switch for whoever runs me"
PAUSED_TITLE = "On pause"
