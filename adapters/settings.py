"""Checking the settings of a platform, with complaints that an operator understands."""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from rules.language.environment import NOT_SET

M = TypeVar("M", bound=BaseModel)


def checked(model: type[M], settings: Mapping[str, Any]) -> M:
    """The settings as the adapter's model. Raises ``ValueError`` that names every setting that is wrong, and how."""
    try:
        return model.model_validate(settings)
    except ValidationError as error:
        known = ", ".join(field.alias or name for name, field in model.model_fields.items())
        raise ValueError("; ".join(_told(fault["type"], fault, known) for fault in error.errors())) from None


def shaped(pattern: str, advice: str) -> Callable[[str], str]:
    """A validator of a text from the environment: what stands in for one that is not set passes.

    The value is never told: it may be a secret.
    """
    wanted = re.compile(pattern)

    def check(value: str) -> str:
        if value.endswith(NOT_SET) or wanted.fullmatch(value):
            return value
        raise ValueError(advice)

    return check


def _told(kind: str, fault: Any, known: str) -> str:
    where = ".".join(str(part) for part in fault["loc"])
    if kind == "extra_forbidden":
        return f"unknown setting `{where}`; there are {known}"
    if kind == "missing":
        return f"`{where}` is missing"
    words = fault["msg"].removeprefix("Value error, ")
    return f"`{where}`: {words[:1].lower()}{words[1:]}"
