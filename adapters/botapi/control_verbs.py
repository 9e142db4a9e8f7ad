"""What can be done through the control API: the public methods of the simulator's own objects, called with JSON."""

import inspect
import types
from collections.abc import Callable, Iterable, Mapping
from typing import Any, get_args, get_type_hints

from adapters.botapi.bots import Bot
from adapters.botapi.control_values import Reader, Unreadable
from adapters.botapi.state import Chat, Json, User
from adapters.botapi.world import World


class UnknownVerb(LookupError):
    """There is no such verb; the message lists those that there are."""


class WrongArguments(ValueError):
    """Arguments that the verb does not take, lacks or cannot read: by name, what is wrong with each."""

    def __init__(self, usage: str, wrong: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {why}" for name, why in wrong.items()))
        self.usage = usage
        self.wrong = dict(wrong)


class Verbs:
    """The public methods of one object, by name; ``only`` and ``but`` narrow them down.

    ``more`` is a method whose named parameters are taken by every verb that ends in ``**more``.
    """

    def __init__(
        self,
        world: World,
        owner: object,
        *,
        only: Iterable[str] | None = None,
        but: Iterable[str] = (),
        more: Callable[..., Any] | None = None,
    ) -> None:
        names = set(only) if only is not None else {name for name in dir(type(owner)) if not name.startswith("_")}
        self._verbs = {
            name: Verb(world, getattr(owner, name), more)
            for name in sorted(names - set(but))
            if inspect.isroutine(getattr(type(owner), name, None))
        }

    def names(self) -> list[str]:
        """All verbs, in the order of the alphabet."""
        return list(self._verbs)

    def usages(self) -> list[Json]:
        """Every verb with what it takes and its sentence."""
        return [{"verb": name, "takes": verb.usage, "does": verb.does} for name, verb in self._verbs.items()]

    def prepared(self, verb: str, given: Json) -> Callable[[], Any]:
        """The call, ready to be made. Raises ``UnknownVerb`` and ``WrongArguments``."""
        found = self._verbs.get(verb)
        if found is None:
            raise UnknownVerb(f"there is no verb {verb!r}; there are: {', '.join(self._verbs)}")
        return found.prepared(given)


class Verb:
    """One method that takes its arguments by name, in JSON."""

    def __init__(self, world: World, method: Callable[..., Any], more: Callable[..., Any] | None) -> None:
        self._world = world
        self._method = method
        parameters = dict(inspect.signature(method).parameters)
        self._kinds = get_type_hints(method)
        rest = next((name for name, one in parameters.items() if one.kind is one.VAR_KEYWORD), None)
        self._takes_any = rest is not None and (more is None or rest != "more")
        if rest is not None:
            del parameters[rest]
        if rest == "more" and more is not None:
            kinds = get_type_hints(more)
            for name, one in inspect.signature(more).parameters.items():
                if one.kind is one.KEYWORD_ONLY and name not in parameters:
                    parameters[name], self._kinds[name] = one, kinds.get(name, Any)
        self._parameters = parameters

    @property
    def does(self) -> str:
        """The first line of its docstring."""
        return (inspect.getdoc(self._method) or "").partition("\n")[0]

    @property
    def usage(self) -> str:
        """What it takes, such as ``user, where, text, html=False``."""
        shown = [_shown(one) for one in self._parameters.values()]
        return ", ".join([*shown, "..."] if self._takes_any else shown)

    def prepared(self, given: Json) -> Callable[[], Any]:
        """The call, ready to be made. Raises ``WrongArguments``."""
        reader = Reader(self._world)
        rest = dict(given)
        wrong: dict[str, str] = {}
        values: dict[str, Any] = {}
        self._find_context(reader, rest, wrong)
        # Who and where come first: they say where the messages are that the others name.
        for name in sorted(self._parameters, key=self._rank):
            parameter = self._parameters[name]
            if name in rest:
                try:
                    values[name] = self._read(reader, parameter, rest.pop(name))
                except Unreadable as error:
                    wrong[name] = str(error)
                    continue
                self._note_place(reader, values, values[name])
            elif self._kinds.get(name) is Bot and len(self._world.bots) == 1:
                values[name] = reader.bot(None)
            elif parameter.default is parameter.empty and parameter.kind is not parameter.VAR_POSITIONAL:
                wrong.setdefault(name, "missing")
        if self._takes_any:
            values.update(rest)
        else:
            wrong.update(dict.fromkeys(rest, "unknown"))
        if wrong:
            raise WrongArguments(self.usage, wrong)
        return self._bound(values)

    def _rank(self, name: str) -> int:
        kind = self._kinds.get(name)
        return 0 if kind in {User, Bot} else 1 if _is_place(kind) else 2

    def _find_context(self, reader: Reader, rest: Json, wrong: dict[str, str]) -> None:
        """A ``chat`` that the method does not take says where its message is."""
        takes_place = any(_is_place(kind) for kind in self._kinds.values())
        if "chat" not in rest or "chat" in self._parameters or takes_place or self._takes_any:
            return
        try:
            reader.chat = reader.chat_named(rest.pop("chat"))
        except Unreadable as error:
            wrong["chat"] = str(error)

    def _read(self, reader: Reader, parameter: inspect.Parameter, value: Any) -> Any:
        kind = self._kinds.get(parameter.name, Any)
        if parameter.name == "chat" and kind == int | None and value is not None:
            return reader.chat_named(value).id
        if parameter.kind is parameter.VAR_POSITIONAL:
            return reader.read_all(value if isinstance(value, list) else [value], kind)
        return reader.read(value, kind)

    def _note_place(self, reader: Reader, values: dict[str, Any], value: Any) -> None:
        if reader.chat is not None:
            return
        if isinstance(value, Chat):
            reader.chat = value
        place, user = values.get("where"), values.get("user")
        if isinstance(place, Bot) and isinstance(user, User):
            reader.chat = self._world.private(place, user)

    def _bound(self, values: dict[str, Any]) -> Callable[[], Any]:
        several = next((name for name, one in self._parameters.items() if one.kind is one.VAR_POSITIONAL), None)
        if several is None:
            return lambda: self._method(**values)
        names = list(self._parameters)
        before = [values.pop(name) for name in names[: names.index(several)]]
        last = values.pop(several, [])
        return lambda: self._method(*before, *last, **values)


def _is_place(kind: Any) -> bool:
    """Whether a parameter says where something happens."""
    return kind is Chat or (isinstance(kind, types.UnionType) and {Chat, Bot} <= set(get_args(kind)))


def _shown(parameter: inspect.Parameter) -> str:
    if parameter.kind is parameter.VAR_POSITIONAL:
        return f"{parameter.name}=[...]"
    if parameter.default is parameter.empty:
        return parameter.name
    return f"{parameter.name}={_plain(parameter.default)}"


def _plain(default: object) -> str:
    if isinstance(default, frozenset | set | tuple):
        return f"[{', '.join(sorted(map(str, default)))}]"
    if isinstance(default, bytes):
        return "(base64)"
    if default is None:
        return "null"
    return str(default).lower() if isinstance(default, bool) else str(default)
