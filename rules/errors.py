"""Every error that Groupkeeper raises on purpose.

GroupkeeperError
|-- ConfigError(complaints)   every complaint about a configuration, each with file:line:column
|-- ExtensionError(name)      a condition, action, detector or adapter that cannot be loaded
|-- HistoryError              a chat export that cannot be read
|-- NotKnownYet               a condition that goes by what is still on its way
|-- StorageError              the database cannot be used (storage.errors has the kinds)
`-- AdapterError              adapters.errors, by what dispatch does next
"""

from collections.abc import Sequence
from dataclasses import dataclass


class GroupkeeperError(Exception):
    """The base of all."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in a file something stands; line and column count from 1. Line 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is wrong with a configuration: where, what, and what to do about it."""

    place: Place
    message: str
    path: str = ""

    def __str__(self) -> str:
        where = f"{self.place}: {self.path}: " if self.path else f"{self.place}: "
        return where + self.message


class ConfigError(GroupkeeperError):
    """A configuration that cannot be used, with all complaints about it, in the order of the file."""

    def __init__(self, complaints: Sequence[Complaint]) -> None:
        self.complaints = tuple(sorted(complaints, key=lambda complaint: complaint.place))
        super().__init__("\n".join(str(complaint) for complaint in self.complaints))


class ExtensionError(GroupkeeperError):
    """An extension that cannot be loaded."""

    def __init__(self, name: str, why: str) -> None:
        self.name = name
        super().__init__(f"{name}: {why}")


class NotKnownYet(GroupkeeperError):
    """Whether a condition holds will be known in a moment: its rule then looks at the event once more."""


class HistoryError(GroupkeeperError):
    """A history that cannot be read."""


class StorageError(GroupkeeperError):
    """The database cannot be used; the message says why and what to do."""
