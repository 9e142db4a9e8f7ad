"""What can be set for a platform of ``type: wechaty``."""

import ssl
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

from adapters.settings import checked, shaped
from adapters.wechaty.puppets import PUPPETS
from rules.language.environment import NOT_SET

_endpoint = shaped(
    r"[^\s:/]+:\d{1,5}|\[[0-9a-fA-F:]+\]:\d{1,5}", "write the gateway's machine and port, such as 127.0.0.1:8788"
)
_token = shaped(r"\S{4,}", "a token is at least 4 signs long, without spaces: the one the gateway was started with")


def _puppet(name: str) -> str:
    if name not in PUPPETS:
        raise ValueError(f"there is no puppet `{name}`; write one of {', '.join(PUPPETS)}")
    return name


def _ca(file: str) -> str:
    if file.endswith(NOT_SET):
        return file
    try:
        ssl.create_default_context(cafile=file)
    except FileNotFoundError:
        raise ValueError(f"there is no file `{file}`, seen from the folder in which the bot is started") from None
    except OSError:
        raise ValueError(f"`{file}` cannot be read as a certificate (PEM)") from None
    return file


class TlsSettings(BaseModel):
    """A certificate of your own before the gateway."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ca: Annotated[str, AfterValidator(_ca)] = Field(
        description="The file of the certificate authority, PEM; seen from the folder in which the bot is started."
    )
    name: str | None = Field(default=None, description="The name in the gateway's certificate, if it is not its host.")


class PaceSettings(BaseModel):
    """How fast the account writes: like somebody who types."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    per_room_per_minute: int = Field(default=6, ge=1, description="Messages in one room within a minute.")
    per_minute: int = Field(default=20, ge=1, description="Messages of the account within a minute.")
    seed: int = Field(default=0, description="What the pauses are drawn from: the same seed, the same pauses.")


class WechatySettings(BaseModel):
    """What can be set for a platform of ``type: wechaty``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    endpoint: Annotated[str, AfterValidator(_endpoint)] = Field(
        description="The gateway's machine and port, such as 127.0.0.1:8788."
    )
    token: Annotated[str, AfterValidator(_token)] = Field(
        repr=False, description='The token the gateway was started with, from the environment: "${WECHATY_TOKEN}".'
    )
    puppet: Annotated[str, AfterValidator(_puppet)] = Field(
        description=f"What drives the account behind the gateway: {', '.join(PUPPETS)}."
    )
    tls: Literal["wechaty", "off"] | TlsSettings = Field(
        default="wechaty",
        description="`wechaty`: the certificate that comes with every gateway, whose key is public: it hides what is "
        "said from onlookers, and does not prove who the gateway is; `off`: the gateway runs without TLS; or your own: "
        "{ ca: FILE }.",
    )
    pace: PaceSettings = Field(default=PaceSettings(), description="How fast the account writes.")

    @field_validator("tls", mode="before")
    @classmethod
    def _one_of_three(cls, value: object) -> object:
        if isinstance(value, Mapping):
            return checked(TlsSettings, value)
        if isinstance(value, TlsSettings) or value in ("wechaty", "off"):
            return value
        raise ValueError("write `wechaty`, `off`, or { ca: FILE }")
