"""The day on Telegram: the real adapter over HTTP, the Bot API simulated on this machine."""

from bot.simulation.telegram.opening import on_telegram
from bot.simulation.telegram.venue import TelegramVenue
from bot.simulation.telegram.weather import Weather

__all__ = ["TelegramVenue", "Weather", "on_telegram"]
