"""The Slack app's manifest, as a dict."""

from pathlib import Path
from typing import Any

import yaml

# In a wheel it lies beside this file, in the source tree one folder up.
_PLACES = (Path(__file__).with_name("app.yaml"), Path(__file__).parents[1] / "app.yaml")


def load_manifest() -> dict[str, Any]:
    """Read app.yaml. Raises FileNotFoundError when the installation is not whole."""
    path = next((place for place in _PLACES if place.exists()), None)
    if path is None:
        raise FileNotFoundError("app.yaml is missing from this installation; install humanize-bot again")
    manifest: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return manifest
