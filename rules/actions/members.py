"""What is noted about a member: tags, points, answers to a question."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from pydantic import Field

from rules import changes as c
from rules.capability import Capability
from rules.durations import Duration
from rules.effects import SendText
from rules.events import Event, message_of, subject_of
from rules.facts import Facts
from rules.step import MEMBER_EVENTS, Action, Outcome, RuleContext
from rules.text import key
from rules.wording import Words, copy_keys, excerpt, filling, notice, topic_of, wording

LONGEST_ANSWER = 500
"""Characters of an answer that are kept."""


class Tag(Action):
    """Tag the member, for rules and roles to go by.

    ```yaml
    tag: reader
    ```
    """

    step = "tag"
    scalar = "tag"
    kinds = MEMBER_EVENTS
    tag: str = Field(min_length=1, max_length=64)

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        subject = subject_of(event)
        if subject is not None and self.tag not in facts.member.tags:
            yield c.AddTag(member=subject, tag=self.tag)


class Untag(Action):
    """Take a tag off the member.

    ```yaml
    untag: reader
    ```
    """

    step = "untag"
    scalar = "tag"
    kinds = MEMBER_EVENTS
    tag: str = Field(min_length=1, max_length=64)

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        subject = subject_of(event)
        if subject is not None and self.tag in facts.member.tags:
            yield c.RemoveTag(member=subject, tag=self.tag)


class GivePoints(Action):
    """Give the member points for taking part (or take some: -2).

    ```yaml
    points: 5
    ```
    """

    step = "points"
    scalar = "points"
    kinds = MEMBER_EVENTS
    points: int = Field(ge=-1000, le=1000)
    reason: str = Field(default="", description="What for; without it, the rule's name.")

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        subject = subject_of(event)
        if subject is not None and self.points:
            yield c.AddScore(member=subject, points=self.points, reason=self.reason or rule.name or rule.id)


class Ask(Action):
    """Ask the member something; their next message is the answer, and is kept in their profile.

    ```yaml
    ask:
      text: "{name}, how did you find us?"
      save: source
      wait: 10m
    ```
    """

    step = "ask"
    kinds = MEMBER_EVENTS - {"leave", "join_request"}
    needs = frozenset({Capability.SEND})
    text: Words = Field(description="The question, or the name of a text.")
    save: str = Field(pattern=r"^[\w-]{1,64}$", description="The field of the profile that the answer goes to.")
    wait: Duration = Field(default=timedelta(minutes=10), description="How long an answer is waited for.")

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        subject = subject_of(event)
        if subject is None:
            return
        yield c.AskQuestion(member=subject, save=self.save, until=facts.now + self.wait, rule=rule.id)
        yield notice(event, facts, wording(self.text, event, facts, rule), stands=self.wait)

    def refers(self) -> Iterable[tuple[str, str]]:
        return copy_keys(self.text)


class AnswerQuestion(Action):
    """Take the message as the answer to the question that the member was asked, and thank them.

    ```yaml
    answer_question:
    ```
    """

    step = "answer_question"
    kinds = frozenset({"message"})
    needs = frozenset({Capability.SEND})

    def outcomes(self, event: Event, facts: Facts, rule: RuleContext) -> Iterator[Outcome]:
        question, message = facts.member.question, message_of(event)
        words = facts.reading.text.strip()
        if question is None or message is None or question.until <= facts.now or not words:
            return
        value = excerpt(words, LONGEST_ANSWER)
        yield c.AnswerQuestion(member=message.author.id, save=question.save, value=value)
        yield SendText(
            group=event.group.id,
            text=key("ask.thanks", **filling(event, facts, rule, value=value)),
            reply_to=message.id,
            topic=topic_of(event, facts),
        )
