"""The Slack side: events in, blocks out. The routing table is ``register``."""

from slack_bolt import App

from handlers import actions, commands, digest, drafts, errors, home, lifecycle, modals, settings, shortcuts
from handlers.gate import Gate
from handlers.inbox import Inbox
from handlers.lifecycle import Lifecycle
from handlers.once import respond_once
from handlers.whose import Whose
from handlers.wiring import Wiring


def register(app: App, wiring: Wiring) -> None:
    """Route everything Slack can send: the inbox makes drafts durable before the ack, the rest answers people."""
    errors.register(app)
    app.use(respond_once)
    app.use(Whose(wiring.store, wiring.client_of).check)
    app.use(Lifecycle(wiring.store, wiring.erase_after_days).take)
    app.use(Gate(wiring.store).check)
    app.use(Inbox(wiring.store, wiring.queue, wiring.intake).take)
    # Bolt asks listeners one by one whether a payload is theirs: what comes most often comes first.
    drafts.register(app)
    commands.register(app, wiring)
    actions.register(app, wiring)
    modals.register(app, wiring)
    shortcuts.register(app, wiring)
    settings.register(app, wiring)
    home.register(app, wiring)
    digest.register(app, wiring)
    lifecycle.register(app)
