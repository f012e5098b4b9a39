"""What the bot says when something of its own goes wrong, and to whoever installs it."""

TROUBLE_TITLE = "Not this time"
NOT_INSTALLED = "I'm not installed in this workspace any more. Somebody who manages apps here can install me again."

INSTALL_TITLE = "Installed"
INSTALL_DONE = (
    "I'm in {team} now, and I read nothing yet. Invite me to a channel with /invite @humanize, then type "
    "/humanize watch there; everybody in it is told. Or type /humanize and a draft, for an answer only you see."
)
INSTALL_NOT_TITLE = "Not installed"
INSTALL_CANCELLED = "You said no at Slack, so nothing was installed and nothing is kept. You can close this page."
INSTALL_STATE = (
    "This link was used before, is older than ten minutes, or was begun in another browser. "
    "Please begin again at /slack/install."
)
INSTALL_REFUSED = (
    "Slack did not hand over the keys. Please begin again at /slack/install; whoever runs me sees why in the log."
)
INSTALL_STORE = "I can't keep anything right now. Could you try again in a minute?"
