"""What loading a configuration gives, and what it asks of its surroundings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from rules.config import Config
from rules.copy import Variants
from rules.errors import Complaint, GroupkeeperError, Place
from rules.step import CalendarEntries, Step, TopicList

LARGEST = 2_000_000
"""Bytes that one file of a configuration may have."""


class FileProblem(GroupkeeperError):
    """A file of the configuration that cannot be read; the message says why and what to do."""


class Files(Protocol):
    """The files of a configuration, named relative to the folder of its main file, with ``/`` between folders."""

    def read(self, path: str) -> bytes:
        """A file's content. Raises ``FileProblem``."""
        ...

    def glob(self, pattern: str) -> list[str]:
        """The files that a pattern such as ``copy/*.yaml`` matches, sorted. Raises ``FileProblem``."""
        ...


class Origins:
    """Where actions are written. They are told by identity: two that say the same stand in two places."""

    def __init__(self, found: Iterable[tuple[Step, Place]] = ()) -> None:
        self._found = {id(step): (step, place) for step, place in found}

    def place(self, step: Step) -> Place | None:
        """Where a step is written; None where it was made of something else."""
        found = self._found.get(id(step))
        return None if found is None else found[1]


@dataclass(frozen=True)
class Loaded:
    """A configuration without a fault, with all that it names read in.

    ``copy`` is the operator's texts by key and language (built-in ones not included), ``group_copy`` those of single
    groups by group key. ``places`` tells where a rule, schedule or onboarding of this id is written,
    and ``ID.tests[N]``, ``ID.post``, ``ID.fallback.STEP``, ``ladders.NAME.fallback.STEP``, ``defaults.fallback.STEP``,
    ``platforms.NAME`` and ``groups.NAME``; ``origins`` where each action is. ``files`` are all that were read, the main
    file first. ``version`` names the content: equal content has equal versions.
    """

    config: Config
    version: str
    copy: Mapping[str, Variants] = field(default_factory=dict)
    group_copy: Mapping[str, Mapping[str, Variants]] = field(default_factory=dict)
    calendars: Mapping[str, CalendarEntries] = field(default_factory=dict)
    topics: Mapping[str, TopicList] = field(default_factory=dict)
    warnings: tuple[Complaint, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    origins: Origins = field(default_factory=Origins)
