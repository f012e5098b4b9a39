"""What an operator asks when something is wrong: each finding says what was seen and how to mend it.

Nothing here changes anything, so it may run beside a working bot.
"""

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from bot.models import Model
from bot.rules import RuleSet, run_rule_tests
from bot.settings import Settings
from bot.store.folder import QUEUES, READY, RESTORING, STORE, asides
from bot.store.inspect import DatabaseState, inspect_database, parked_replies, pauses
from bot.store.switches import EVERYWHERE

State = Literal["ok", "look", "wrong", "skipped"]
"""``look``: it works, and somebody should look at it. ``wrong``: it does not work."""

LITTLE_SPACE_BYTES, NO_SPACE_BYTES = 200_000_000, 5_000_000
MAX_FILES_SHOWN = 3
MAX_PARKED_SHOWN = 20
PARKED_MENDS = {
    "not_in_channel": "invite the bot to the channel again",
    "channel_not_found": "invite the bot to the channel again",
    "is_archived": "the channel is archived; nothing is to be done",
    "restricted_action": "a workspace setting forbids the post; ask a Slack admin",
    "msg_too_long": "report it, with the id",
    "review_failed": "report it, with the id and the log line that holds it",
    "delivery_failed": "report it, with the id and the log line that holds it",
}


class Finding(Model):
    """One thing that was looked at."""

    about: str
    state: State
    seen: str
    mend: str = ""


def look_around(settings: Settings, rules: RuleSet) -> Iterator[Finding]:
    """Everything but Slack."""
    yield look_at_disk(settings.data_dir)
    yield from look_at_data(settings.data_dir)
    yield look_at_llm(settings)
    yield from look_at_rules(rules)


def look_at_data(folder: Path) -> Iterator[Finding]:
    """All that lies in the data folder."""
    if folder.exists() and not os.access(folder, os.R_OK | os.X_OK):
        mend = "run this as the bot's own user, or look who owns the folder"
        yield Finding(about="data", state="wrong", seen=f"{folder} can't be read", mend=mend)
        return
    yield from look_at_files(folder)
    yield from look_at_database(folder / STORE, ours=True)
    yield from look_at_database(folder / QUEUES, ours=False)
    yield from look_at_pauses(folder)
    yield from look_at_parked(folder / STORE)


def look_at_database(path: Path, *, ours: bool) -> Iterator[Finding]:
    """One database file."""
    state = inspect_database(path, ours=ours)
    yield _database(state)
    if state.pending and state.fault is None:
        steps = ", ".join(state.pending)
        yield Finding(
            about=path.name, state="look", seen=f"{len(state.pending)} schema steps to come at the next start: {steps}"
        )


def _database(state: DatabaseState) -> Finding:
    name = state.path
    if state.newer:
        return Finding(
            about=name,
            state="wrong",
            seen=f"made by a newer version (it has {', '.join(state.newer)})",
            mend="run that version, or restore a backup made before the upgrade",
        )
    if state.fault is None:
        return Finding(about=name, state="ok", seen=f"whole, {state.bytes / 1e6:.1f} MB")
    seen, _, mend = state.fault.partition("; ")
    if state.missing:
        return Finding(about=name, state="look", seen=state.fault)
    restore = ". `humanize-bot data restore FILE` brings a backup back" if "restore" in mend else ""
    return Finding(about=name, state="wrong", seen=seen, mend=f"{mend.partition(' (')[0].rstrip('.')}{restore}")


def look_at_disk(folder: Path) -> Finding:
    """The space that is left where the data are."""
    place = folder if folder.exists() else folder.absolute().parent
    try:
        free = shutil.disk_usage(place).free
    except OSError as error:
        return Finding(
            about="disk", state="wrong", seen=f"can't be read: {error.strerror}", mend="check HUMANIZE_DATA_DIR"
        )
    if not os.access(place, os.W_OK | os.X_OK):
        mend = "check who owns the folder, and whether its disk is mounted read-only"
        return Finding(about="disk", state="wrong", seen=f"{place} can't be written", mend=mend)
    seen = f"{free / 1e9:.1f} GB free" if free > LITTLE_SPACE_BYTES else f"{free // 1_000_000} MB free"
    state: State = "ok" if free > LITTLE_SPACE_BYTES else "look" if free > NO_SPACE_BYTES else "wrong"
    return Finding(about="disk", state=state, seen=seen, mend="" if state == "ok" else "free some space")


def look_at_files(folder: Path) -> Iterator[Finding]:
    """Whether anybody but the bot's own user may read or change what is kept."""
    found = sorted(folder.iterdir()) if folder.is_dir() and os.access(folder, os.R_OK) else []
    open_ = [path.name for path in found if not path.is_symlink() and path.is_file() and path.stat().st_mode & 0o077]
    if copies := asides(folder):
        seen = f"{', '.join(path.name for path in copies[-MAX_FILES_SHOWN:])}: what a restore replaced, drafts too"
        mend = "delete them when all is well; until then an erasure does not reach them"
        yield Finding(about="copies", state="look", seen=seen, mend=mend)
    private = folder.is_dir() and not folder.stat().st_mode & 0o077  # nobody else comes as far as the files
    if os.name == "posix" and open_ and not private:
        named = ", ".join(open_[:MAX_FILES_SHOWN]) + (" and more" if len(open_) > MAX_FILES_SHOWN else "")
        seen, mend = f"others on this machine may read {named}", f"chmod 600 them, and chmod 700 {folder}"
        yield Finding(about="files", state="look", seen=seen, mend=mend)
    if os.name == "posix" and folder.is_dir() and folder.stat().st_mode & 0o022:
        seen = f"others on this machine may put files into {folder}, or take the bot's away"
        yield Finding(about="files", state="look", seen=seen, mend=f"chmod 700 {folder}")


def look_at_pauses(folder: Path) -> Iterator[Finding]:
    """Whether somebody told the bot to hold still, and whether a restore was cut short."""
    for team, by, at in pauses(folder / STORE):
        where = "everywhere" if team == EVERYWHERE else f"in {team}"
        mend = "`humanize-bot resume` ends it; what was posted meanwhile was not read"
        yield Finding(about="pause", state="look", seen=f"{where}, by {by}, since {at[:19]}Z", mend=mend)
    if (folder / RESTORING / READY).exists():
        mend = "start the bot, which finishes it"
        yield Finding(about="restore", state="look", seen="one was cut short, and all it needs is there", mend=mend)
    elif (folder / RESTORING).exists():
        mend = f"run `humanize-bot data restore FILE` once more, or delete {folder / RESTORING} to go on as before"
        yield Finding(about="restore", state="wrong", seen="one was cut short; nothing was replaced", mend=mend)


def look_at_parked(path: Path) -> Iterator[Finding]:
    """Drafts that could not be answered, each with its reason."""
    parked = parked_replies(path)
    if not parked:
        yield Finding(about="parked drafts", state="ok", seen="none")
        return
    for reply in parked[-MAX_PARKED_SHOWN:]:
        mend = PARKED_MENDS.get(reply.reason or "", "look the code up in Slack's documentation of the method")
        yield Finding(about=f"parked {reply.draft_id}", state="look", seen=reply.reason or "no reason kept", mend=mend)
    if len(parked) > MAX_PARKED_SHOWN:
        yield Finding(about="parked drafts", state="look", seen=f"{len(parked)} in all; the newest are shown")


def look_at_rules(rules: RuleSet) -> Iterator[Finding]:
    """How many rules are on, which could not be used, and whether each does what its own tests say."""
    # A team's own rule need not carry tests.
    broken = [failure for failure in run_rule_tests(rules) if failure.case != "coverage"]
    seen = f"{len(rules.rules())} on, their own tests pass" if not broken else f"{len(broken)} of their own tests fail"
    yield Finding(
        about="rules",
        state="wrong" if broken else "ok",
        seen=seen,
        mend="`humanize-bot rules test` names them" if broken else "",
    )
    for problem in rules.problems:
        yield Finding(about="rules", state="look", seen=str(problem), mend="mend the file; all other rules work")


def look_at_llm(settings: Settings) -> Finding:
    """Whether the language model's server is there, takes the key and has the model. Sends no draft."""
    if not settings.llm_configured:
        why = "switched off by HUMANIZE_LLM" if not settings.llm else "none is set; rules write the rewrites"
        return Finding(about="language model", state="skipped", seen=why)
    from bot.rewrite.breaker import MEND
    from bot.rewrite.llm_client import LlmClient

    key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else None
    where = f"{settings.llm_model} at {settings.llm_host}"
    reason = LlmClient(settings.openai_base_url, key, settings.llm_model, settings.llm_timeout_s, 0).probe()
    if reason is None:
        return Finding(about="language model", state="ok", seen=where)
    seen, _, mend = MEND[reason].partition("; ")
    return Finding(about="language model", state="wrong", seen=f"{where}: {seen}", mend=mend)


def as_text(findings: Iterable[Finding]) -> Iterator[str]:
    """A line a finding, its mend below it."""
    for finding in findings:
        yield f"{finding.state:8}{finding.about}: {finding.seen}\n"
        if finding.mend:
            yield f"{'':8}-> {finding.mend}\n"


def as_json(findings: Iterable[Finding]) -> str:
    """A list of findings."""
    return json.dumps([finding.model_dump() for finding in findings], ensure_ascii=False, indent=1) + "\n"
