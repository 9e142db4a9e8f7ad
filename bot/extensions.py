"""What is installed: conditions, actions, detectors and adapters, by entry point.

Names are listed without importing anything; only what a configuration names is loaded. The built-in ones are
registered in the same way as everybody else's.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from importlib.metadata import EntryPoint, EntryPoints, entry_points
from typing import Generic, TypeVar

from adapters.protocol import AdapterType
from rules.errors import ExtensionError
from rules.nearest import suggest
from rules.step import Action, Condition, Steps
from rules.verdict import Detector

T = TypeVar("T")

GROUP = "groupkeeper"
ADAPTERS, CONDITIONS, ACTIONS, DETECTORS = (
    f"{GROUP}.{kind}" for kind in ("adapters", "conditions", "actions", "detectors")
)


class Installed(Mapping[str, T], Generic[T]):
    """The extensions of one kind by name; each is imported when it is asked for. Raises ``ExtensionError`` then."""

    def __init__(self, group: str, check: Callable[[object], bool], expected: str, found: EntryPoints | None = None):
        self._group = group
        self._check = check
        self._expected = expected
        self._found = found

    @cached_property
    def _points(self) -> dict[str, EntryPoint]:
        found = self._found if self._found is not None else entry_points(group=self._group)
        return {point.name: point for point in found}

    def __getitem__(self, name: str) -> T:
        return self._load(self._points[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._points)

    def __len__(self) -> int:
        return len(self._points)

    def __contains__(self, name: object) -> bool:
        return name in self._points

    def _load(self, point: EntryPoint) -> T:
        where = f"{point.value}, of the package {point.dist.name}" if point.dist else point.value
        try:
            loaded = point.load()
        except Exception as error:  # whatever a foreign module raises while it is imported
            raise ExtensionError(point.name, f"cannot be loaded ({where}): {type(error).__name__}: {error}") from error
        if not self._check(loaded):
            raise ExtensionError(point.name, f"is no {self._expected} ({where})")
        return loaded  # type: ignore[no-any-return]


def steps() -> Steps:
    """The conditions and actions that rules may use."""
    return Steps(
        conditions=Installed(CONDITIONS, lambda x: isinstance(x, type) and issubclass(x, Condition), "condition"),
        actions=Installed(ACTIONS, lambda x: isinstance(x, type) and issubclass(x, Action), "action"),
    )


def detectors() -> Mapping[str, Callable[[], Detector]]:
    """The detectors that rules may ask for a verdict: how to make each."""
    return Installed(DETECTORS, callable, "detector")


def adapter_types() -> Mapping[str, AdapterType]:
    """The platforms there are adapters for."""
    return Installed(ADAPTERS, lambda x: hasattr(x, "declared") and hasattr(x, "make"), "adapter type")


def adapter_type(name: str) -> AdapterType:
    """The adapter type of a platform's ``type:``. Raises ``ExtensionError``."""
    known = adapter_types()
    if name not in known:
        raise ExtensionError(
            name, f"there is no adapter of this type; installed are {', '.join(sorted(known))}{suggest(name, known)}"
        )
    return known[name]
