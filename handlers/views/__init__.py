"""Models -> Block Kit. Pure: no Slack calls, no store."""
