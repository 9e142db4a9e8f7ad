"""``groupkeeper replay``."""

from pathlib import Path

from bot.cli.loading import loaded
from bot.replay import run_replay


def replay_files(
    config: Path, history: Path, *, json: bool, derived: bool, against: Path | None, group: str | None, chat: str | None
) -> int:
    """Replay a history under one configuration, or two; 0 when it was read to its end."""
    setup = loaded(config)
    other = loaded(against) if against is not None else None
    return run_replay(
        setup.rulebook,
        setup.copy,
        history,
        json=json,
        derived=derived,
        against=other.rulebook if other is not None else None,
        against_name=against.name if against is not None else "",
        group=group,
        chat=chat,
        commands=setup.commands,
    )
