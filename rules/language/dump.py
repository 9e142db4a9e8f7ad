"""A configuration as YAML text, such that loading it gives the same configuration. What is the default is left out."""

import re
from collections.abc import Mapping
from types import NoneType
from typing import Any

import yaml
from pydantic import BaseModel

from rules.config import Config, ScheduleSpec, Trigger
from rules.language.environment import Secret
from rules.language.plans import plans, scalar_key
from rules.language.stepping import NOTHING
from rules.logic import Logic
from rules.step import Action, Step

_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _./-]*[A-Za-z0-9]|[A-Za-z0-9]")
_NOTHING = frozenset({"null", "Null", "NULL"})


def dump(config: Config) -> str:
    """The YAML text of a configuration, all in one file. Secrets are written as ``${NAME}``, as they were."""
    data = _section(config)
    data.pop("include", None)  # what was included is written out here
    text: str = yaml.dump(
        {"version": config.version, **data}, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10**9
    )
    return text


class _Dumper(yaml.SafeDumper):
    """Quotes every text that is not plainly a word, so that nothing in it can be mistaken for YAML."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    plain = _SAFE.fullmatch(text) is not None and text not in _NOTHING and "  " not in text
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="" if plain else '"')


_Dumper.add_representer(str, _represent_text)


def _section(model: BaseModel) -> dict[str, Any]:
    """The settings of a section or step that differ from their defaults."""
    written: dict[str, Any] = {}
    fields = type(model).model_fields
    for key, plan in plans(type(model)).items():
        value = getattr(model, plan.name)
        if plan.sort == "fallback" and value:
            written[key] = {name: [_step(step) for step in steps] or NOTHING for name, steps in value.items()}
            continue
        if not plan.required and value == fields[plan.name].get_default(call_default_factory=True):
            continue
        if isinstance(model, ScheduleSpec) and key == "when":
            written |= _section(value)
            continue
        written[key] = _value(value, model, plan.name)
    for key, value in (model.model_extra or {}).items():
        written[key] = _plain(value)
    return written


def _value(value: Any, owner: BaseModel, name: str) -> Any:
    if isinstance(value, Step):
        return _step(value)
    if isinstance(value, Trigger):
        return _trigger(value)
    if isinstance(value, BaseModel):
        return _section(value)
    if isinstance(value, tuple) and any(isinstance(item, BaseModel) for item in value):
        return [_value(item, owner, name) for item in value]
    if isinstance(value, Mapping) and any(isinstance(item, BaseModel) for item in value.values()):
        return {str(key): _value(item, owner, name) for key, item in value.items()}
    if isinstance(value, Secret):
        return value.written
    dumped = owner.model_dump(mode="json", include={name}, by_alias=True)
    return _plain(next(iter(dumped.values())))


def _step(step: Step) -> Any:
    """One name with its settings; what goes for every action stands beside it."""
    settings = _section(step)
    beside = {key: settings.pop(key) for key in list(settings) if isinstance(step, Action) and key in plans(Action)}
    scalar = scalar_key(type(step))
    if not settings and not (isinstance(step, Logic) or beside):
        return step.step
    value: Any = settings or None
    if scalar is not None and set(settings) == {scalar} and not isinstance(settings[scalar], (dict, NoneType)):
        value = settings[scalar]
    return {step.step: value, **beside}


def _trigger(trigger: Trigger) -> Any:
    if trigger.timing is not None:
        return _section(trigger.timing)
    if trigger.names:
        (kind,) = trigger.kinds
        return {kind: sorted(trigger.names)}
    return sorted(trigger.kinds)


def _plain(value: Any) -> Any:
    """Data as YAML can write it."""
    if isinstance(value, Secret):
        return value.written
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)
