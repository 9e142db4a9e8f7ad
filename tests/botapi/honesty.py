"""Whether what goes over the wire is the real Bot API: held against the strict models of aiogram."""

import json
import types
from collections.abc import Iterator, Mapping
from typing import Any, Union, get_args, get_origin

import aiogram.methods
from aiogram.methods import TelegramMethod
from aiogram.types import BufferedInputFile, Update
from pydantic import BaseModel, TypeAdapter, ValidationError

from adapters.botapi import BotApiServer

FILE = BufferedInputFile(b"", "any")
"""Stands for a file that a request carried."""


class Dishonest(AssertionError):
    """Something that the real Bot API would never say, or never be asked."""


def valid_update(update: Mapping[str, Any]) -> Update:
    """The update as aiogram reads it. Raises ``Dishonest`` where a field is missing, of the wrong type or unknown."""
    try:
        read = Update.model_validate(dict(update))
    except ValidationError as error:
        raise Dishonest(f"no update: {error}\n{json.dumps(update, default=str, ensure_ascii=False)}") from None
    if unknown := list(extras(read)):
        raise Dishonest(f"fields that the Bot API has not: {unknown}\n{json.dumps(update, ensure_ascii=False)}")
    return read


def valid_request(method: str, params: Mapping[str, Any]) -> TelegramMethod[Any]:
    """The request as aiogram would make it. ``params`` as they came: lists and objects may be JSON in text.

    Raises ``Dishonest`` for an unknown method or parameter, a missing one, or one of the wrong type.
    """
    found = getattr(aiogram.methods, method[:1].upper() + method[1:], None)
    if not (isinstance(found, type) and issubclass(found, TelegramMethod)):
        raise Dishonest(f"there is no method {method}")
    fields = {field.alias or name: field for name, field in found.model_fields.items()}
    if unknown := sorted(set(params) - set(fields)):
        raise Dishonest(f"{method} has no parameters {unknown}")
    given = {name: _unpacked(value, fields[name].annotation) for name, value in params.items()}
    try:
        read = found.model_validate(given)
    except ValidationError as error:
        raise Dishonest(f"not a request of {method}: {error}") from None
    if unknown := list(extras(read)):
        raise Dishonest(f"{method}: fields that the Bot API has not: {unknown}")
    return read


def _unpacked(value: Any, kind: Any) -> Any:
    """A parameter as JSON, where a form could only hold text and the parameter is none."""
    kinds = get_args(kind) if get_origin(kind) in {Union, types.UnionType} else (kind,)
    if isinstance(value, str) and value[:1] in {"[", "{"} and str not in kinds:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def extras(read: Any, path: str = "") -> Iterator[str]:
    """The fields that a model kept without knowing them, anywhere in it."""
    if isinstance(read, BaseModel):
        yield from (f"{path}.{name}".lstrip(".") for name in read.model_extra or ())
        for name in type(read).model_fields:
            yield from extras(getattr(read, name), f"{path}.{name}")
    elif isinstance(read, list | tuple):
        for number, each in enumerate(read):
            yield from extras(each, f"{path}[{number}]")


def valid_result(method: str, result: Any) -> Any:
    """What a method answered, as aiogram reads it. Raises ``Dishonest``."""
    found = getattr(aiogram.methods, method[:1].upper() + method[1:])
    try:
        read = TypeAdapter(found.__returning__).validate_python(result)
    except ValidationError as error:
        raise Dishonest(f"not an answer to {method}: {error}\n{json.dumps(result, ensure_ascii=False)}") from None
    if unknown := list(extras(read)):
        raise Dishonest(f"{method} answers fields that the Bot API has not: {unknown}")
    return read


def all_valid(server: BotApiServer) -> int:
    """Hold everything that was asked of a simulator against the Bot API, and all that it answered; returns how many.

    Raises ``Dishonest``.
    """
    for request in server.log:
        named = json.dumps(request.params, default=str)
        attached = {name for name in request.files if f"attach://{name}" in named}  # under a name of the bot's choosing
        files = dict.fromkeys(set(request.files) - attached, FILE)
        valid_request(request.method, {**request.params, **files})
        if request.ok and request.method != "getUpdates":
            valid_result(request.method, request.result)
    return len(server.log)
