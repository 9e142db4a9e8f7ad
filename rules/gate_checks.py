"""What stands in a gate's way: found when a file is loaded, so that nobody is held up by a gate that cannot work."""
# ruff: noqa: E501 - a sentence is easier to find whole

from collections.abc import Iterable, Iterator, Mapping

from rules.beyond import platform_of
from rules.capability import Capability
from rules.config import Config, GateSpec
from rules.doing import Doings
from rules.errors import Complaint, Place
from rules.facts import GroupSettings
from rules.gate import Gate
from rules.onboarding import gates_of
from rules.rulebook import Rule


def gate_complaints(
    config: Config,
    rules: Iterable[Rule],
    settings: Mapping[str, GroupSettings],
    done: Doings,
    places: Mapping[str, Place],
) -> list[Complaint]:
    """Every complaint about gates and about what asks for them."""
    found: list[Complaint] = []
    first: dict[str, str] = {}
    for name, gate in gates_of(config).items():
        place = places.get(f"{name}.gate") or places.get(name) or Place("config")
        path = f"onboarding.{name}.gate"
        for group in gate.groups:
            other = first.setdefault(group, name)
            if other != name:
                why = f"group {group} has a gate already, that of `{other}`; take one of them out"
                found.append(Complaint(place, why, path))
            found += _unable(gate, settings[group], place, path)
            found += _undecided(gate, settings[group], place, path)
    return [*found, *_nothing_to_require(rules, frozenset(first), settings, done)]


def platform_and_group(settings: GroupSettings) -> str:
    """What to call the platform of one group in a complaint that says no more of the group."""
    named = platform_of([settings])
    return f"{named} (group {settings.key})" if settings.title else named


def _unable(gate: Gate, settings: GroupSettings, place: Place, path: str) -> Iterator[Complaint]:
    """What the platform cannot do for the gate to ask and to be shut."""
    can, key, kind = settings.capabilities, settings.key, gate.kind(settings)
    platform = platform_and_group(settings)
    if Capability.SEE_JOINS not in can:
        why = f"{platform} does not tell who joins, so the gate would never ask; take {key} out of its groups:"
        yield Complaint(place, why, path)
    if kind in ("button", "captcha") and Capability.BUTTONS not in can:
        why = f"{platform} has no buttons; write `ask:` and `answer_any:`, to be answered in words"
        yield Complaint(place, why, path)
    if kind == "captcha" and Capability.SEND_PICTURE not in can:
        why = f"{platform} cannot show pictures; write `challenge: button`, or `ask:`"
        yield Complaint(place, why, path)
    if not gate.asks_inside(settings):
        return
    if not can & {Capability.MUTE, Capability.DELETE}:
        why = f"{platform} can neither mute a member nor delete their messages, so the gate would stand open; take {key} out of its groups:"
        yield Complaint(place, why, path)
    elif kind == "text" and Capability.DELETE not in can:
        why = f"{platform} cannot delete a member's message, which an answer in words needs; write `choices:`, to be answered by a button"
        yield Complaint(place, why, path)


def _undecided(gate: Gate, settings: GroupSettings, place: Place, path: str) -> Iterator[Complaint]:
    """What cannot follow from an answer, or from none. At a door nobody has to be removed, nor can be silenced."""
    platform, inside = platform_and_group(settings), gate.asks_inside(settings)
    for name, policy in _policies(gate.gate):
        if policy == "stay_restricted" and not inside:
            why = f"`{name}: stay_restricted` silences who is in a group, and in {settings.key} this gate asks at its door alone; write `{name}: decline`"
            yield Complaint(place, why, path)
        if policy in ("remove", "decline") and inside and Capability.KICK not in settings.capabilities:
            why = f"{platform} cannot remove a member, as `{name}: {policy}` wants"
            yield Complaint(place, why, path)
        if policy == "hold_for_staff" and settings.staff_chat is None:
            other = "let_in" if name == "if_unreachable" else "remove"
            why = f"`{name}: hold_for_staff` asks staff, but there is no staff room; name one (staff: room), or write `{name}: {other}`"
            yield Complaint(place, why, path)


def _policies(spec: GateSpec) -> Iterator[tuple[str, str]]:
    if spec.kind == "captcha" or spec.answer_any:
        yield "wrong", spec.wrong
    yield "no_answer", spec.no_answer
    yield "if_unreachable", spec.if_unreachable


def _nothing_to_require(
    rules: Iterable[Rule], gated: frozenset[str], settings: Mapping[str, GroupSettings], done: Doings
) -> Iterator[Complaint]:
    for rule in rules:
        for key in sorted(rule.groups - gated):
            if any(step.step == "require_gate" for doing in done.of(rule, settings[key]) for step in doing.done):
                why = f"rule {rule.id}: group {key} has no gate that `require_gate` could switch on; write one under onboarding: (gate:), or exclude the group (except_groups: [{key}])"
                yield Complaint(rule.place or Place("config"), why)
