"""What can be set for a platform of ``type: telegram``."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from adapters.settings import shaped

API = "https://api.telegram.org"


def _address(value: str) -> str:
    if not value.startswith(("https://", "http://")):
        raise ValueError("write an address that begins with https://")
    try:
        host = urlsplit(value).hostname
    except ValueError:
        host = None
    if not host:
        raise ValueError("write an address with the name of a machine, like https://bot.example.org/hook")
    return value.rstrip("/")


Address = Annotated[str, AfterValidator(_address)]
TOKEN_SHAPE = r"\d{3,}:[\w-]{20,}"  # noqa: S105 - the shape of one
_token = shaped(TOKEN_SHAPE, "this is no bot token: @BotFather gives you one like 123456789:AAF…, 46 characters long")
_secret = shaped(r"[A-Za-z0-9_-]{16,256}", "a secret has 16 to 256 letters and digits, _ and -")


class WebhookSettings(BaseModel):
    """Where Telegram delivers to, instead of being asked. Behind a proxy, ``url`` is what the world sees."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: Address = Field(description="The public https address, path included, that your proxy passes on to the bot.")
    secret: Annotated[str, AfterValidator(_secret)] = Field(
        repr=False,
        description='A long word that only Telegram and the bot know, from the environment: "${TELEGRAM_SECRET}".',
    )
    listen: str = Field(default="127.0.0.1", description="The address of this machine on which the bot listens.")
    port: int = Field(default=8081, ge=1, le=65535, description="The port on which it listens.")


class TelegramSettings(BaseModel):
    """What can be set for a platform of ``type: telegram``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    token: Annotated[str, AfterValidator(_token)] = Field(
        repr=False,
        description='The bot\'s token from @BotFather, from the environment: "${TELEGRAM_TOKEN}".',
    )
    api: Address = Field(default=API, description="The Bot API server; another one if you run your own.")
    webhook: WebhookSettings | None = Field(
        default=None, description="Let Telegram deliver to an address of yours; empty: the bot asks by itself."
    )
    read_bios: bool = Field(
        default=True, description="Ask for the profile text of who joins: advertisements hide there."
    )
