"""What the bot says on Slack's other surfaces: modals, the Home tab, settings. Held to its own rules like bot/words.py.

Names in braces are filled in by the views; a draft's words never pass through here.
"""

SMALL_THINGS = "Only small things from me."
ASKS_NOTHING = "It asks nothing yet. What would you like to hear back?"

# who listens for replies

WHO_LISTENS = "Who listens for replies, and until when?"
WHO_LISTENS_CHOOSE = "Who listens"
UNTIL_CHOOSE = "Until when"
UNTIL_TODAY = "Until tonight"
UNTIL_TOMORROW = "Until tomorrow"
UNTIL_WEEK = "For a week"
LISTENING_NOTED = "Noted. It counts in the weekly totals, and nobody sees a name."

# the modal for a draft

COMPOSE_TITLE = "A draft, in private"
COMPOSE_SUBMIT = "Read it"
COMPOSE_DRAFT = "Your draft"
COMPOSE_DRAFT_HINT = "Up to 3,000 characters here. The answer is for you alone."
COMPOSE_NETWORK = "Where will it go?"
COMPOSE_NETWORK_ANY = "I don't know yet"
COMPOSE_AUDIENCE = "Who is it for?"
COMPOSE_AUDIENCE_HINT = "One person you have in mind says more than a group."
COMPOSE_HOPE = "What do you hope to hear back?"
COMPOSE_KEEP = "Words to keep"
COMPOSE_KEEP_HINT = "A tag, a name, a legal line; with commas between."
COMPOSE_NOTHING = "There is nothing to read in that yet."
COMPOSE_KEEP_MISSING = "I can't find {word} in your draft."
COMPOSE_KEEP_MANY = "That is more than I can hold on to. Could you name the ten that matter?"
COMPOSE_SENT = "For a rewrite your draft goes to {host}. Nothing else leaves."
READING_TITLE = "What I notice"
READING = "Reading your draft. The answer will show up here, for you alone."
MODAL_TROUBLE = "I read your draft, but my answer did not fit in here. `/humanize last` may show it."

NETWORKS = {
    "x": "X",
    "linkedin": "LinkedIn",
    "instagram": "Instagram",
    "facebook": "Facebook",
    "threads": "Threads",
    "email": "Email",
    "dm": "A direct message",
    "sms": "A text message",
    "blog": "A blog",
}

# subcommands

SLIP = "I don't know `{word}`. Did you mean `/humanize {meant}`? If it is a draft, start it with `draft:`"
LAST_NONE = "There is no private answer to show. I keep them for a day."
STATUS_WATCHED = "I read along here, since {by} asked me to."
STATUS_NOT_WATCHED = "I'm not reading along here. `/humanize watch` changes that."
STATUS_DIRECT = "This is our own conversation. I read what you write here, and answer you."
STATUS_PUBLIC = "Answers go into the draft's thread."
STATUS_PRIVATE = "Only the author of a draft sees my answer."
STATUS_LLM = "For a rewrite drafts go to {host}."
STATUS_LLM_OFF = "Drafts stay on the server I run on; rules write the rewrites."
STATUS_NETWORK = "Drafts that don't say where they go are read as meant for: {network}."
STATUS_STRICTNESS = {
    "gentle": "I speak up only where a draft reads like a template, a megaphone or an auto-DM.",
    "usual": "I speak up where a draft does not read like one person talking to another.",
    "strict": "I speak up about small things too, and where a draft asks its readers nothing.",
}
STATUS_MUTED = "Silent rules here: {rules}."
STATUS_KEEP = "Words I keep in rewrites: {count}."
RULES_TITLE = "What I look for, by rule. `/humanize mute` and a rule's name makes one silent here."
RULES_SILENT = "silent here"
MUTED = "Done. `{rule}` is silent here from now on. `/humanize unmute {rule}` brings it back."
MUTED_ALREADY = "`{rule}` is silent here already."
UNMUTED = "Done. `{rule}` may speak again here."
UNMUTED_ALREADY = "`{rule}` is not silent here."
NO_SUCH_RULE = "I have no rule `{rule}`. `/humanize rules` lists them."
NO_SUCH_RULE_NEAR = "I have no rule `{rule}`. Did you mean `{near}`?"
PRIVACY = (
    "*Read:* messages in channels where I was asked to read along, and what you give me yourself.\n"
    "*Kept:* drafts and what I found in them, on the server I run on, until the message is deleted, for at most {days} "
    "days. Private answers for a day. Other messages are not kept.\n"
    "*Sent on:* {sent}\n"
    "*Seen by:* a private answer by you alone. No person's figures are shown to anyone else."
)
HELP = (
    "`/humanize` _text of a draft_: what I notice, and a rewrite, for you alone\n"
    "`/humanize`: the same with a form\n"
    "`/humanize last`: my last private answer once more\n"
    "`/humanize watch` or `unwatch`: I read along in this channel and answer drafts, or I stop\n"
    "`/humanize status`: how I work in this channel\n"
    "`/humanize settings`: change that\n"
    "`/humanize rules`, `mute` and `unmute` with a rule's name: what I look for here\n"
    "`/humanize llm on` or `llm off`: whether a language model sees this channel's drafts\n"
    "{more}"
    "`/humanize privacy`: what is read, kept and sent on\n"
    "Start a message with `draft:` and I will always take it as one."
)

# settings

SETTINGS_TITLE = "How I work here"
SETTINGS_SUBMIT = "Save"
SETTINGS_LOADING = "One moment."
SETTINGS_ANSWERS = "Who sees my answers to a draft?"
SETTINGS_PUBLIC = "Everybody, in its thread"
SETTINGS_PRIVATE = "Only its author"
SETTINGS_NETWORK = "Where do drafts from here go?"
SETTINGS_NETWORK_HINT = "For drafts that don't say it themselves."
SETTINGS_NETWORK_ANY = "It differs"
SETTINGS_STRICTNESS = "When should I speak up?"
SETTINGS_STRICTNESSES = {
    "gentle": "Only when it reads like a template or a megaphone",
    "usual": "When it does not read like one person to another",
    "strict": "About small things too, or when it asks nothing",
}
SETTINGS_KEEP = "Words that rewrites keep, here"
SETTINGS_KEEP_TEAM = "Words that rewrites keep, in the whole workspace"
SETTINGS_KEEP_HINT = "Names, tags, slogans; with commas between."
SETTINGS_LLM = "May a language model see drafts from here?"
SETTINGS_LLM_ON = "Yes, {host}"
SETTINGS_LLM_OFF = "No, rules write the rewrites"
SETTINGS_RULES = "Rules that stay silent here"
SETTINGS_TOO_LONG = "At most {words} entries of {chars} characters. Could you shorten it?"
SETTINGS_SAVED = "Saved. It counts from the next draft on."
SETTINGS_NOT_HERE = "Settings belong to a channel. Could you ask me in one that I read along in?"
SETTINGS_LLM_NOT_TOLD = "The rest is saved. The language model is as it was: {why}"
NOT_ALLOWED_ADMINS = (
    "Here only {people} can change how I work. Whoever runs me chose that. `/humanize status` shows how it is."
)
NOT_ALLOWED_MEMBER = "Only members of a channel can change how I work in it. Join it first, then ask me again."
NOW_PRIVATE_NOTICE = "{user} changed how I answer here. From now on only the author of a draft sees what I say."
NOW_PUBLIC_NOTICE = "{user} changed how I answer here. From now on I answer in the draft's thread, for all of you."

# learning

PROPOSE = (
    "People here often call `{rule}` not useful: {useless} of {shown} times, by {people} people. "
    "Should it be silent in this channel?"
)
PROPOSE_MUTE = "Make it silent"
PROPOSE_KEEP = "Keep it"
PROPOSE_KEPT = "It stays. I count anew from here."

# the Home tab

HOME_TITLE = "Your drafts"
HOME_EMPTY = "No draft of yours yet. Paste one in a channel where I read along, or type `/humanize`."
HOME_ONLY_YOU = "Only you see this."
HOME_TREND = "Your last {count}, oldest first: {scores}. 0 talks at people, 100 with them."
HOME_TREND_UP = "You talk with people more than you did: {before} before, {now} now."
HOME_TREND_SAME = "About the same as before: {now}."
HOME_TREND_DOWN = "A bit more at people lately than before: {before} before, {now} now. Anything new in what you write?"
HOME_TEAM = "The team"
HOME_TEAM_NONE = "Too few drafts this week to say anything of the team without pointing at somebody."
HOME_SETTINGS = "Channels I read along in"
HOME_NO_CHANNELS = "None yet. `/humanize watch` in a channel changes that."
HOME_SETTINGS_BUTTON = "Settings"
HOME_MAY_NOT = "Only {people} can change how I work. Whoever runs me chose that."
HOME_MEMBERS = "Members of a channel can change how I work in it."
HOME_NEW = "Read a draft of mine"
HOME_TROUBLE = "I can't read my notes at the moment. Could you come back in a minute?"

# our own conversation

DIRECT_SENT = "For a rewrite, what you paste here goes to {host}. Nothing else leaves. `/humanize llm off` ends that."
DIRECT_HINT = "Paste a draft here, and I tell you what I notice. Where will it go, and who is it for?"
"""Said to what is no draft."""

# files

FILE_TOO_LARGE = "{name} is larger than I read ({limit} kB). Could you paste the part you are least sure about?"
FILE_NOT_TEXT = "I only read text files. {name} is something else. Could you paste the words?"
FILE_GONE = "I could not get {name} from Slack. Could you paste the words?"
