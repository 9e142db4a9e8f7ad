"""Telegram, through the Bot API: python-telegram-bot's methods and errors on our own intake, transport and limits."""

from adapters.telegram.kind import TELEGRAM, TelegramType

__all__ = ["TELEGRAM", "TelegramType"]
