"""The database in trouble under a running bot: no ack, so Slack comes again, and the draft is answered once."""

import json
import resource
import urllib.error
import urllib.request

from bot.playground.delivery import Delivery
from bot.playground.server import SlackStandIn
from tests.e2e.harness import MEGAPHONE, BotProcess, reply, watched


def deliveries(slack: SlackStandIn, ts: str) -> list[Delivery]:
    return [d for d in slack.deliveries("message") if d.payload["event"].get("ts") == ts]


def refused(slack: SlackStandIn, ts: str) -> bool:
    """Slack tried, and got no 200."""
    return any(answer.status == 500 for d in deliveries(slack, ts) for answer in d.answers)


def ready(bot: BotProcess) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"{bot.url}/readyz", timeout=30) as answer:  # noqa: S310 - http, ours
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_a_full_disk(own_slack: SlackStandIn, own_bot: BotProcess) -> None:
    """No file of the bot's may grow: what a full disk does, to this one process."""
    channel = watched(own_slack, "full")
    reply(own_slack, channel, own_slack.post(channel, "ada", MEGAPHONE))
    own_slack.set_retry_factor(1)  # so that the retries do not run out meanwhile
    grows = own_bot.data / "humanize.db-wal"
    limit = max(grows.stat().st_size, own_bot.log_path.stat().st_size + 20_000)
    resource.prlimit(own_bot.process.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    posts = [own_slack.post(channel, "ada", f"{MEGAPHONE} #{number}") for number in range(6)]
    own_slack.wait_for(lambda: any(refused(own_slack, ts) for ts in posts))
    status, said = ready(own_bot)
    own_slack.set_retry_factor(0.01)
    resource.prlimit(own_bot.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert status == 503, said
    assert "disk" in json.loads(said)["database"]
    acked = own_slack.wait_for(
        lambda: [ts for ts in posts if any(d.done and d.answers[-1].ok for d in deliveries(own_slack, ts))]
    )
    marker = own_slack.post(channel, "noor", f"{MEGAPHONE} #marker")
    reply(own_slack, channel, marker)
    own_slack.wait_for(lambda: all(own_slack.thread(channel, ts) for ts in acked), timeout=60)
    assert all(len(own_slack.thread(channel, ts)) == 1 for ts in acked)
    assert "Traceback" not in own_bot.log()
