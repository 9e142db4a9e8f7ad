"""From a file on disk to a ``Setup``: read, check, compile, all complaints at once."""

import os
from collections.abc import Mapping
from pathlib import Path

import yaml

from bot import extensions
from bot.commands import command_names
from bot.files import DiskFiles
from bot.setup import Setup
from rules.capability import Capability
from rules.compile import compile_rulebook
from rules.copy import Variants
from rules.errors import Complaint, ConfigError, ExtensionError, Place
from rules.language import load
from rules.language.loaded import Loaded

LOCALES = Path(__file__).with_name("locales")


def load_setup(path: Path | str, environ: Mapping[str, str] = os.environ) -> Setup:
    """The setup that a configuration file describes. Raises ``ConfigError`` with every complaint."""
    path = Path(path)
    copy = builtin_copy()
    steps = extensions.steps()
    loaded = load(path.name, DiskFiles(path.parent), steps, environ, copy_keys=copy)
    rulebook, library = compile_rulebook(loaded, copy, capabilities(loaded, path.name))
    return Setup(
        rulebook=rulebook,
        copy=library,
        config=loaded.config,
        commands=command_names(rulebook),
        warnings=loaded.warnings,
        places=loaded.places,
    )


def builtin_copy() -> dict[str, Variants]:
    """The bot's own texts by key and language."""
    texts: dict[str, dict[str, tuple[str, ...]]] = {}
    for file in sorted(LOCALES.glob("*.yaml")):
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for key, variants in content.items():
            texts.setdefault(key, {})[file.stem] = tuple(variants) if isinstance(variants, list) else (str(variants),)
    return dict(texts)


def capabilities(loaded: Loaded, file: str) -> dict[str, frozenset[Capability]]:
    """What each configured platform can do, as its adapter declares. Raises ``ConfigError``."""
    found: dict[str, frozenset[Capability]] = {}
    complaints = []
    for name, platform in loaded.config.platforms.items():
        place = loaded.places.get(f"platforms.{name}", Place(file))
        try:
            found[name] = extensions.adapter_type(platform.type).declared(platform.model_extra or {})
        except (ExtensionError, ValueError) as error:
            complaints.append(Complaint(place, str(error), f"platforms.{name}"))
    if complaints:
        raise ConfigError(complaints)
    return found
