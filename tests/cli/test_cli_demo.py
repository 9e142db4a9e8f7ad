"""`groupkeeper demo --telegram` and `--faults`, as people run them."""

from tests.cli.conftest import Run


def test_the_day_is_played_on_a_simulated_telegram_in_any_weather(groupkeeper: Run) -> None:
    played = groupkeeper("demo", "--telegram", "--faults", "--lang", "zh", "--seed", "3", "--svg", "day.svg")
    assert played.returncode == 0, played.stderr
    told = "".join(played.stdout.splitlines()[-3:])
    assert "Telegram 收到" in told
    assert "HTTP 429" in told
    assert "执行后断线" in told
