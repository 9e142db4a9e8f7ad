"""What only the whole configuration can tell is wrong, once its rules are made."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rules.actions.posts import Post
from rules.beyond import Locate, beyond, idle, inapt, strangers
from rules.builtin import builtin_steps
from rules.capability import Capability
from rules.config import Config
from rules.doing import Doings
from rules.door_checks import door_complaints
from rules.errors import Complaint, Place
from rules.facts import GroupSettings
from rules.gate_checks import gate_complaints
from rules.language.loaded import Loaded
from rules.rulebook import Rule
from rules.step import Action, Fallback, Library


def all_complaints(
    loaded: Loaded, rules: Sequence[Rule], settings: Mapping[str, GroupSettings], library: Library
) -> list[Complaint]:
    """Every complaint about the rules of a configuration and the groups that they are for."""
    config, file = loaded.config, Place(loaded.files[0] if loaded.files else "config")
    places, done = _places(loaded, file), Doings(library)
    return [
        *beyond(rules, settings, done, places, builtin_steps().actions),
        *strangers(rules, settings, done, places),
        *inapt(rules, settings, done, places),
        *idle(rules, own_fallbacks(config), ladder_fallbacks(config), library, loaded.places),
        *gate_complaints(config, rules, settings, done, loaded.places),
        *door_complaints(config, settings, loaded.places),
        *_silent_report(config, file),
        *_taken_ids(rules, loaded.places),
        *_same_chats(settings, loaded),
    ]


def own_fallbacks(config: Config) -> dict[str, Fallback]:
    """What rules and schedules say themselves is to be done instead, by their ids."""
    own: dict[str, Fallback] = {rule.id: rule.fallback for rule in config.rules}
    return {**own, **{schedule.id: schedule.fallback for schedule in config.schedules}}


def ladder_fallbacks(config: Config) -> dict[str, Fallback]:
    """What ladders say is to be done instead of their steps, by their names."""
    return {name: ladder.fallback for name, ladder in config.ladders.items()}


def _places(loaded: Loaded, file: Place) -> Locate:
    """Where what a rule asks of a platform is written."""

    def place(rule: Rule, action: Action, missing: Capability) -> Place:
        posts = {Capability.PIN: "pin", Capability.EDIT_OWN: "update_for"}.get(missing, "post")
        found = loaded.origins.place(action)
        if found is None and isinstance(action, Post):  # a schedule's own
            found = loaded.places.get(f"{rule.id}.{posts}")
        return found or rule.place or file

    return place


def _silent_report(config: Config, file: Place) -> Iterator[Complaint]:
    if config.staff.report is not None and config.staff.room is None:
        why = "there is no staff room to post the report in; name one of the groups: room: NAME"
        yield Complaint(file, why, "staff.report")


def _taken_ids(rules: Iterable[Rule], places: Mapping[str, Place]) -> Iterator[Complaint]:
    """Rules whose id is that of a rule which is made from another section: their modes and limits would be one."""
    made: dict[str, Rule] = {}
    for rule in rules:
        other = made.setdefault(rule.id, rule)
        if other is not rule:
            written = next((each for each in (rule, other) if not each.internal), rule)
            why = f"the id `{rule.id}` is taken by a rule that is made from another section; choose another"
            yield Complaint(written.place or places.get(rule.id) or Place("config"), why, rule.id)


def _same_chats(settings: Mapping[str, GroupSettings], loaded: Loaded) -> Iterator[Complaint]:
    """Groups that are one and the same chat: only one of them would be kept."""
    first: dict[str, str] = {}
    for key, group in settings.items():
        other = first.setdefault(group.chat, key)
        if other != key:
            place = loaded.places.get(f"groups.{key}") or Place("config")
            why = f"this is the same chat as the group `{other}`; take one of them out"
            yield Complaint(place, why, f"groups.{key}")
