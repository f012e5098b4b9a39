"""Durable work on DBOS; the only package that imports it."""

from bot.workflows.work import Workflows as Workflows
