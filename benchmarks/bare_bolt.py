"""A Bolt app that only acks, behind the same adapter as ours: what durability costs is measured against it.

SLACK_SIGNING_SECRET=... .venv/bin/python -m benchmarks.bare_bolt PORT
"""

import os
import sys
from typing import cast

import uvicorn
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult

from bot.metrics import AckMetrics
from bot.store import Store
from bot.workload import WorkerState
from handlers.http import build_http
from handlers.status import Status


def main() -> None:
    result = AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-bare", bot_id="BBOT", bot_user_id="UBOT")  # noqa: S106 - no token of anybody's
    app = App(signing_secret=os.environ["SLACK_SIGNING_SECRET"], authorize=lambda: result)
    app.event("message")(lambda ack: ack())
    status = Status(cast(Store, None), WorkerState, AckMetrics())
    http = build_http(app, status, os.environ["SLACK_SIGNING_SECRET"])
    uvicorn.run(http, host="127.0.0.1", port=int(sys.argv[1]), log_config=None, access_log=False)


if __name__ == "__main__":
    main()
