"""Other linters of prose, each as a function from a text to its findings; what cannot be had says why."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

Check = Callable[[str], object]

_NODE = """
const lint = require("write-good"), drafts = JSON.parse(require("fs").readFileSync(0, "utf8"));
const clock = () => Number(process.hrtime.bigint()) / 1e9;
let best = drafts.map(() => Infinity);
for (let round = 0; round < 3; round++)
  best = drafts.map((draft, i) => { const t = clock(); lint(draft); return Math.min(best[i], clock() - t); });
console.log(JSON.stringify(best));
"""


def proselint() -> Check:
    """All its checks, as its command line runs them. Raises ImportError."""
    from proselint.checks import __register__
    from proselint.config import DEFAULT
    from proselint.registry import CheckRegistry
    from proselint.tools import LintFile

    CheckRegistry().register_many(__register__)
    return lambda text: LintFile("draft", text).lint(DEFAULT)


def slop_guard() -> Check:
    """Its default rules with spans. Raises ImportError.

    Only its analysis is imported: the package itself starts a server, which some versions of Python can't.
    """
    found = find_spec("slop_guard")
    if found is None or found.submodule_search_locations is None:
        raise ImportError("No module named 'slop_guard'")
    package = ModuleType("slop_guard")
    package.__path__ = list(found.submodule_search_locations)
    sys.modules["slop_guard"] = package
    from slop_guard.analysis import HYPERPARAMETERS, AnalysisDocument, compute_weighted_sum, serialize_violations
    from slop_guard.rules import Pipeline

    pipeline = Pipeline.from_jsonl()

    def check(text: str) -> object:
        document = AnalysisDocument.from_text(text)
        state = pipeline.forward(document)
        compute_weighted_sum(list(state.violations), state.counts, HYPERPARAMETERS)
        return serialize_violations(state.violations, document.text, HYPERPARAMETERS.context_window_chars)

    return check


def write_good(drafts: list[str]) -> list[float]:
    """Its best time for each draft, in seconds, measured inside one Node. Raises OSError with the reason."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        raise OSError("Node is not there")
    with tempfile.TemporaryDirectory() as folder:
        got = subprocess.run(
            [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, "write-good@1.0.8"],
            capture_output=True,
            text=True,
            timeout=120,
        )
        if got.returncode:
            raise OSError("npm can't install write-good")
        script = Path(folder) / "run.js"
        script.write_text(_NODE, encoding="utf-8")
        done = subprocess.run([node, str(script)], input=json.dumps(drafts), capture_output=True, text=True, check=True)
    return [float(seconds) for seconds in json.loads(done.stdout)]
