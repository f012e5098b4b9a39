"""The coach: rules, review, rewrite, digest. Imports no Slack SDK."""
