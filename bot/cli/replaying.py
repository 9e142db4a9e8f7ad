"""``groupkeeper replay``."""

from pathlib import Path

from bot.cli.loading import loaded
from bot.logs import set_up
from bot.opinions import opinions
from bot.replay import run_replay
from bot.selfcheck import make_detectors
from bot.speech import speech_for


def replay_files(
    config: Path,
    history: Path,
    *,
    json: bool,
    derived: bool,
    against: Path | None,
    group: str | None,
    chat: str | None,
    every_hit: bool = False,
    table: Path | None = None,
    lang: str | None = None,
) -> int:
    """Replay a history under one configuration, or two; 0 when it was read to its end."""
    set_up(as_json=False)
    setup = loaded(config, lang=lang)
    other = loaded(against, lang=lang) if against is not None else None
    detectors = make_detectors(setup)
    if other is not None:
        detectors |= make_detectors(other, detectors)
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
        speech=speech_for(config, lang),
        every_hit=every_hit,
        table=table,
        look=opinions(detectors) if detectors else None,
    )
