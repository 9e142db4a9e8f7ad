"""Trouble on order: what the server answers, or does not, in place of the truth."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Literal

from adapters.botapi.errors import ApiError, too_many_requests

Kind = Literal["error", "delay", "drop_before", "drop_after", "malformed"]

_NAMES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    409: "Conflict",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


@dataclass(slots=True)
class Fault:
    """One rule: what happens to which requests, how often.

    ``times`` None is without end; ``probability`` is per matching request; ``until`` ends the rule at a moment of the
    world's clock. ``seconds`` is the length of a delay.
    """

    kind: Kind
    method: str = "*"
    chat: int | None = None
    times: int | None = 1
    probability: float = 1.0
    until: datetime | None = None
    error: ApiError | None = None
    seconds: float = 0.0
    met: int = 0

    def concerns(self, method: str, chat: object) -> bool:
        """Whether a request is one that the rule is about."""
        if self.times is not None and self.met >= self.times:
            return False
        if self.method != "*" and self.method.lower() != method.lower():
            return False
        return self.chat is None or str(self.chat) == str(chat)


class Faults:
    """The rules in force. Chance comes from ``seed``, so that a run can be repeated."""

    def __init__(self, seed: int = 0) -> None:
        self.rules: list[Fault] = []
        self._random = Random(seed)  # noqa: S311 - not for secrets

    def add(
        self,
        kind: Kind,
        *,
        method: str = "*",
        chat: int | None = None,
        times: int | None = 1,
        probability: float = 1.0,
        until: datetime | None = None,
        code: int = 500,
        description: str | None = None,
        retry_after: int | None = None,
        seconds: float = 0.0,
    ) -> Fault:
        """A new rule: ``error`` (with ``code``, ``description``, ``retry_after``), ``delay`` (``seconds``),
        ``drop_before`` and ``drop_after`` the effect, ``malformed`` (an answer that is no JSON, after the effect).
        """
        error = None
        if kind == "error":
            if retry_after is not None or code == 429:
                error = too_many_requests(retry_after or 1)
            else:
                name = _NAMES.get(code, "Error")
                error = ApiError(code, f"{name}: {description}" if description else name)
        fault = Fault(kind, method, chat, times, probability, until, error, seconds)
        self.rules.append(fault)
        return fault

    def seed(self, seed: int) -> None:
        """Begin the series of chances anew."""
        self._random.seed(seed)

    def clear(self) -> None:
        """No trouble any more."""
        self.rules.clear()

    def meet(self, method: str, params: Mapping[str, object], now: datetime) -> list[Fault]:
        """The faults that this request meets: any number of delays, and at most one of the others."""
        found: list[Fault] = []
        chat = params.get("chat_id")
        trouble = False
        spent = False
        for rule in self.rules:
            if rule.until is not None and now >= rule.until:
                spent = True
                continue
            if (trouble and rule.kind != "delay") or not rule.concerns(method, chat):
                continue
            if rule.probability < 1.0 and self._random.random() >= rule.probability:
                continue
            rule.met += 1
            spent = spent or (rule.times is not None and rule.met >= rule.times)
            trouble = trouble or rule.kind != "delay"
            found.append(rule)
        if spent:
            self.rules = [
                rule
                for rule in self.rules
                if (rule.times is None or rule.met < rule.times) and (rule.until is None or now < rule.until)
            ]
        return found
