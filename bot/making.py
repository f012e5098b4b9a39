"""Settings -> a coach, and the rules it goes by."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from bot.coach import Coach
from bot.rewrite.voice import Voice, VoiceError, read_voice
from bot.rules import RuleSet, load_rules
from bot.rules.vocabulary import Word, read_words
from bot.settings import Settings, SettingsError

if TYPE_CHECKING:
    from bot.rewrite.memory import Memory, Watch


def make_coach(
    settings: Settings,
    memory: "Memory | None" = None,
    watch: "Watch | None" = None,
    rules: RuleSet | None = None,
) -> Coach:
    """The coach as settings have it: the team's own rules and voice, and an LLM writer when one is configured.

    With a ``memory`` the writer keeps its rewrites for a day, and the day's allowance; ``watch`` counts; ``rules`` are
    those of :func:`team_rules`. What is wrong with the team's own is in ``coach.rules.problems``. Raises SettingsError
    for a rule to switch off that is none, a voice that can't be read, a prompt that does not fit.
    """
    voice = _voice(settings)
    rules = rules or team_rules(settings)
    if not settings.llm_configured:
        return Coach(rules)
    from bot.rewrite.breaker import Breaker
    from bot.rewrite.llm_writer import LlmWriter
    from bot.rewrite.prompts import PromptError

    key = settings.openai_api_key
    try:
        writer = LlmWriter(
            base_url=settings.openai_base_url,
            api_key=key.get_secret_value() if key else None,
            model=settings.llm_model,
            timeout_s=settings.llm_timeout_s,
            max_retries=settings.llm_max_retries,
            voice=voice,
            memory=memory,
            daily_tokens=settings.llm_daily_tokens,
            breaker=Breaker(pause_s=settings.llm_pause_s),
            watch=watch,
        )
    except PromptError as error:
        raise SettingsError(str(error)) from None
    return Coach(rules, writer)


def _voice(settings: Settings) -> Voice | None:
    if settings.voice is None:
        return None
    try:
        return read_voice(settings.voice)
    except VoiceError as error:
        raise SettingsError(f"HUMANIZE_VOICE: {error}") from None


def team_rules(settings: Settings) -> RuleSet:
    """The rules with the team's own, and with the words that its voice avoids. Raises SettingsError."""
    voice = _voice(settings)
    accept, bad_accept = read_words(settings.accept, "HUMANIZE_ACCEPT")
    reject, bad_reject = read_words(settings.reject, "HUMANIZE_REJECT")
    if voice and settings.voice:
        # Words, not patterns: what stands in a voice is meant as it stands.
        reject += [Word(re.escape(word).replace("\\ ", " "), settings.voice, 0) for word in voice.dont]
    styles = tuple(Path(path) for path in settings.styles)
    problems = (*bad_accept, *bad_reject)
    rules = load_rules(styles, off=settings.rules_off, accept=accept, reject=reject, problems=problems)
    unknown = rules.unknown(settings.rules_off)
    if unknown:
        raise SettingsError(
            f"HUMANIZE_RULES_OFF: there is no rule or style {', '.join(unknown)}. `humanize-bot rules list` names them."
        )
    return rules
