"""Suggestions: the rules-only writer, the writer with an LLM, and the checks that both must pass."""
