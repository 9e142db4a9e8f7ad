"""Loading: files in, a configuration without a fault out, or every complaint about it at once."""

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from functools import cache

from pydantic import BaseModel

from rules import ads
from rules import config as c
from rules.copy import Variants
from rules.errors import Complaint, ConfigError, Place
from rules.language.build import FAULTY, MOST, show
from rules.language.calendars import Shelf
from rules.language.checks import check_ids, check_kinds, check_references
from rules.language.copying import read_copy
from rules.language.environment import fill_in
from rules.language.include import Tree, read_tree
from rules.language.loaded import Files, Loaded, Origins
from rules.language.names import Names
from rules.language.nodes import MapNode, Node, Path, place_of, plain
from rules.language.plans import plans
from rules.language.stepping import LOGIC, StepBuilder
from rules.step import Action, CalendarEntries, Step, Steps, TopicList
from rules.timing import Timing


def load(
    path: str,
    files: Files,
    steps: Steps,
    environ: Mapping[str, str],
    copy_keys: Collection[str] | None = None,
    platform_fault: Callable[[c.Platform], str | None] | None = None,
    group_fault: Callable[[c.Platform, str], str | None] | None = None,
) -> Loaded:
    """The configuration in the main file ``path`` and the files it names.

    ``copy_keys`` are the keys of the built-in texts; without them, references to texts are not checked.
    ``platform_fault`` says what is wrong with a platform's type or settings, if anything is, ``group_fault`` the same
    of a group's id on a platform. Raises ``ConfigError`` with all complaints, in the order of the files.
    """
    tree = read_tree(path, files, words_of(steps))
    if not tree.root.entries:
        raise ConfigError(tree.complaints or [Complaint(Place(path), "holds no section such as `rules:`")])
    content = plain(tree.root)
    builder = StepBuilder(steps)
    builder.starts = tree.starts
    unset = fill_in(tree.root, environ)
    for complaint, at in unset:
        builder.complain(complaint.place, at, complaint.message)
    config = builder.settings(c.Config, tree.root, ())
    language = _language(builder)
    copy, group_copy = _copy(builder, tree, language)
    shelf = Shelf(files)
    calendars, topics = _shelve(builder, tree.root, shelf)
    places = check_ids(builder, tree.root)
    check_kinds(builder)
    if platform_fault is not None:
        _check_platforms(builder, tree.root, platform_fault, {at[:2] for _, at in unset})
    if group_fault is not None:
        _check_groups(builder, tree.root, group_fault)
    if not tree.damaged:
        check_references(builder, tree.root, Names(tree.root, copy, copy_keys))
    complaints = _once([*tree.complaints, *builder.complaints, *shelf.complaints])
    if complaints or config is FAULTY:
        raise ConfigError(_in_order(complaints, [*tree.files, *shelf.content])[:MOST])
    return Loaded(
        config=config,
        version=_version(content, shelf.content),
        copy=copy,
        group_copy=group_copy,
        calendars=calendars,
        topics=topics,
        warnings=tuple(shelf.warnings),
        places=places,
        files=(*tree.files, *shelf.content),
        origins=Origins((step, place) for step, _, place, _ in builder.origins if isinstance(step, Action)),
    )


def words_of(steps: Steps) -> frozenset[str]:
    """All words of the language: keys of sections, names of steps and of their settings."""
    named: list[type[Step]] = [*LOGIC.values(), *steps.conditions.values(), *steps.actions.values()]
    words = set(_section_words())
    for cls in named:
        words |= {cls.step, *plans(cls)}
    return frozenset(words | {"command", "button", "schedule"})


@cache
def _section_words() -> frozenset[str]:
    named = [*vars(c).values(), *vars(ads).values()]
    models = [model for model in named if isinstance(model, type) and issubclass(model, BaseModel)]
    return frozenset(word for model in (*models, Timing) for word in plans(model))


def _check_platforms(
    builder: StepBuilder, root: MapNode, fault: Callable[[c.Platform], str | None], unset: Collection[Path]
) -> None:
    """``unset`` are those with a variable that is not set: what stands in its place is no fault of the operator's."""
    for path, made in list(builder.built.items()):
        if isinstance(made, c.Platform) and path not in unset and (why := fault(made)) is not None:
            builder.complain(place_of(root, path), path, why)


def _check_groups(builder: StepBuilder, root: MapNode, fault: Callable[[c.Platform, str], str | None]) -> None:
    for path, made in list(builder.built.items()):
        if isinstance(made, c.GroupSpec):
            platform = builder.built.get(("platforms", made.platform))
            if isinstance(platform, c.Platform) and (why := fault(platform, made.chat)) is not None:
                builder.complain(place_of(root, (*path, "chat")), (*path, "chat"), why)


def _language(builder: StepBuilder) -> str:
    defaults = builder.built.get(("defaults",))
    return defaults.language if isinstance(defaults, c.Defaults) else c.Defaults().language


def _copy(
    builder: StepBuilder, tree: Tree, language: str
) -> tuple[dict[str, Variants], dict[str, Mapping[str, Variants]]]:
    """The operator's texts, and those of single groups."""

    def complain(node: Node, path: Path, message: str) -> None:
        builder.complain(node.place, path, message)

    entries = tree.root.entries
    copy = read_copy(entries["copy"].value, ("copy",), language, complain) if "copy" in entries else {}
    by_group: dict[str, Mapping[str, Variants]] = {}
    groups = entries["groups"].value if "groups" in entries else None
    for name, entry in groups.entries.items() if isinstance(groups, MapNode) else ():
        own = entry.value.entries.get("copy") if isinstance(entry.value, MapNode) else None
        if own is not None:
            made = builder.built.get(("groups", name))
            spoken = (made.language if isinstance(made, c.GroupSpec) else None) or language
            by_group[name] = read_copy(own.value, ("groups", name, "copy"), spoken, complain)
    return copy, by_group


def _shelve(
    builder: StepBuilder, root: MapNode, shelf: Shelf
) -> tuple[dict[str, CalendarEntries], dict[str, TopicList]]:
    """The calendars and lists of topics, read in."""
    calendars: dict[str, CalendarEntries] = {}
    topics: dict[str, TopicList] = {}
    for path, made in list(builder.built.items()):

        def place(*parts: str | int, at: Path = path) -> Place:
            return place_of(root, (*at, *parts))

        if isinstance(made, c.CalendarSpec):
            calendars[str(path[-1])] = shelf.calendar(made, place, show(path))
        elif isinstance(made, c.TopicsSpec):
            topics[str(path[-1])] = shelf.topics(made, place, show(path))
    return calendars, topics


def _once(complaints: list[Complaint]) -> list[Complaint]:
    return list(dict.fromkeys(complaints))


def _in_order(complaints: list[Complaint], files: list[str]) -> list[Complaint]:
    rank = {name: number for number, name in enumerate(files)}
    return sorted(complaints, key=lambda each: (rank.get(each.place.file, len(rank)), each.place))


def _version(content: object, files: Mapping[str, str]) -> str:
    """A name for the content: comments, layout and the order of files read do not count."""
    text = json.dumps([content, sorted(files.items())], ensure_ascii=False)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
