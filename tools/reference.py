"""docs/configuration.md: every section, key and step, out of the models themselves."""

import inspect
import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from adapters.console.adapter import ConsoleSettings
from adapters.simulated.kind import SimulatedSettings
from adapters.telegram.settings import TelegramSettings
from adapters.wechaty.settings import WechatySettings
from rules.capability import Capability
from rules.config import Config, ScheduleSpec
from rules.events import KINDS, Event
from rules.language.plans import plans, scalar_key
from rules.language.schema import schema
from rules.language.stepping import LOGIC
from rules.step import Action, Step, Steps
from rules.timing import Timing
from tools.prose import CAPABILITIES, HEAD, TYPES, WRITTEN
from tools.wording import default_words, field_words

PLATFORMS: Mapping[str, type[BaseModel]] = {
    "console": ConsoleSettings,
    "simulated": SimulatedSettings,
    "telegram": TelegramSettings,
    "wechaty": WechatySettings,
}

Schema = dict[str, Any]


def configuration_markdown(steps: Steps) -> str:
    """The whole page."""
    whole = schema(steps)
    parts = [HEAD, WRITTEN, *_sections(whole), *_platforms(), _events()]
    condition_defs, action_defs = _step_schemas(whole, "Condition"), _step_schemas(whole, "Action")
    parts += ["## Conditions", TYPES["conditions"]]
    parts += [_step(cls, condition_defs[name]) for name, cls in {**LOGIC, **steps.conditions}.items()]
    parts += ["## Actions", TYPES["actions"]]
    parts += [_step(cls, action_defs[name]) for name, cls in steps.actions.items()]
    parts += [_capabilities()]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _sections(whole: Schema) -> Iterator[str]:
    told: dict[type[BaseModel], str] = {}
    yield "## The file"
    yield _table(Config, whole["properties"], skip=())
    for key, plan in plans(Config).items():
        if plan.sort in ("model", "models", "map"):
            path = {"model": key, "models": f"{key}[]", "map": f"{key}.NAME"}[plan.sort]
            yield from _section(path, plan.model, whole["$defs"], "##", told)


def _section(
    path: str, model: type[BaseModel], defs: Schema, level: str, told: dict[type[BaseModel], str]
) -> Iterator[str]:
    yield f"{level} `{path}`"
    yield _doc(model)
    if model in told:
        yield f"The keys are those of `{told[model]}`."
        return
    told[model] = path
    own = defs[model.__name__]["properties"]
    yield _table(model, own, skip=("when",) if model is ScheduleSpec else ())
    if model is ScheduleSpec:
        yield "When it is due is written beside these (or under `when:`):"
        yield _table(Timing, defs["Timing"]["properties"], skip=())
    for key, plan in plans(model).items():
        if plan.sort in ("model", "models", "map") and plan.model is not Timing:
            inside = {"model": f"{path}.{key}", "models": f"{path}.{key}[]", "map": f"{path}.{key}.NAME"}[plan.sort]
            yield from _section(inside, plan.model, defs, "###", told)


def _table(model: type[BaseModel], properties: Schema, skip: tuple[str, ...]) -> str:
    rows = ["| key | is | default | meaning |", "|---|---|---|---|"]
    for key, plan in plans(model).items():
        if key in skip:
            continue
        field = model.model_fields[plan.name]
        words = field_words(model, plan.name, properties.get(key, {}))
        rows.append(f"| `{key}` | {words} | {default_words(model, plan.name)} | {field.description or ''} |")
    return "\n".join(rows)


def _platforms() -> Iterator[str]:
    yield "## Platforms\n\nThe settings of each `type:` that comes with Groupkeeper, beside `type` itself."
    for name, model in PLATFORMS.items():
        _, combined = models_json_schema([(model, "validation")], by_alias=True)
        own = combined["$defs"][model.__name__]["properties"]
        yield f"### `type: {name}`\n\n{_doc(model)}\n\n{_table(model, own, ())}"
        for key, field in model.model_fields.items():
            for inner in _models(field.annotation):
                within = combined["$defs"][inner.__name__]["properties"]
                yield f"#### `{key}` of `type: {name}`\n\n{_doc(inner)}\n\n{_table(inner, within, ())}"


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that a setting may be, alone or among others."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _events() -> str:
    classes = {cls.kind: cls for cls in get_args(Event)}
    rows = ["| `when:` | what happened |", "|---|---|"]
    rows += [f"| `{kind}` | {_first(classes[kind])} |" for kind in KINDS]
    return "## Events\n\n" + TYPES["events"] + "\n\n" + "\n".join(rows)


def _step_schemas(whole: Schema, name: str) -> Schema:
    """The properties under which each step's settings stand."""
    ways = whole["$defs"][name]["anyOf"]
    found: Schema = next(way["properties"] for way in ways if "properties" in way)
    return found


def _step(cls: type[Step], part: Schema) -> str:
    lines = [f"### `{cls.step}`", _doc(cls)]
    facts = []
    kinds = cls.kinds
    if kinds is not None:
        facts.append("For " + ", ".join(f"`{kind}`" for kind in KINDS if kind in kinds) + ".")
    scalar = scalar_key(cls)
    if scalar is not None and cls.step not in LOGIC:
        facts.append(f"A bare value is its `{scalar}`.")
    if issubclass(cls, Action) and cls.needs:
        facts.append("Needs a platform that can " + ", ".join(f"`{each}`" for each in sorted(cls.needs)) + ".")
    if facts:
        lines.append(" ".join(facts))
    settings: Schema = next((way for way in part["anyOf"] if way.get("type") == "object"), {})
    shared = plans(Action) if issubclass(cls, Action) else {}
    if cls.step not in LOGIC and any(key not in shared for key in plans(cls)):
        lines.append(_table(cls, settings.get("properties", {}), skip=tuple(shared)))
    return "\n\n".join(lines)


def _capabilities() -> str:
    rows = ["| capability | is needed to |", "|---|---|"]
    rows += [f"| `{each.value}` | {CAPABILITIES[each]} |" for each in Capability]
    return "## Capabilities\n\n" + TYPES["capabilities"] + "\n\n" + "\n".join(rows)


def _doc(cls: type) -> str:
    """A docstring as Markdown."""
    text = inspect.cleandoc(cls.__doc__ or "")
    return re.sub(r"``([^`\n]+)``", r"`\1`", text)


def _first(cls: type) -> str:
    return _doc(cls).partition("\n\n")[0].replace("\n", " ")
