"""Checks app.yaml against Slack's published manifest schema: ``python -m tools.check_manifest SCHEMA.json``."""

import json
import sys
from pathlib import Path

import jsonschema

from bot.manifest import load_manifest


def main(schema_path: str) -> int:
    """Print every violation; 1 when there is one."""
    schema = json.loads(Path(schema_path).read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    violations = list(validator.iter_errors(load_manifest()))
    for violation in violations:
        print(f"app.yaml {violation.json_path}: {violation.message}")
    print(f"app.yaml: {len(violations)} violations of {Path(schema_path).name}")
    return bool(violations)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
