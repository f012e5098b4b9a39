"""The writers' word lists and frames, read from the package's own YAML."""

from importlib import resources
from typing import Any

import yaml

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def packaged(name: str) -> dict[str, Any]:
    """Read ``name`` from this package; its callers keep what they made of it."""
    text = resources.files("bot.rewrite").joinpath(name).read_text("utf-8")
    data: dict[str, Any] = yaml.load(text, Loader=_Loader)  # noqa: S506  (CSafeLoader is the safe loader in C)
    return data
