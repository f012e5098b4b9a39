"""What both processes are made of."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.intake import Intake
from bot.making import team_rules
from bot.rules import RuleSet
from bot.settings import Settings
from bot.store.folder import STORE
from bot.store.sqlite import SqliteStore
from bot.store.tokens import check_keys
from handlers.tokens import InstalledTokens, OneToken, token_source


@dataclass(frozen=True)
class Parts:
    """One set a process."""

    settings: Settings
    store: SqliteStore
    rules: RuleSet
    intake: Intake
    source: OneToken | InstalledTokens
    """Which token speaks for a workspace."""


@contextmanager
def opened(settings: Settings) -> Iterator[Parts]:
    """The parts, until the block ends. Raises SettingsError, StoreError."""
    os.umask(0o077)  # what is kept is for its owner alone, SQLite's side files too
    store = SqliteStore(settings.data_dir / STORE, settings.keep_text_days)
    try:
        check_keys([key.get_secret_value() for key in settings.encryption_keys])
        rules = team_rules(settings)
        yield Parts(settings, store, rules, Intake(rules), token_source(settings, store))
    finally:
        store.close()
