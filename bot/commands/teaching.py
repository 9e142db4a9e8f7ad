"""Teaching the detection of advertisements: what staff say of single messages, what was taught, and taking it back."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from msgspec.structs import replace

from bot.commands.acting import check_reach
from bot.commands.arguments import Target, target_of
from bot.commands.base import Command, answer, called, decided, refused
from bot.commands.deciding import NoAd as NoAdOfCase
from bot.commands.deciding import case_words, taken_back, told
from bot.commands.labelling import Lesson, label_line, lesson
from bot.commands.places import named_group
from bot.commands.settling import case_number, closed
from bot.commands.unable import platform_text
from rules.capability import Capability
from rules.changes import Audit, WithdrawLabel
from rules.decision import Decision
from rules.effects import DeleteMessage, SendText
from rules.events import CommandIssued
from rules.facts import Facts
from rules.step import Outcome
from rules.text import Text, key, say
from rules.wording import group_name, plain_name, to_staff

if TYPE_CHECKING:
    from bot.desk import Desk
    from storage.cases import Case

LISTED = 10
TAKEN_BACK = ("undone", "no_ad")


@dataclass(frozen=True, slots=True)
class Subject:
    """What something is said of: a message, a decision about one, or words alone."""

    words: str | None
    message: str | None = None
    author: Target | None = None
    case: "Case | None" = None
    stands: bool = False


class Teaching(Command):
    """What staff say of one message: in reply to it, by the number of a decision, or of words in the staff room."""

    needs = "review"
    or_needs = ("delete",)
    ad: ClassVar[bool]

    def place(self, issued: CommandIssued, desk: "Desk") -> tuple[str, str] | None:
        if issued.message.reply_to is not None:
            case = desk.case_told_in(issued.group.id, issued.message.reply_to)
            if case is not None:
                return case.group, f"#{case.number}"
            said = desk.posted(issued.message.reply_to)  # somebody quoted or forwarded it into the staff room
            group, _ = named_group(issued.args, desk.groups)
            group = group or (desk.groups[0] if len(desk.groups) == 1 else None)
            return None if said is None or not said.text or group is None else (group.chat, said.text)
        if len(issued.args.split()) != 1 or (number := case_number(issued.args)) is None:
            return None
        found = [settings.chat for settings in desk.groups if desk.case(number, settings.chat) is not None]
        return (found[0], f"#{number}") if len(found) == 1 else None

    def decide(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        subject = self._subject(issued, facts, desk)
        author = subject.author
        if author is not None and self.ad:
            check_reach(issued, facts, desk, author)
        learned = lesson(
            issued,
            facts,
            desk,
            ad=self.ad,
            words=subject.words,
            message=subject.message,
            member=author.id if author is not None else None,
        )
        outcomes: list[Outcome] = [learned.label] if learned.label is not None else []
        target = author.id if author is not None else None
        outcomes.append(Audit(actor=issued.actor.id, act=self.name, target=target, reason=_about(subject)))
        outcomes += self.consequences(subject, issued, facts, desk)
        outcomes += self._told(subject, learned, issued, facts, desk)
        return decided(issued, facts, desk, outcomes)

    def consequences(self, subject: Subject, issued: CommandIssued, facts: Facts, desk: "Desk") -> Iterator[Outcome]:
        """What is done besides learning."""
        raise NotImplementedError

    def done(self, subject: Subject, facts: Facts, desk: "Desk") -> Iterator[Text]:
        """What staff are told of that."""
        raise NotImplementedError

    def _told(
        self, subject: Subject, learned: Lesson, issued: CommandIssued, facts: Facts, desk: "Desk"
    ) -> Iterator[Outcome]:
        """A word to who said it: in the staff room rather than below the eyes of everybody, where there is one."""
        text = say("{items}", items=(*self.done(subject, facts, desk), learned.told))
        if issued.press is None and issued.origin is None:
            if self.ad and facts.can(Capability.DELETE):
                yield DeleteMessage(group=issued.group.id, message=issued.message.id)
            words = key("commands.labels.in_group", text=text, group=group_name(issued, facts))
            aside = to_staff(facts, words, silent=True)
            if aside is not None:
                yield aside
                return
        said = answer(issued, facts, text, brief=True)
        if self.ad and isinstance(said, SendText) and issued.origin is None:
            said = replace(said, reply_to=None)  # what it would answer to is gone
        yield said

    def _subject(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Subject:
        message, author = issued.message.reply_to, issued.message.reply_to_author
        if message is not None:
            if desk.posted_by_us(message):
                case = desk.case_told_in(desk.group, message)
                if case is None:
                    raise refused("not_the_bot", command=called(self.name, desk))
                return _of_case(case, facts, desk)
            whom = None
            if author is not None:
                whom = Target(author.id, plain_name(author.name or author.username or author.id), author)
            words = issued.message.reply_to_text or _kept_words(message, facts, desk)
            return Subject(
                words=issued.message.quote if words is None else words,
                message=message,
                author=whom,
                case=desk.case_about(message),
                stands=not desk.was_removed(message),
            )
        number = case_number(issued.args)
        if number is not None and len(issued.args.split()) == 1:
            case = desk.case(number)
            if case is None:
                raise refused("cases.unknown", number=number)
            return _of_case(case, facts, desk)
        if issued.args.strip() and issued.origin is not None:
            return Subject(words=issued.args.strip())
        raise refused("labels.usage", command=called(self.name, desk))


class Spam(Teaching):
    """A message is an advertisement: it goes, and what is like it will be known. Nobody is punished for it here."""

    name = "spam"
    aliases = ("广告", "垃圾")
    ad = True

    def consequences(self, subject: Subject, issued: CommandIssued, facts: Facts, desk: "Desk") -> Iterator[Outcome]:
        if _goes(subject, facts):
            yield DeleteMessage(group=issued.group.id, message=subject.message or "")
        if subject.case is not None and subject.case.outcome is None:
            yield from closed(subject.case, "ad", issued, facts, desk)

    def done(self, subject: Subject, facts: Facts, desk: "Desk") -> Iterator[Text]:
        if _goes(subject, facts):
            yield key("commands.spam.removed")
        elif subject.message is not None and subject.stands:
            yield key("commands.cannot_here", command=called("delete", desk), platform=platform_text(facts, desk))


class Ham(Teaching):
    """A message is no advertisement: what was done because of it is taken back, as far as it can be."""

    name = "ham"
    aliases = ("正常", "非广告")
    ad = False

    def consequences(self, subject: Subject, issued: CommandIssued, facts: Facts, desk: "Desk") -> Iterator[Outcome]:
        case = subject.case
        if case is None or case.outcome in TAKEN_BACK:
            return
        yield from taken_back(case, issued.actor.id, facts, desk)
        yield Audit(actor=issued.actor.id, act="no_ad", target=case.member, reason=case.message or case.event)
        yield from told(case, key("cases.undone.private", **case_words(case, issued, facts, desk)), facts, desk)
        yield from closed(case, "no_ad", issued, facts, desk)

    def done(self, subject: Subject, facts: Facts, desk: "Desk") -> Iterator[Text]:
        case = subject.case
        if case is not None and case.outcome not in TAKEN_BACK:
            name = target_of(case.member, desk).name
            yield key("commands.undo.done", number=case.number, name=name)
            if "delete_message" in case.acts:
                yield key("commands.ham.gone", name=name)
        elif subject.author is not None:
            until = desk.member(subject.author.id).muted_until
            if until is not None and until > facts.now:
                yield key("commands.ham.still_muted", name=subject.author.name, command=called("unmute", desk))


class NoAd(NoAdOfCase):
    """Of a message on which nothing was decided, it says what /ham says."""

    def decide(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        message = issued.message.reply_to
        if message is not None and not issued.args.strip() and desk.case_about(message) is None:
            return Ham().decide(issued, facts, desk)
        return super().decide(issued, facts, desk)


class Learned(Command):
    """What a group was taught, by whom and when."""

    name = "learned"
    aliases = ("学到的", "学习记录")
    needs = "review"
    or_needs = ("delete",)

    def decide(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        ads, hams = desk.label_counts()
        seen, wanted = desk.ordinary_seen(), facts.settings.ads.cold_start
        head = key("commands.learned.head", group=group_name(issued, facts), count=ads, others=hams)
        watch = key("commands.learned.warm" if seen >= wanted else "commands.learned.cold", count=seen, total=wanted)
        lines = tuple(label_line(label, facts, desk) for label in desk.labels(LISTED))
        text = say("{items}", items=(head, watch, *lines))
        return decided(issued, facts, desk, (answer(issued, facts, text),))


class Unlearn(Command):
    """What was said of a message is taken back."""

    name = "unlearn"
    aliases = ("撤回学习", "取消学习")
    needs = "review"
    or_needs = ("delete",)

    def decide(self, issued: CommandIssued, facts: Facts, desk: "Desk") -> Decision:
        number = case_number(issued.args)
        if number is None and issued.message.reply_to is not None:
            found = desk.label_of(issued.message.reply_to)
        elif number is not None:
            found = desk.label(number)
        else:
            raise refused("labels.which", command=called(self.name, desk), text=called("learned", desk))
        if found is None:
            raise refused("labels.unknown", number=number if number is not None else "–")
        if found.undone_at is not None:
            name = target_of(found.undone_by or "", desk).name
            raise refused("labels.undone_before", number=found.number, name=name)
        outcomes: list[Outcome] = [
            WithdrawLabel(number=found.number, by=issued.actor.id),
            Audit(actor=issued.actor.id, act=self.name, target=found.member, reason=f"#{found.number}"),
            answer(issued, facts, key("commands.unlearn.done", number=found.number), brief=True),
        ]
        return decided(issued, facts, desk, outcomes)


def _of_case(case: "Case", facts: Facts, desk: "Desk") -> Subject:
    message = case.message
    return Subject(
        words=None if message is None else _kept_words(message, facts, desk),
        message=message,
        author=target_of(case.member, desk),
        case=case,
        stands=message is not None and "delete_message" not in case.acts and not desk.was_removed(message),
    )


def _kept_words(message: str, facts: Facts, desk: "Desk") -> str | None:
    """The words of a message; of an album those that stand below any of its parts."""
    parts = next((album.parts for album in facts.group.albums if message in album.parts), [message])
    found = [words for part in parts if (words := desk.words_of(part)) is not None]
    return next((words for words in found if words), "" if found else None)


def _goes(subject: Subject, facts: Facts) -> bool:
    return subject.message is not None and subject.stands and facts.can(Capability.DELETE)


def _about(subject: Subject) -> str:
    if subject.message is not None:
        return subject.message
    return f"#{subject.case.number}" if subject.case is not None else ""
