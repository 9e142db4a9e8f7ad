"""The JSON Schema of a configuration file, for editors that check and complete while one writes."""

import inspect
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from rules.config import Config, RuleSpec, ScheduleSpec
from rules.events import KINDS
from rules.language.plans import plans, scalar_key
from rules.language.stepping import LOGIC, NOTHING
from rules.step import Action, Condition, Step, Steps
from rules.timing import Timing

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_REF = "#/$defs/"
_DURATION = {
    "type": "string",
    "pattern": r"^\s*(\d+\s*(s|m|h|d|w|秒钟?|分钟?|小时|时|天|日|周|星期)\s*)+$",
    "examples": ["30s", "10m", "2h", "7d"],
}
_TEXT = ["string", "number", "boolean"]
"""What editors take a text without quotes for."""

Schema = dict[str, Any]


def schema(steps: Steps) -> Schema:
    """The JSON Schema (draft 2020-12) of files that use these steps."""
    conditions: dict[str, type[Condition]] = {**LOGIC, **steps.conditions}
    actions = dict(steps.actions)
    models: list[type[BaseModel]] = [Config, Condition, Action, Timing, *conditions.values(), *actions.values()]
    found, combined = models_json_schema([(model, "validation") for model in models], by_alias=True)
    names: dict[Any, str] = {model: ref["$ref"].removeprefix(_REF) for (model, _), ref in found.items()}
    defs: dict[str, Schema] = combined["$defs"]
    for model in _all_models(models):
        at = names.get(model) or model.__name__
        if at in defs:
            _open_steps(defs[at], model, names, sorted(actions))
    settings = {cls: defs.pop(names[cls]) for cls in (*conditions.values(), *actions.values())}
    at_most = defs[names[Action]]["properties"]["at_most"]
    defs[names[Condition]] = _condition(conditions, settings, _REF + names[Condition])
    defs[names[Action]] = _action(actions, settings, at_most)
    timing = defs[names[Timing]]
    _flatten(defs[ScheduleSpec.__name__], timing)
    defs[RuleSpec.__name__]["properties"]["when"] = _trigger(_REF + names[Timing])
    root = defs.pop(names[Config])
    whole = {
        "$schema": DIALECT,
        "title": "Groupkeeper configuration",
        **root,
        "$defs": dict(sorted(defs.items())),
    }
    for part in _parts(whole):
        _soften(part)
    return whole


def _all_models(roots: list[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    """Models and all models inside them."""
    seen: set[type[BaseModel]] = set()
    todo = list(roots)
    while todo:
        model = todo.pop()
        if model in seen:
            continue
        seen.add(model)
        yield model
        todo += [plan.model for plan in plans(model).values() if plan.sort in ("model", "models", "map")]


def _open_steps(part: Schema, model: type[BaseModel], names: dict[type[BaseModel], str], actions: list[str]) -> None:
    """Where several steps may stand, one may stand alone."""
    for key, plan in plans(model).items():
        if plan.sort == "fallback":
            part["properties"][key] = _fallback(part["properties"][key], _REF + names[Action], actions)
            continue
        if plan.sort not in ("condition", "conditions", "action", "actions"):
            continue
        base = Condition if plan.sort.startswith("condition") else Action
        one = {"$ref": _REF + names[base]}
        old = part["properties"][key]
        new: Schema = {"anyOf": [one, {"type": "array", "items": one}]} if plan.sort == "actions" else dict(one)
        part["properties"][key] = new | {name: old[name] for name in ("description",) if name in old}


def _fallback(old: Schema, action: str, actions: list[str]) -> Schema:
    """By the name of a step what is done instead of it: a step, several, or nothing."""
    one: Schema = {"$ref": action}
    return {
        "type": "object",
        "propertyNames": {"enum": actions},
        "additionalProperties": {"anyOf": [{"const": NOTHING}, one, {"type": "array", "items": one, "minItems": 1}]},
        "description": old["description"],
    }


def _condition(conditions: dict[str, type[Condition]], settings: dict[Any, Schema], itself: str) -> Schema:
    alone, properties = _named(conditions, settings)
    return {
        "description": "A condition by its name; where several are written, all must hold.",
        "anyOf": [
            alone,
            {"type": "object", "properties": properties, "additionalProperties": False, "minProperties": 1},
            {"type": "array", "items": {"$ref": itself}, "minItems": 1},
        ],
    }


def _action(actions: dict[str, type[Action]], settings: dict[Any, Schema], at_most: Schema) -> Schema:
    alone, properties = _named(actions, settings)
    one = [{"required": [name]} for name in properties]
    return {
        "description": "An action by its name.",
        "anyOf": [
            alone,
            {
                "type": "object",
                "properties": {**properties, "at_most": at_most},
                "additionalProperties": False,
                "oneOf": one,
            },
        ],
    }


def _named(steps: dict[str, Any], settings: dict[Any, Schema]) -> tuple[Schema, Schema]:
    """The steps that need no settings, and each step's settings by its name."""
    alone = [name for name, cls in steps.items() if not settings[cls].get("required")]
    properties = {name: _step(cls, settings[cls]) for name, cls in sorted(steps.items())}
    return {"enum": sorted(alone)} if alone else {"not": {}}, properties


def _step(cls: type[Step], settings: Schema) -> Schema:
    """A step's settings, the bare value that stands for them, or nothing where none are needed."""
    text = inspect.cleandoc(cls.__doc__ or "")
    ways: list[Schema] = [{key: value for key, value in settings.items() if key != "description"}]
    scalar = scalar_key(cls)
    if scalar is not None and scalar in settings.get("properties", {}):
        ways.append(settings["properties"][scalar])
    if not settings.get("required"):
        ways.append({"type": "null"})
    return {
        "description": text.partition("\n\n")[0].replace("\n", " "),
        "markdownDescription": text,
        "anyOf": ways,
    }


def _flatten(schedule: Schema, timing: Schema) -> None:
    """In a schedule its timing is written flat, or under ``when``."""
    properties = schedule["properties"]
    properties["when"] = {"description": "When it is due; may also be written flat.", **_open(timing)}
    for key, part in timing["properties"].items():
        properties.setdefault(key, part)
    schedule["required"] = [key for key in schedule.get("required", []) if key != "when"]


def _open(timing: Schema) -> Schema:
    return {key: value for key, value in timing.items() if key not in ("description", "title")}


def _trigger(timing: str) -> Schema:
    kind: Schema = {"enum": list(KINDS)}
    texts: Schema = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
    named = [
        {"type": "object", "properties": {name: texts}, "required": [name], "additionalProperties": False}
        for name in ("command", "button", "schedule")
    ]
    return {
        "description": "What starts the rule.",
        "anyOf": [kind, {"type": "array", "items": kind, "minItems": 1}, *named, {"$ref": timing}],
    }


def _parts(part: Any) -> Iterator[Schema]:
    if isinstance(part, dict):
        yield part
        for value in part.values():
            yield from _parts(value)
    elif isinstance(part, list):
        for value in part:
            yield from _parts(value)


def _soften(part: Schema) -> None:
    """Say how people write things: durations, texts without quotes; drop titles made of names."""
    if isinstance(part.get("title"), str) and "$schema" not in part:
        del part["title"]
    if part.get("format") == "duration":
        del part["format"]
        part |= _DURATION
    elif part.get("type") == "string" and not {"pattern", "enum", "const", "format"} & set(part):
        part["type"] = list(_TEXT)


def example_blocks(cls: type[Step]) -> list[str]:
    """The YAML examples in a step's docstring."""
    blocks, inside = [], False
    for line in inspect.cleandoc(cls.__doc__ or "").split("\n"):
        if line.strip().startswith("```"):
            inside = line.strip() == "```yaml"
            if inside:
                blocks.append("")
        elif inside:
            blocks[-1] += line + "\n"
    return blocks
