"""What the sections of a configuration share."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict


class Section(BaseModel):
    """A part of the file. Unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def listed(value: Any) -> Any:
    """One value as a list of one."""
    return list(value) if isinstance(value, (list, tuple)) else [value]


Strings = Annotated[tuple[str, ...], BeforeValidator(listed, json_schema_input_type=str | list[str])]
