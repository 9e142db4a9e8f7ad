"""From a configuration to a rulebook: every section that makes the bot act becomes rules, in the order of the file.

Onboarding and activities come first (an introduction is recognised before anything judges it), then the rules as
written, then schedules.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from hashlib import blake2b
from types import MappingProxyType
from zoneinfo import ZoneInfo

from rules.actions.appeals import RemindOfAppeal
from rules.actions.posts import Post
from rules.actions.report import PostReport
from rules.activities import activity_rules
from rules.ads import ad_settings
from rules.capability import Capability
from rules.compile_checks import all_complaints, ladder_fallbacks, own_fallbacks
from rules.config import Config, GroupSpec, QuietHoursSpec, RuleSpec, ScheduleSpec
from rules.copy import CopyBook, Variants
from rules.errors import ConfigError, Place
from rules.facts import GroupSettings
from rules.language.loaded import Loaded
from rules.logic import All, NoneOf
from rules.onboarding import answer_rule, contact_rule, door_rules, gate_rules, onboarding_rules
from rules.platform_names import platform_names
from rules.roles import RoleBook
from rules.rulebook import Rule, Rulebook, assemble
from rules.selectors import modes_in_groups, select
from rules.step import Action, Condition, LadderSteps, Library, Rung
from rules.tally import REPORT
from rules.timing import Timing
from rules.windows import QuietHours, Window

EVERY_DAY = frozenset(range(7))


def compile_rulebook(
    loaded: Loaded,
    builtin_copy: Mapping[str, Variants],
    capabilities: Mapping[str, frozenset[Capability]],
    *,
    titles: Mapping[str, str] = MappingProxyType({}),
    human: Collection[str] = (),
) -> tuple[Rulebook, CopyBook]:
    """The rulebook and copy library of a loaded configuration.

    ``capabilities`` and ``titles`` (what people call it) are by platform name, ``human`` are the platforms on which the
    bot is an account like a person's. Raises ``ConfigError`` where a rule asks a platform for what it cannot do.
    """
    config = loaded.config
    windows = {name: Window(window.days, window.from_, window.to) for name, window in config.windows.items()}
    settings = {
        key: replace(
            _settings(config, key, group, windows, capabilities),
            title=titles.get(group.platform, ""),
            human=group.platform in human,
        )
        for key, group in config.groups.items()
    }
    library = replace(
        _library(loaded), agenda=_agenda(config), chats={key: group.chat for key, group in settings.items()}
    )
    rules = [
        *gate_rules(config),
        *onboarding_rules(config, loaded.places),
        *activity_rules(config, loaded.places),
        *([answer_rule(config)] if _asks(config) else []),
        *([contact_rule(config.staff.room)] if human and config.staff.room in config.groups else []),
        *([_appeals(config)] if any(ladder.appeal.must_answer_within for ladder in config.ladders.values()) else []),
        *(_rule(config, spec, loaded.places.get(spec.id)) for spec in config.rules),
        *door_rules(config, loaded.places),
        *(_schedule(config, spec, loaded.places.get(spec.id)) for spec in config.schedules),
    ]
    if config.staff.report is not None and config.staff.room is not None:
        called = _called(config, titles, builtin_copy)
        rules.append(_report(config, config.staff.room, config.staff.report, rules, settings, called))
    complaints = all_complaints(loaded, rules, settings, library)
    if complaints:
        raise ConfigError(complaints)
    rulebook = assemble(
        loaded.version,
        rules,
        settings.values(),
        library,
        first_match=config.defaults.match == "first",
        roles_of=RoleBook(config.roles).roles_of,
    )
    copy = CopyBook(
        texts=MappingProxyType(_merged(builtin_copy, loaded.copy)),
        by_group=loaded.group_copy,
        fallback=config.defaults.language,
    )
    return rulebook, copy


def _settings(
    config: Config,
    key: str,
    group: GroupSpec,
    windows: Mapping[str, Window],
    capabilities: Mapping[str, frozenset[Capability]],
) -> GroupSettings:
    defaults = config.defaults
    quiet = group.quiet_hours or defaults.quiet_hours
    staff = config.groups.get(config.staff.room or "")
    return GroupSettings(
        key=key,
        chat=f"{group.platform}:{group.chat}",
        platform=group.platform,
        name=group.name,
        tags=frozenset(group.tags),
        timezone=ZoneInfo(group.timezone or defaults.timezone),
        language=group.language or defaults.language,
        mode=group.mode or defaults.mode,
        topic=group.topic,
        day_starts_at=group.day_starts_at if group.day_starts_at is not None else defaults.day_starts_at,
        quiet_hours=_quiet(quiet) if quiet else None,
        staff_chat=f"{staff.platform}:{staff.chat}" if staff else None,
        capabilities=capabilities.get(group.platform, frozenset(Capability)),
        staff_capabilities=capabilities.get(staff.platform if staff else "", frozenset(Capability)),
        tells_sanctions=not config.staff.alerts or "sanctions" in config.staff.alerts,
        announcements_per_day=defaults.announce_budget.per_group_per_day,
        mentions_per_post=defaults.announce_budget.mentions_per_post,
        ads=ad_settings(config.ads, group.ads, marketplace=_is_market(config, key)),
        secret=_secret(config, group.platform),
        windows=windows,
    )


def _is_market(config: Config, key: str) -> bool:
    markets = config.ads.marketplace
    return bool(markets) and key in select(config, markets)


def _secret(config: Config, platform: str) -> str:
    """What follows from a platform's settings, the token among them."""
    known = config.platforms.get(platform)
    settings = (known.model_extra or {}) if known is not None else {}
    texts = "\n".join(f"{name}={value}" for name, value in sorted(settings.items()) if isinstance(value, str))
    return blake2b(texts.encode(), digest_size=32, person=b"secret").hexdigest()


def _quiet(spec: QuietHoursSpec) -> QuietHours:
    return QuietHours(Window(EVERY_DAY, spec.from_, spec.to), spec.late_posts)


def _agenda(config: Config) -> dict[str, tuple[tuple[str, str], ...]]:
    """What is on in each group by the clock: the schedules that have a name."""
    on: dict[str, list[tuple[str, str]]] = {key: [] for key in config.groups}
    for spec in config.schedules:
        if spec.name and spec.mode != "off":
            for group in select(config, spec.groups, spec.except_groups):
                on[group] += [(f"{at:%H:%M}", spec.name) for at in spec.when.at]
    return {key: tuple(sorted(lines)) for key, lines in on.items()}


def _library(loaded: Loaded) -> Library:
    config = loaded.config
    return Library(
        ladders={
            name: LadderSteps(
                tuple(Rung(rung.at, rung.do) for rung in ladder.steps),
                ladder.points_expire_after,
                ladder.appeal.within,
                ladder.appeal.must_answer_within,
                ladder.fallback,
            )
            for name, ladder in config.ladders.items()
        },
        calendars=loaded.calendars,
        topics=loaded.topics,
        house_rules=tuple(key for key in loaded.copy if key.startswith("rules.") and key not in _WHOLE_RULES),
    )


_WHOLE_RULES = frozenset({"rules.short", "rules.full"})


def _rule(config: Config, spec: RuleSpec, place: Place | None) -> Rule:
    applies_to = spec.applies_to or config.defaults.applies_to
    names = spec.when.names
    if spec.when.timing is not None:
        names = frozenset({spec.id})
    return Rule(
        id=spec.id,
        name=spec.name,
        kinds=spec.when.kinds,
        condition=spec.if_,
        actions=spec.then,
        mode=spec.mode or config.defaults.mode,
        names=names,
        groups=select(config, spec.groups, spec.except_groups),
        binds_staff=applies_to == "everyone" or spec.when.kinds <= _ASKED_FOR,
        stop=spec.stop,
        at_most=spec.at_most,
        timing=spec.when.timing,
        place=place,
        modes=modes_in_groups(config, spec.id, spec.mode),
        fallback={**config.defaults.fallback, **spec.fallback},
    )


_ASKED_FOR = frozenset({"command", "button", "schedule"})
"""Events that somebody asked for, or the clock: whoever it is, they are answered."""


def _schedule(config: Config, spec: ScheduleSpec, place: Place | None) -> Rule:
    conditions: list[Condition] = [part for part in (spec.if_, spec.only_if) if part is not None]
    if spec.skip_if is not None:
        conditions.append(NoneOf(of=(spec.skip_if,)))
    actions: tuple[Action, ...] = spec.then
    if spec.post is not None:
        actions = (Post(source=spec.post, pin=spec.pin, silent=spec.silent, update_for=spec.update_for), *actions)
    return Rule(
        id=spec.id,
        name=spec.name,
        kinds=frozenset({"schedule"}),
        condition=All(of=tuple(conditions)) if conditions else None,
        actions=actions,
        mode=spec.mode or config.defaults.mode,
        names=frozenset({spec.id}),
        groups=select(config, spec.groups, spec.except_groups),
        binds_staff=True,
        at_most=spec.at_most,
        timing=spec.when,
        place=place,
        modes=modes_in_groups(config, spec.id, spec.mode),
        fallback={**config.defaults.fallback, **spec.fallback},
    )


def _appeals(config: Config) -> Rule:
    """The rule that reminds staff of appeals nobody has answered."""
    return Rule(
        id="appeals",
        name="",
        kinds=frozenset({"schedule"}),
        condition=None,
        actions=(RemindOfAppeal(),),
        names=frozenset({"appeal"}),
        groups=frozenset(config.groups),
        binds_staff=True,
        internal=True,
    )


def _report(
    config: Config,
    room: str,
    timing: Timing,
    rules: Iterable[Rule],
    settings: Mapping[str, GroupSettings],
    platforms: Mapping[str, str],
) -> Rule:
    """The staff's report, in the staff room; it is posted also where everything else is only watched."""
    named = {rule.id: rule.name or rule.id for rule in rules if not rule.internal}
    kept = [group for group in settings.values() if group.key != room]
    action = PostReport(
        rules=named,
        groups={group.chat: group.name or group.key for group in kept},
        keys={group.chat: group.key for group in kept},
        platforms=platforms,
    )
    return Rule(
        id=REPORT,
        name="",
        kinds=frozenset({"schedule"}),
        condition=None,
        actions=(action,),
        names=frozenset({REPORT}),
        groups=frozenset({room}) & settings.keys(),
        binds_staff=True,
        timing=timing,
        internal=True,
    )


def _called(config: Config, titles: Mapping[str, str], copy: Mapping[str, Variants]) -> dict[str, str]:
    """What to call the platforms in the staff room."""
    room = config.groups.get(config.staff.room or "")
    language = (room.language if room is not None else None) or config.defaults.language
    return platform_names(titles, config.platforms, CopyBook(texts=copy), language)


def _asks(config: Config) -> bool:
    every = [action for rule in config.rules for action in rule.then]
    every += [action for ladder in config.ladders.values() for rung in ladder.steps for action in rung.do]
    fallbacks = [*own_fallbacks(config).values(), *ladder_fallbacks(config).values(), config.defaults.fallback]
    every += [action for fallback in fallbacks for steps in fallback.values() for action in steps]
    return any(action.step == "ask" for action in every)


def _merged(builtin: Mapping[str, Variants], own: Mapping[str, Variants]) -> dict[str, Variants]:
    """The operator's texts over the built-in ones, language by language."""
    merged = {key: dict(variants) for key, variants in builtin.items()}
    for key, variants in own.items():
        merged[key] = {**merged.get(key, {}), **variants}
    return dict(merged)
