"""What is asked of WeChat: every effect as calls of the gateway, and what becomes of them."""

from adapters.wechaty.sending.api import Api
from adapters.wechaty.sending.sender import Sender

__all__ = ["Api", "Sender"]
