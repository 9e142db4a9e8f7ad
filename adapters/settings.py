"""Checking the settings of a platform, with complaints that an operator understands."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

M = TypeVar("M", bound=BaseModel)


def checked(model: type[M], settings: Mapping[str, Any]) -> M:
    """The settings as the adapter's model. Raises ``ValueError`` that names every setting that is wrong, and how."""
    try:
        return model.model_validate(settings)
    except ValidationError as error:
        known = ", ".join(field.alias or name for name, field in model.model_fields.items())
        raise ValueError("; ".join(_told(fault["type"], fault, known) for fault in error.errors())) from None


def _told(kind: str, fault: Any, known: str) -> str:
    where = ".".join(str(part) for part in fault["loc"])
    if kind == "extra_forbidden":
        return f"unknown setting `{where}`; there are {known}"
    if kind == "missing":
        return f"`{where}` is missing"
    return f"`{where}`: {fault['msg'][:1].lower()}{fault['msg'][1:]}"
