"""What the bot says about a file with several drafts. Held to its own rules like bot/words.py.

Names in braces are filled in by the views.
"""

READ = "I read {count} drafts. {human} of them read like one person talking to another, {look} could use a look."
READ_ALL_HUMAN = "I read {count} drafts, and each reads like one person talking to another. I would leave them alone."
READ_ONE = "I read one draft. {verdict}"
READ_NONE = "I could not read any of the drafts in there. My notes in the file say why."
HABITS = "*What came up most:* {habits}"
MIX = "*What they do:* {mix}"
FIRST = "*Worth a look first:* {rows}"
ROW = "row {number} ({why})"
DRAFT = "draft {number} ({why})"
COLUMN = "I took the drafts from the column “{column}”."
REST = "I read the first {limit}; the {rest} after them are in the file as they were."
UNREAD = "{count} I could not read; the file says why."
OTHERS = "I read one calendar at a time, so the other files of that message are still unread."
FILE_FOLLOWS = "The file with my notes is here in the thread. The rewrites in it come from rules alone."
NO_FILE = "I could not hand Slack the file with my notes ({code}). Could you share yours once more?"
PRIVATE_NO_FILE = "Slack can't show a file to one person alone, so there is none with my notes."

CELL_TOO_LONG = "This one is longer than I read ({chars} characters). Could you split it?"
CELL_UNREADABLE = "I could not read this one."
BLOCK_VERDICT = "Reads: {verdict}, {score} of 100."
BLOCK_FLAGS = "Why: {flags}."
BLOCK_REWRITE = "A rewrite, by rules alone:"

TROUBLES = {
    "not_text": "{name} holds more than plain text. Could you save it as CSV or plain text and share it again?",
    "encoding": "I can't make out the letters in {name}. Could you save it as UTF-8 and share it again?",
    "broken": (
        "I get lost in {name} around line {line}: a quotation mark there opens or ends in an odd place. "
        "Could you save it as CSV from your spreadsheet once more?"
    ),
    "no_column": "I can't tell which column of {name} holds the drafts. Could you call it `text` and share it again?",
    "empty": "I find no words in {name} yet. Could you share it again with the drafts in it?",
    "too_large": "{name} is larger than I read ({limit} kB). Could you share it in two parts?",
    "gone": "I could not get {name} from Slack. Could you share it once more?",
    "too_long": "The draft in {name} is longer than I read. Could you share the part you are least sure about?",
    "other": "I only read text files. {name} is something else. Could you paste the words?",
}
