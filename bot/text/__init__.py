"""The text itself: a plain form to match on, masks, and Slack's mrkdwn, always with the way back to the original."""

from bot.text.gate import Gate
from bot.text.masks import mask
from bot.text.mrkdwn import from_mrkdwn, to_mrkdwn
from bot.text.normal import Normalised, normalise

__all__ = ["Gate", "Normalised", "from_mrkdwn", "mask", "normalise", "to_mrkdwn"]
