"""The Home tab, made anew each time somebody opens it."""

import logging
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from bot import digest
from bot.digest import text
from bot.digest.build import label_of
from bot.learning import RuleFigures
from bot.store import Channel, StoreError
from bot.store.counting import week_of
from handlers import allowed, modals, settings
from handlers.asked import Asked, team_of
from handlers.views import home, proposal
from handlers.wiring import Wiring

log = logging.getLogger(__name__)

MARKS = 20

Body = dict[str, Any]


def register(app: App, wiring: Wiring) -> None:
    """Route the tab, its buttons, and those of a proposal wherever it stands."""

    def opened(event: Body, client: WebClient, context: Body) -> None:
        if event.get("tab", "home") == "home" and isinstance(event.get("user"), str):
            publish(wiring, client, str(context.get("team_id") or ""), event["user"])

    def new(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        modals.open_form(wiring, client, body["trigger_id"], team_of(body), "")

    def settle(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        channel = str(body["actions"][0]["value"])
        settings.open_settings(_asked(wiring, body, client, channel))

    def decided(ack: Ack, body: Body, client: WebClient, respond: Respond) -> None:
        ack()
        action = body["actions"][0]
        rule, _, elsewhere = str(action["value"]).partition(" ")
        here = elsewhere or str((body.get("channel") or {}).get("id", ""))
        said = settings.decide(_asked(wiring, body, client, here, rule), mute_it=action["action_id"] == proposal.MUTE)
        if body.get("response_url"):
            respond(said, response_type="ephemeral", replace_original=True)
        else:
            publish(wiring, client, team_of(body), body["user"]["id"])

    app.event("app_home_opened")(opened)
    app.action(home.NEW)(new)
    app.action(home.SETTINGS)(settle)
    app.action(proposal.MUTE)(decided)
    app.action(proposal.KEEP)(decided)


def publish(wiring: Wiring, client: WebClient, team: str, user: str) -> None:
    """Show somebody their tab as things are now."""
    try:
        view = home.home(_gathered(wiring, team, user))
    except StoreError as error:
        log.warning("home tab without figures", extra={"error": str(error)})
        view = home.trouble()
    client.views_publish(user_id=user, view=view)


def _gathered(wiring: Wiring, team: str, user: str) -> home.Home:
    store = wiring.store
    marks = tuple(store.personal.marks(team, user, MARKS))
    theirs = {mark.channel for mark in marks}
    admin = user in wiring.admins
    places = [
        home.Place(channel.channel, _proposals(wiring, channel, user))
        for channel in store.watched_channels()
        if channel.team == team
        and not channel.direct
        # Others' channels are nobody's business: private ones have names too.
        and (admin or channel.watched_by == user or (channel.channel in theirs and not wiring.admins))
    ]
    may = allowed.names(wiring) if wiring.admins and not admin else ""
    return home.Home(marks=marks, team=_team_week(wiring, team), places=tuple(places), may=may)


def _proposals(wiring: Wiring, channel: Channel, user: str) -> tuple[RuleFigures, ...]:
    if channel.watched_by != user:
        return ()
    choices = wiring.store.choices
    waiting = {one.rule for one in choices.proposals(channel.team, channel.channel)}
    return tuple(one for one in choices.figures(channel.team, channel.channel) if one.rule in waiting)


def _team_week(wiring: Wiring, team: str) -> tuple[str, ...]:
    """The week so far, by the digest's own rules about how few people are too few."""
    store = wiring.store
    week = week_of(datetime.now(UTC), ZoneInfo(store.rollups.settings(team).zone))
    # Where there are too few, the view says so in its own words.
    made = digest.build(store, team, None, week, lambda rule: label_of(wiring.rules, rule), so_far=True)
    if text.nothing(made):
        return ()
    return tuple(line for line in (text.finding(made), text.score(made), text.mix(made)) if line)


def _asked(wiring: Wiring, body: Body, client: WebClient, channel: str, argument: str = "") -> Asked:
    return Asked(
        wiring=wiring,
        client=client,
        team=team_of(body),
        channel=channel,
        user=body["user"]["id"],
        argument=argument,
        trigger_id=str(body.get("trigger_id") or ""),
    )
