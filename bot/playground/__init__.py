"""A stand-in Slack: a small workspace that a real Bolt app talks to over real HTTP and WebSocket.

It serves two ends: the tests, which drive it from Python or over ``/_control``, and people, who try the bot on its
page with nothing installed. It imports no Slack SDK and nothing of the coach.
"""
