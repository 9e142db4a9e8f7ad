"""A configuration made ready to run, to be swapped whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rules.commandline import CommandNames
from rules.config import Config
from rules.copy import CopyBook
from rules.errors import Complaint, Place
from rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Setup:
    """What running needs of a configuration. ``warnings`` are complaints that do not keep it from running.

    ``places`` tells where rules and their tests are written, as ``rules.language.Loaded`` has it. ``titles`` are what
    people call the platforms, by the name of each.
    """

    rulebook: Rulebook
    copy: CopyBook
    config: Config
    commands: CommandNames = field(default_factory=lambda: CommandNames({}))
    warnings: tuple[Complaint, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
