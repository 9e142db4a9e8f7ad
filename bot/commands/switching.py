"""/rule and /reload: which rules there are, switching them here, and trying one on a message."""

from dataclasses import replace
from datetime import timedelta
from difflib import get_close_matches
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from bot.commands.arguments import FOR_EVER, parse_length
from bot.commands.base import Command, answer, decided, refused
from bot.commands.reasons import TESTED, in_full, rule_name
from rules.changes import Audit, RequestReload, SetRuleMode
from rules.decision import FIRED, Decision
from rules.engine import decide, mode_of
from rules.events import CommandIssued, MessagePosted
from rules.facts import Facts
from rules.folding import fold
from rules.rulebook import ENFORCE, OFF, SHADOW, GroupBook, Rule
from rules.state import GroupState, MemberState
from rules.text import Text, key, say
from rules.values import Link, Member, Message
from rules.wording import excerpt, local_time

if TYPE_CHECKING:
    from bot.desk import Desk

FILE = "file"
_LIST, _TEST = "list", "test"
_VERBS = {"list": _LIST, "列表": _LIST, "on": ENFORCE, "enforce": ENFORCE, "开": ENFORCE, "开启": ENFORCE}
_VERBS |= {"shadow": SHADOW, "watch": SHADOW, "观察": SHADOW, "off": OFF, "关": OFF, "关闭": OFF}
_VERBS |= {"file": FILE, "reset": FILE, "恢复": FILE, "test": _TEST, "测试": _TEST}


class RuleSwitch(Command):
    name = "rule"
    aliases = ("规则开关",)
    needs = "rules"

    def decide(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        verb_word, _, rest = issued.args.strip().partition(" ")
        verb = _VERBS.get(fold(verb_word), "" if verb_word else _LIST)
        if not verb:
            raise refused("usage", text=key("commands.rule.usage"))
        if verb == _LIST:
            return decided(issued, facts, desk, (answer(issued, facts, self._list(facts, desk)),))
        rule, rest = _rule_named(rest.strip(), desk)
        if verb == _TEST:
            text = _tried(rule, rest, issued, facts, desk)
            return decided(issued, facts, desk, (answer(issued, facts, text),))
        return self._switched(rule, verb, rest, issued, facts, desk)

    def _list(self, facts: Facts, desk: "Desk") -> Text:
        rules = [rule for rule in _rules_here(desk) if not _is_part(rule)]
        if not rules:
            return key("commands.rule.none")
        lines = []
        for rule in rules:
            override = facts.group.rule_modes.get(rule.id)
            until = override.until if override is not None else None
            ends = until is not None and until > facts.now
            value = key(f"commands.rule.{mode_of(rule, facts, desk.book)}")
            if ends and until is not None:
                value = key("commands.rule.until", value=value, until=local_time(until, facts))
            lines.append(key("commands.rule.line", number=rule.id, rule=rule_name(rule.id, desk), value=value))
        return key("commands.rule.list", items=tuple(lines))

    def _switched(
        self, rule: Rule, mode: str, rest: str, issued: CommandIssued, facts: Facts, desk: "Desk"
    ) -> Decision:
        length, left = parse_length(rest)
        if left:
            raise refused("bad_duration", value=excerpt(left, 40))
        until = None if length in (None, FOR_EVER) else facts.now + (length or timedelta())
        switched = [rule, *(part for part in _rules_here(desk) if _is_part(part, of=rule))]
        changes = [SetRuleMode(rule=part.id, mode=mode, until=until, by=issued.actor.id) for part in switched]
        log = Audit(actor=issued.actor.id, act=f"rule {mode}", target=rule.id, reason=rest)
        value = key(f"commands.rule.{mode}")
        if until is not None and length is not None:
            value = key("commands.rule.until", value=value, until=local_time(until, facts))
        text = key("commands.rule.done", rule=rule_name(rule.id, desk), value=value)
        return decided(issued, facts, desk, (*changes, log, answer(issued, facts, text, stands=None)))


class Reload(Command):
    """The answer comes once the file was read: what is in force now, or what is wrong with it."""

    name = "reload"
    aliases = ("重载", "重新加载")
    needs = "rules"
    about = "here"

    def decide(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        by = issued.actor.id
        return decided(issued, facts, desk, (RequestReload(by=by), Audit(actor=by, act="reload")))


def _rules_here(desk: "Desk") -> list[Rule]:
    here = {rule.id: rule for rules in desk.book.by_kind.values() for rule in rules}
    return [rule for rule in desk.setup.rulebook.rules if rule.id in here]


def _is_part(rule: Rule, of: Rule | None = None) -> bool:
    """Whether a rule is one of several that a section makes (`newcomers.greet`), and goes with its first one."""
    return rule.made_from not in ("", rule.id) and (of is None or of.id == rule.made_from)


def _rule_named(text: str, desk: "Desk") -> tuple[Rule, str]:
    """The rule whose id or name a text begins with, and what follows. Raises ``Refused``."""
    rules = _rules_here(desk)
    named = [(name, rule) for rule in rules for name in (rule.id, rule.name) if name]
    for name, found in sorted(named, key=lambda pair: -len(pair[0])):
        after = text[len(name) :]
        if fold(text[: len(name)]) == fold(name) and (not after or after[0].isspace()):
            return found, after.strip()
    word = text.partition(" ")[0]
    if not word:
        raise refused("usage", text=key("commands.rule.usage"))
    near = get_close_matches(word, [rule.id for rule in rules], 1)
    if near:
        raise refused("rule.unknown_near", rule=excerpt(word, 64), value=near[0])
    raise refused("rule.unknown", rule=excerpt(word, 64))


def _tried(rule: Rule, words: str, issued: CommandIssued, facts: Facts, desk: "Desk") -> Text:
    """What a rule would say of a message now, whatever its mode: the one replied to, or the words given."""
    if "message" not in rule.kinds:
        raise refused("rule.not_messages", rule=rule.name or rule.id)
    message, state = _message_to_try(words, issued, desk)
    event = MessagePosted(id=f"{issued.id}/test", group=issued.group, at=facts.now, message=message)
    alone = replace(rule, mode=ENFORCE, modes={}, binds_staff=True, at_most=None)
    book = GroupBook(desk.book.settings, MappingProxyType({"message": (alone,)}))
    rulebook = replace(desk.setup.rulebook, groups=MappingProxyType({desk.group: book}))
    group = GroupState(id=facts.group.id)
    decision = decide(event, replace(facts, member=state, group=group), rulebook)
    trace = decision.trace
    looked_at = [_only_tried(entry) for entry in trace.entries()] if trace is not None else []
    entries = {"rules": looked_at, "rulebook": rulebook.version}
    told = in_full(entries, facts.now, facts, desk)
    return say(
        "{items}", items=(key("commands.rule.tested", rule=rule.name or rule.id, text=excerpt(message.text)), told)
    )


def _only_tried(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry of a trace of which nothing was carried out."""
    if entry["outcome"] != FIRED:
        return entry
    return {**entry, "outcome": TESTED, "would": entry.get("effects", ()), "effects": ()}


def _message_to_try(words: str, issued: CommandIssued, desk: "Desk") -> tuple[Message, MemberState]:
    if words:
        somebody = Member(id=f"{desk.group.partition(':')[0]}:somebody", name="Somebody")
        return Message(id=f"{desk.group}/test", author=somebody, text=words), MemberState(id=somebody.id)
    reply = issued.message.reply_to
    if reply is None:
        raise refused("rule.needs_message", text=key("commands.rule.usage"))
    posted = desk.posted(reply)
    if posted is None or posted.text is None:
        raise refused("why.not_kept")
    state = desk.member(posted.member)
    author = issued.message.reply_to_author or Member(id=posted.member, name=posted.name)
    links = tuple(Link(url=link if "://" in link else f"https://{link}") for link in posted.links)
    return Message(id=reply, author=author, text=posted.text, at=posted.at, links=links), state
