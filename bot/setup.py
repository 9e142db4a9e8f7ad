"""A configuration made ready to run, to be swapped whole."""

from dataclasses import dataclass, field

from rules.commandline import CommandNames
from rules.config import Config
from rules.copy import CopyBook
from rules.errors import Complaint
from rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Setup:
    """What running needs of a configuration. ``warnings`` are complaints that do not keep it from running."""

    rulebook: Rulebook
    copy: CopyBook
    config: Config
    commands: CommandNames = field(default_factory=lambda: CommandNames({}))
    warnings: tuple[Complaint, ...] = ()
