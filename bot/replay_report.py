"""A replay's summary for people: what each rule would have done, with examples, and what another file changes."""

from collections import Counter
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Words

from bot.replay_chinese import notes_in
from bot.replay_hits import Hit
from bot.replay_tally import Comparison, Example, RuleTally, Tally
from bot.speech import ENGLISH, Speech
from rules.decision import SHADOW

_HIDDEN = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)], "·")
_CHANGES = ("newly", "no_longer", "otherwise")


def print_report(
    console: Console,
    tally: Tally,
    notes: Sequence[str],
    broken: str | None,
    against: Tally | None = None,
    comparison: Comparison | None = None,
    other: str = "the other file",
    speech: Speech | None = None,
) -> None:
    """Print the summary. ``broken`` is why the history ended early; ``other`` names the file compared with."""
    speech = speech or Speech(ENGLISH)
    console.print(_heading(tally, speech))
    held = [rule for rule in tally.rules.values() if rule.held or rule.limited or rule.errors]
    if held:
        console.print(_table(held, speech))
        for rule in held:
            _examples(console, rule, speech)
    written = [rule for rule in tally.rules.values() if not (rule.timed or rule.internal)]
    silent = [rule.id for rule in written if not (rule.held or rule.limited or rule.errors)]
    if silent:
        console.print(_line(speech("replay.silent", rules=speech("between").join(silent)), "dim"))
    if against is not None and comparison is not None:
        _comparison(console, tally, against, comparison, other, speech)
    for note in notes:
        console.print(_line(speech("replay.note", note=in_words(note, speech)), "yellow"))
    if tally.failed:
        failure = speech("replay.failed", count=f"{tally.failed:,}", first=tally.first_failure)
        console.print(_line(failure, "bold red"))
    if broken is not None:
        console.print(_line(speech("replay.broken", why=in_words(broken, speech)), "bold red"))


def in_words(told: str, speech: Speech) -> str:
    """A note of the replay in the language of the report; as it is where there is no other for it."""
    book = notes_in(speech.language)
    return (book.say(told) if book is not None else None) or told


def clean(text: str) -> str:
    """A text from a history made fit for a terminal: no control characters, nothing that turns the line around."""
    return text.translate(_HIDDEN)


def print_hit(console: Console, hit: Hit, speech: Speech) -> None:
    """Print one hit: when, who, what was said; below it the rule, what it saw and what it does."""
    between = speech("between")
    done = between.join(map(speech.word, hit.effects))
    told = f"{hit.rule}{speech('within', text=speech.word(hit.outcome)) if hit.outcome == SHADOW else ''}"
    saw = speech("replay.saw", what="; ".join(hit.saw)) if hit.saw else ""
    line = Words.assemble((f"{hit.at:%Y-%m-%d %H:%M} ", "dim"), (clean(hit.author), "bold"), f": {clean(hit.text)}")
    console.print(line, soft_wrap=True)
    below = " · ".join(part for part in (told, clean(saw), done) if part)
    console.print(Padding(Words(below, "cyan"), (0, 0, 0, 2), expand=False), soft_wrap=True)


def _heading(tally: Tally, speech: Speech) -> Words:
    between = speech("between")
    counts = between.join(speech.many(count, f"event.{kind}") for kind, count in sorted(tally.events.items()))
    names = [f"{name} ({chat})" if name else chat for chat, name in tally.groups.items()]
    more = speech("replay.more_groups", count=len(names) - 3) if len(names) > 3 else ""
    if tally.since is None or tally.until is None:
        return _line(speech("replay.nothing"), "bold")
    since, until = (f"{moment.astimezone(tally.zone):%Y-%m-%d %H:%M}" for moment in (tally.since, tally.until))
    where = {"events": counts, "groups": between.join(names[:3]) + more}
    when = {"since": since, "until": until, "zone": tally.zone}
    return _line(speech("replay.heading", **where, **when, acted=f"{tally.acted:,}"), "bold")


def _table(rules: Iterable[RuleTally], speech: Speech) -> Table:
    table = Table(header_style="bold", pad_edge=False)
    table.add_column(speech("column.rule"), overflow="fold", ratio=3)
    for column in ("done", "shadow", "members"):
        table.add_column(speech(f"column.{column}"), justify="right", no_wrap=True)
    table.add_column(speech("column.effects"), overflow="fold", ratio=4)
    for rule in rules:
        name = Words()
        name.append(rule.id, "cyan")
        if rule.name and rule.name != rule.id:
            name.append(f"  {clean(rule.name)}", "dim")
        effects = Words(_counted(rule.effects, speech))
        if rule.would:
            effects.append(f"{' ' if effects.plain else ''}({_counted(rule.would, speech)})", "dim")
        if rule.limited:
            limited = speech("replay.limited", count=f"{rule.limited:,}")
            effects.append(f"{speech('between') if effects.plain else ''}{limited}", "yellow")
        table.add_row(name, f"{rule.hits:,}", f"{rule.shadow_hits:,}", f"{len(rule.members):,}", effects)
    return table


def _examples(console: Console, rule: RuleTally, speech: Speech) -> None:
    if rule.examples or rule.errors:
        console.print(_line(rule.id, "cyan"))
    if rule.errors:
        errors = speech("replay.error" if rule.errors == 1 else "replay.errors_many", count=f"{rule.errors:,}")
        told = speech("replay.errors", errors=errors, first=rule.first_error)
        console.print(Padding(_line(told, "red"), (0, 0, 0, 2)))
    for example in rule.examples:
        console.print(_example(example))


def _comparison(
    console: Console, tally: Tally, against: Tally, comparison: Comparison, other: str, speech: Speech
) -> None:
    console.print(_line("\n" + speech("replay.against", other=other), "bold"))
    for what in _CHANGES:
        count = getattr(comparison, what)
        console.print(_line(speech(f"replay.{what}", count=f"{count:,}"), "" if count else "dim"))
        for example in comparison.examples[what]:
            console.print(_example(example))
    table = Table(header_style="bold", pad_edge=False)
    table.add_column(speech("column.rule"), overflow="fold")
    for column in ("here", "there", "change"):
        table.add_column(speech(f"column.{column}"), justify="right", no_wrap=True)
    rows = 0
    for id_ in dict.fromkeys((*tally.rules, *against.rules)):
        here, there = tally.rules.get(id_), against.rules.get(id_)
        before, after = here.held if here else 0, there.held if there else 0
        if before == after and here is not None and there is not None:
            continue
        rows += 1
        change = Words(f"{after - before:+,}", "green" if after < before else "red" if after > before else "dim")
        absent = speech("replay.absent")
        table.add_row(Words(id_, "cyan"), f"{before:,}" if here else absent, f"{after:,}" if there else absent, change)
    console.print(table if rows else _line(speech("replay.same"), "dim"))


def _example(example: Example) -> Padding:
    line = Words()
    line.append(f"{example.at:%Y-%m-%d %H:%M} ", "dim")
    line.append(clean(example.author), "bold")
    line.append(f": {clean(example.text)}")
    return Padding(line, (0, 0, 0, 2))


def _counted(counter: Counter[str], speech: Speech) -> str:
    counts = sorted(counter.items())
    return speech("between").join(
        speech("replay.effect", count=f"{count:,}", effect=speech.word(kind)) for kind, count in counts
    )


def _line(text: str, style: str) -> Words:
    first = "\n" if text.startswith("\n") else ""
    return Words(first + clean(text.removeprefix("\n")), style)
