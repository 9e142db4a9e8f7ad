"""The benchmark of messages through a gateway counts all of them, and is not there where the gateway is not."""

from pathlib import Path

import pytest

from tools.bench.wechaty import figures
from tools.bench.wechaty.figures import BARE, DURABLE, MEMORY, RATIO, Measured, measured


async def test_every_message_goes_through_each_of_the_three(gateway_folder: Path) -> None:
    found = await measured(gateway_folder, 60)
    assert list(found) == [BARE, MEMORY, DURABLE]
    assert all(each.rate > 0 and each.cpu > 0 for each in found.values())


def test_the_best_round_counts_and_is_told_beside_the_bare_clients(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds = [
        {BARE: Measured(1000, 1), MEMORY: Measured(300, 2), DURABLE: Measured(500, 3)},
        {BARE: Measured(800, 4), MEMORY: Measured(600, 5), DURABLE: Measured(450, 6)},
    ]

    async def told(folder: Path, count: int) -> dict[str, Measured]:
        return rounds.pop(0)

    (tmp_path / "gateway.mjs").touch()
    monkeypatch.setattr(figures, "measured", told)
    found = {figure.what: figure for figure in figures.figures(tmp_path)}
    assert (found[BARE].value, found[MEMORY].value, found[DURABLE].value) == (1000, 600, 500)
    assert found[RATIO].value == pytest.approx(0.5)
    assert found[MEMORY].note.startswith("5 µs")
    assert [found[name].met for name in (BARE, MEMORY, DURABLE)] == [None, True, True]


def test_without_a_gateway_it_says_how_to_get_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert list(figures.figures(tmp_path)) == []
    assert "pytest tests/wechaty" in capsys.readouterr().err
