"""A replay's summary for people: what each rule would have done, with examples, and what another file changes."""

from collections import Counter
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Words

from bot.replay_tally import Comparison, Example, RuleTally, Tally

_HIDDEN = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)], "·")
_KINDS = {"join_request": "join request", "button": "pressed button", "schedule": "timer"}
_CHANGES = {"newly": "newly acted on", "no_longer": "no longer acted on", "otherwise": "acted on otherwise"}


def print_report(
    console: Console,
    tally: Tally,
    notes: Sequence[str],
    broken: str | None,
    against: Tally | None = None,
    comparison: Comparison | None = None,
    other: str = "the other file",
) -> None:
    """Print the summary. ``broken`` is why the history ended early; ``other`` names the file compared with."""
    console.print(_heading(tally))
    held = [rule for rule in tally.rules.values() if rule.held or rule.limited or rule.errors]
    if held:
        console.print(_table(held))
        for rule in held:
            _examples(console, rule)
    silent = [rule.id for rule in tally.rules.values() if not (rule.held or rule.limited or rule.errors or rule.timed)]
    if silent:
        console.print(_line(f"Never held: {', '.join(silent)}", "dim"))
    if against is not None and comparison is not None:
        _comparison(console, tally, against, comparison, other)
    for note in notes:
        console.print(_line(f"Note: {note}", "yellow"))
    if tally.failed:
        failure = f"{tally.failed:,} events could not be decided on, first {tally.first_failure}"
        console.print(_line(failure, "bold red"))
    if broken is not None:
        console.print(_line(f"The history ends early, the figures are of what came before: {broken}", "bold red"))


def clean(text: str) -> str:
    """A text from a history made fit for a terminal: no control characters, nothing that turns the line around."""
    return text.translate(_HIDDEN)


def _heading(tally: Tally) -> Words:
    counts = ", ".join(_many(count, _KINDS.get(kind, kind)) for kind, count in sorted(tally.events.items()))
    names = [f"{name} ({chat})" if name else chat for chat, name in tally.groups.items()]
    where = ", ".join(names[:3]) + (f" and {len(names) - 3} more groups" if len(names) > 3 else "")
    if tally.since is None or tally.until is None:
        return _line("Nothing was replayed.", "bold")
    span = f"{tally.since:%Y-%m-%d %H:%M} to {tally.until:%Y-%m-%d %H:%M} UTC"
    return _line(f"Replayed {counts} of {where}, {span}. {tally.acted:,} acted on; nothing was sent.", "bold")


def _table(rules: Iterable[RuleTally]) -> Table:
    table = Table(header_style="bold", pad_edge=False)
    table.add_column("rule", overflow="fold", ratio=3)
    for column in ("done", "shadow", "members"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("effects (in brackets: what shadow rules would do)", overflow="fold", ratio=4)
    for rule in rules:
        name = Words()
        name.append(rule.id, "cyan")
        if rule.name and rule.name != rule.id:
            name.append(f"  {clean(rule.name)}", "dim")
        effects = Words(_counted(rule.effects))
        if rule.would:
            effects.append(f"{' ' if effects.plain else ''}({_counted(rule.would)})", "dim")
        if rule.limited:
            effects.append(f"{', ' if effects.plain else ''}{rule.limited:,} held back by at_most", "yellow")
        table.add_row(name, f"{rule.hits:,}", f"{rule.shadow_hits:,}", f"{len(rule.members):,}", effects)
    return table


def _examples(console: Console, rule: RuleTally) -> None:
    if rule.examples or rule.errors:
        console.print(_line(rule.id, "cyan"))
    if rule.errors:
        console.print(Padding(_line(f"{_many(rule.errors, 'error')}, first {rule.first_error}", "red"), (0, 0, 0, 2)))
    for example in rule.examples:
        console.print(_example(example))


def _comparison(console: Console, tally: Tally, against: Tally, comparison: Comparison, other: str) -> None:
    console.print(_line(f"\nAgainst {other} (shadow rules counted as if enforced)", "bold"))
    for what, words in _CHANGES.items():
        count = getattr(comparison, what)
        console.print(_line(f"{words}: {count:,}", "" if count else "dim"))
        for example in comparison.examples[what]:
            console.print(_example(example))
    table = Table(header_style="bold", pad_edge=False)
    table.add_column("rule", overflow="fold")
    for column in ("here", "there", "change"):
        table.add_column(column, justify="right", no_wrap=True)
    rows = 0
    for id_ in dict.fromkeys((*tally.rules, *against.rules)):
        here, there = tally.rules.get(id_), against.rules.get(id_)
        before, after = here.held if here else 0, there.held if there else 0
        if before == after and here is not None and there is not None:
            continue
        rows += 1
        change = Words(f"{after - before:+,}", "green" if after < before else "red" if after > before else "dim")
        table.add_row(
            Words(id_, "cyan"), f"{before:,}" if here else "absent", f"{after:,}" if there else "absent", change
        )
    console.print(table if rows else _line("Every rule held equally often.", "dim"))


def _example(example: Example) -> Padding:
    line = Words()
    line.append(f"{example.at:%Y-%m-%d %H:%M} ", "dim")
    line.append(clean(example.author), "bold")
    line.append(f": {clean(example.text)}")
    return Padding(line, (0, 0, 0, 2))


def _counted(counter: Counter[str]) -> str:
    return ", ".join(f"{count:,} {kind}" for kind, count in sorted(counter.items()))


def _many(count: int, thing: str) -> str:
    return f"{count:,} {thing}" + ("" if count == 1 else "s")


def _line(text: str, style: str) -> Words:
    first = "\n" if text.startswith("\n") else ""
    return Words(first + clean(text.removeprefix("\n")), style)
