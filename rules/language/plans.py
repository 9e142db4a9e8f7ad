"""Which fields of a model hold steps or other models: those are built by themselves, the rest is pydantic's."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from rules.config import Trigger
from rules.step import Action, Condition

Sort = Literal[
    "plain", "whole", "condition", "conditions", "action", "actions", "fallback", "trigger", "model", "models", "map"
]  # fmt: skip


_ONE: tuple[tuple[type, Sort], ...] = (
    (Condition, "condition"),
    (Action, "action"),
    (Trigger, "trigger"),
    (BaseModel, "model"),
)
_SEVERAL: tuple[tuple[type, Sort], ...] = (
    (Condition, "conditions"),
    (Action, "actions"),
    (BaseModel, "models"),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """How one field is read: its name in the model, its key in YAML, its sort and the model it holds."""

    name: str
    key: str
    sort: Sort
    model: Any = None
    optional: bool = False
    required: bool = False


@cache
def plans(model: type[BaseModel]) -> Mapping[str, Plan]:
    """The fields of a model by their keys in YAML."""
    found: dict[str, Plan] = {}
    for name, field in model.model_fields.items():
        key = field.alias or name
        sort, inner, optional = _sort(field.annotation)
        found[key] = Plan(name, key, sort, inner, optional, field.is_required())
    return found


def scalar_key(model: Any) -> str | None:
    """The key that a bare value of a step fills."""
    scalar: str | None = getattr(model, "scalar", None)
    if scalar is None:
        return None
    field = model.model_fields.get(scalar)
    return (field.alias or scalar) if field is not None else scalar


def _sort(annotation: Any) -> tuple[Sort, Any, bool]:
    annotation = _bare(annotation)
    origin, args = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        others = [arg for arg in args if arg is not type(None)]
        if len(others) == 1:
            sort, inner, _ = _sort(others[0])
            return sort, inner, True
        return "plain", None, len(others) < len(args)
    if origin is Literal:
        return ("whole" if all(isinstance(arg, int) for arg in args) else "plain"), None, False
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis:
        return (*_first(args[0], _SEVERAL), False)
    if origin is dict:
        inner = _bare(args[1])
        if get_origin(inner) is tuple and _first(get_args(inner)[0], _SEVERAL)[0] == "actions":
            return "fallback", None, False
        holds = isinstance(inner, type) and issubclass(inner, BaseModel)
        return ("map", inner, False) if holds else ("plain", None, False)
    return (*_first(annotation, _ONE), False)


def _first(annotation: Any, sorts: tuple[tuple[type, Sort], ...]) -> tuple[Sort, Any]:
    """The sort whose base a type derives from."""
    bare = _bare(annotation)
    for base, sort in sorts:
        if isinstance(bare, type) and issubclass(bare, base):
            return sort, bare
    return "plain", None


def _bare(annotation: Any) -> Any:
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    return annotation
