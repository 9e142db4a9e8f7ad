"""From a file on disk to a ``Setup``: read, check, compile, all complaints at once."""

import os
from collections.abc import Mapping
from pathlib import Path

import yaml

from adapters.protocol import Adapter, HasManners, KnowsGroupIds, Manners
from bot import extensions
from bot.commands import command_names
from bot.files import DiskFiles
from bot.setup import Setup
from rules.capability import Capability
from rules.compile import compile_rulebook
from rules.config import Config, Platform
from rules.copy import Variants
from rules.doing import Doings
from rules.errors import Complaint, ExtensionError, Place
from rules.language import load
from rules.rulebook import Rulebook, walk

LOCALES = Path(__file__).with_name("locales")


def load_setup(path: Path | str, environ: Mapping[str, str] = os.environ) -> Setup:
    """The setup that a configuration file describes. Raises ``ConfigError`` with every complaint."""
    path = Path(path)
    copy = builtin_copy()
    steps = extensions.steps()
    loaded = load(path.name, DiskFiles(path.parent), steps, environ, copy, platform_fault, group_fault)
    known = manners(loaded.config)
    titles = {name: one.title for name, one in known.items() if one.title}
    rulebook, library = compile_rulebook(
        loaded,
        copy,
        capabilities(loaded.config),
        titles=titles,
        human={name for name, one in known.items() if one.human},
    )
    return Setup(
        rulebook=rulebook,
        copy=library,
        config=loaded.config,
        commands=command_names(rulebook),
        warnings=(
            *loaded.warnings,
            *_without_detector(rulebook, path.name),
            *_nobody_to_tell(rulebook, loaded.config, path.name),
            *_staff_out_of_reach(loaded.config, known, loaded.places, path.name),
        ),
        places=loaded.places,
        titles=titles,
    )


def builtin_copy() -> dict[str, Variants]:
    """The bot's own texts by key and language."""
    texts: dict[str, dict[str, tuple[str, ...]]] = {}
    for file in sorted(LOCALES.glob("*.yaml")):
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for key, variants in content.items():
            texts.setdefault(key, {})[file.stem] = tuple(variants) if isinstance(variants, list) else (str(variants),)
    return dict(texts)


def platform_fault(platform: Platform) -> str | None:
    """What is wrong with a platform's type or its settings; None where nothing is."""
    try:
        extensions.adapter_type(platform.type).declared(platform.model_extra or {})
    except (ExtensionError, ValueError) as error:
        return str(error)
    return None


def group_fault(platform: Platform, chat: str) -> str | None:
    """What is wrong with a group's id on a platform; None where nothing is, or nobody knows."""
    kind = extensions.adapter_types().get(platform.type)
    return kind.group_fault(chat, platform.model_extra or {}) if isinstance(kind, KnowsGroupIds) else None


def capabilities(config: Config) -> dict[str, frozenset[Capability]]:
    """What each configured platform can do, as its adapter declares. Raises ``ExtensionError`` and ``ValueError``."""
    return {
        name: extensions.adapter_type(platform.type).declared(platform.model_extra or {})
        for name, platform in config.platforms.items()
    }


def manners(config: Config) -> dict[str, Manners]:
    """How each configured platform is spoken of and behaved on, where its adapter says."""
    found = {}
    for name, platform in config.platforms.items():
        kind = extensions.adapter_type(platform.type)
        if isinstance(kind, HasManners):
            found[name] = kind.manners(platform.model_extra or {})
    return found


def adapter_of(name: str, platform: Platform) -> Adapter:
    """The adapter of a configured platform. Raises ``ExtensionError`` and ``ValueError``."""
    return extensions.adapter_type(platform.type).make(name, platform.model_extra or {})


def _nobody_to_tell(rulebook: Rulebook, config: Config, file: str) -> list[Complaint]:
    """Rules that only tell or ask staff, though there is no room to do it in: nothing would come of them."""
    if config.staff.room is not None:
        return []
    known = Doings(rulebook.library)
    groups = {book.settings.key: book.settings for book in rulebook.groups.values()}
    found = []
    for rule in rulebook.rules:
        for key in sorted(rule.groups):
            steps = {step.step for one in known.of(rule, groups[key]) for step in one.done} - {"ladder"}
            if steps and steps <= {"alert", "ask_staff"}:
                why = f"in group {key} it only tells staff, and there is no staff room; name one (staff: room)"
                found.append(Complaint(rule.place or Place(file), why, f"rule {rule.id}"))
    return found


def _staff_out_of_reach(
    config: Config, known: Mapping[str, Manners], places: Mapping[str, Place], file: str
) -> list[Complaint]:
    """A staff room on an account that somebody has to log in: of all things, that it is away cannot be told there."""
    room = config.staff.room
    wanted = not config.staff.alerts or "connection" in config.staff.alerts
    if room is None or room not in config.groups or not wanted:
        return []
    platform = config.groups[room].platform
    if platform not in known or not known[platform].human:
        return []
    why = (
        f"the staff room is on `{platform}` itself: when that account is logged out, nobody can be told; "
        "a staff room on Telegram is safer"
    )
    return [Complaint(places.get(f"groups.{room}") or Place(file), why, f"groups.{room}")]


def _without_detector(rulebook: Rulebook, file: str) -> list[Complaint]:
    """Rules that ask for an opinion that nobody has here: their condition never holds."""
    installed = extensions.detectors()
    found = []
    for rule in rulebook.rules:
        parts = walk(rule.condition) if rule.condition is not None else ()
        missing = sorted({name for part in parts for name in part.detectors() if name not in installed})
        why = "no detector `{}` is installed here, so this never holds"
        found += [Complaint(rule.place or Place(file), why.format(name), f"rule {rule.id}") for name in missing]
    return found
