"""Prompt templates: text files with named variables, filled strictly.

They live in the top-level folder ``prompts`` of the sources and in ``bot/_prompts`` of an installed package. A file is
named ``<name>.v<version>.txt``; the version in use is :data:`VERSION`, and :data:`VARIABLES` says what each one takes.
"""

from functools import lru_cache
from importlib import resources
from pathlib import Path
from string import Template

VERSION = 4
VARIABLES: dict[str, frozenset[str]] = {
    "rewrite-system": frozenset({"angles", "examples", "wishes", "fence"}),
    "rewrite-examples": frozenset(),
    "rewrite-user": frozenset({"fence", "data"}),
    "rewrite-wishes": frozenset({"most", "changes"}),
    "rewrite-repair": frozenset({"failures"}),
}


class PromptError(ValueError):
    """A template that is not there, or variables that do not match it; the message names them."""


@lru_cache(maxsize=16)
def template(name: str, version: int = VERSION) -> Template:
    """Read a template. Raises :class:`PromptError` when there is none of that name and version."""
    file = f"{name}.v{version}.txt"
    for folder in (resources.files("bot").joinpath("_prompts"), Path(__file__).parents[2] / "prompts"):
        found = folder.joinpath(file)
        if found.is_file():
            return Template(found.read_text("utf-8").strip())
    raise PromptError(f"no prompt template {file}")


def check_templates() -> None:
    """Read every template in use. Raises :class:`PromptError` naming variables that are missing, unknown or broken."""
    for name, given in VARIABLES.items():
        _matched(name, template(name), given)


def render(name: str, /, **values: str) -> str:
    """Fill a template. Raises :class:`PromptError` naming every variable that is missing or that it does not have.

    Values are put in as they are and never read as templates themselves.
    """
    text = template(name)
    _matched(name, text, frozenset(values))
    return text.substitute(values)


def lines(name: str, /, **values: str) -> dict[str, str]:
    """Fill a template whose lines are ``key: text``, and return them by key. Raises :class:`PromptError`."""
    return dict(line.split(": ", 1) for line in render(name, **values).splitlines())


def _matched(name: str, text: Template, given: frozenset[str]) -> None:
    if not text.is_valid():
        raise PromptError(f"prompt {name}: a $ that begins no variable; write $$ for the sign")
    wanted = set(text.get_identifiers())
    missing, unknown = sorted(wanted - given), sorted(given - wanted)
    if missing or unknown:
        what = [f"missing: {', '.join(missing)}"] * bool(missing) + [f"unknown: {', '.join(unknown)}"] * bool(unknown)
        raise PromptError(f"prompt {name}: {'; '.join(what)}")
