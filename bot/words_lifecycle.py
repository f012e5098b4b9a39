"""What the bot says when something of its own goes wrong, and to whoever installs it."""

TROUBLE_TITLE = "Not this time"
NOT_INSTALLED = "I'm not installed in this workspace any more. Somebody who manages apps here can install me again."
