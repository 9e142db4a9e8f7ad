"""The kinds of field that conditions share: lists that may be one value, shares, and amounts."""

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from rules.folding import fold
from rules.section import listed
from rules.step import MEMBER_EVENTS, TEXT_EVENTS, Condition

READABLE = TEXT_EVENTS | {"join", "join_request"}
"""Events with words to read: a message's, or the name, bio and note of somebody who comes."""
MESSAGES = TEXT_EVENTS
"""Events that carry a message."""
MEMBERS = MEMBER_EVENTS | {"schedule"}
"""Events about a member; a timer's too."""


def _share(value: Any) -> Any:
    if isinstance(value, str) and value.strip().endswith("%"):
        try:
            return float(value.strip()[:-1]) / 100
        except ValueError:
            raise ValueError("write a share such as 60% or 0.6") from None
    return value


def _visible(value: str) -> str:
    if not fold(value).strip():
        raise ValueError("write a phrase with something to see in it")
    return value


Names = Annotated[
    tuple[Annotated[str, Field(min_length=1)], ...],
    BeforeValidator(listed, json_schema_input_type=str | list[str]),
    Field(min_length=1),
]
"""One name, or a list."""
Phrases = Annotated[
    tuple[Annotated[str, BeforeValidator(lambda value: _visible(str(value)), json_schema_input_type=str)], ...],
    BeforeValidator(listed, json_schema_input_type=str | list[str]),
    Field(min_length=1),
]
"""One phrase, or a list."""
Share = Annotated[float, BeforeValidator(_share, json_schema_input_type=float | str), Field(ge=0, le=1)]
"""A part of the whole: 0.6 or 60%."""


class Amount(Condition):
    """A condition on a count: ``at_least`` (what a bare number means) or ``under``."""

    scalar = "at_least"

    at_least: int | None = Field(default=None, ge=0)
    under: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _says_how_many(self) -> Self:
        if self.at_least is None and self.under is None:
            raise ValueError("say how many: a number, or {under: 5}")
        return self

    def fits(self, count: int) -> bool:
        """Whether a count is as many as wanted."""
        return (self.at_least is None or count >= self.at_least) and (self.under is None or count < self.under)
