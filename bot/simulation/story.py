"""A story: who is in a group and what they do on one day, from a YAML file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, ConfigDict, Field

from rules.values import PlatformRole

HERE = Path(__file__).parent


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Chats(_Part):
    """A habit: to say one of these now and then."""

    between: tuple[time, time]
    times: int = Field(ge=1)
    lines: tuple[str, ...]


class Actor(_Part):
    """A person of the story: ``member`` from the start or not, ``reachable`` by the bot alone or not; with habits."""

    name: str
    role: PlatformRole = PlatformRole.MEMBER
    member: bool = False
    reachable: bool = False
    checks_in: time | None = None
    check_in: str = "/checkin"
    chats: Chats | None = None


class Beat(_Part):
    """One thing that happens: somebody says something, people join, the bot stops or starts, or a chapter begins."""

    at: time
    heading: str | None = None
    pictured: bool = Field(default=False, description="This chapter is part of the picture, too.")
    who: str | None = None
    says: str | None = None
    name: str | None = Field(default=None, alias="as")
    to: str | None = None
    joins: tuple[str, ...] = ()
    within: int = 0
    stops: bool = False
    starts: bool = False


class Story(_Part):
    """A day of a group."""

    title: str
    group: str
    day_of: date = Field(alias="date")
    timezone: str
    cast: dict[str, Actor]
    eve: tuple[Beat, ...] = Field(default=(), description="What happened the evening before, which is not shown.")
    day: tuple[Beat, ...]
    ends: time

    def moment(self, at: time, *, eve: bool = False) -> datetime:
        """A time of the day, or of its eve, as a moment."""
        return datetime.combine(self.day_of - timedelta(days=eve), at, ZoneInfo(self.timezone))


@dataclass(frozen=True, slots=True)
class Step:
    """A beat at its moment."""

    at: datetime
    beat: Beat
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Script:
    """The story of one language, and all that happens in it with one seed, in order."""

    language: str
    story: Story
    steps: list[Step]


def read_script(language: str, seed: int) -> Script:
    """The script in the files of this package."""
    story = read_story(HERE / f"story.{language}.yaml")
    return Script(language, story, steps_of(story, seed))


def configuration_of(language: str) -> Path:
    """The file by which the bot of the story keeps its group."""
    return HERE / f"demo.{language}.yaml"


def read_story(path: Path) -> Story:
    """The story in a file of this package."""
    return Story.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def steps_of(story: Story, seed: int) -> list[Step]:
    """All that happens, in order: the beats as written, and what people do by habit. The same for the same seed."""
    chance = Random(seed)  # noqa: S311 - habits, no secrets
    steps = [Step(story.moment(beat.at, eve=True), beat, shown=False) for beat in _single(story.eve)]
    steps += [Step(story.moment(beat.at), beat) for beat in _single(story.day)]
    for handle, actor in story.cast.items():
        steps += (Step(at, Beat(at=at.time(), who=handle, says=words)) for at, words in _habits(story, actor, chance))
    return sorted(steps, key=lambda step: step.at)


def _single(beats: tuple[Beat, ...]) -> Iterator[Beat]:
    """The beats, a burst of joins as one join after the other."""
    for beat in beats:
        gap = beat.within // max(len(beat.joins) - 1, 1)
        for number, handle in enumerate(beat.joins):
            later = (datetime.combine(date.min, beat.at) + timedelta(seconds=gap * number)).time()
            yield Beat(at=later, joins=(handle,))
        if not beat.joins:
            yield beat


def _habits(story: Story, actor: Actor, chance: Random) -> Iterator[tuple[datetime, str]]:
    if actor.checks_in is not None:
        yield story.moment(actor.checks_in) + timedelta(seconds=chance.randrange(180)), actor.check_in
    if actor.chats is not None:
        first, last = (story.moment(at) for at in actor.chats.between)
        seconds = int((last - first).total_seconds())
        moments = sorted(chance.sample(range(seconds), actor.chats.times))
        lines = chance.sample(actor.chats.lines, actor.chats.times)
        yield from ((first + timedelta(seconds=at), line) for at, line in zip(moments, lines, strict=True))
