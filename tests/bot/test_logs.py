"""The log: readable by people or by machines, and free of secrets whatever their way into it."""

import io
import json
import logging

import pytest
import structlog

from bot.logs import set_up
from bot.secrets import Forgiving, hide, hide_secrets, redact
from rules.config import Config
from rules.language.environment import Secret

TOKEN = "1234567890:AAF-abcdefghijklmnop_qrstuvwxyz012345"


@pytest.fixture(autouse=True)
def _as_before():
    root = logging.getLogger()
    handlers, level, config = root.handlers[:], root.level, structlog.get_config()
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.configure(**config)


@pytest.mark.parametrize("as_json", [True, False])
def test_tokens_are_struck_out_of_fields_messages_and_tracebacks(as_json: bool) -> None:
    out = io.StringIO()
    set_up(as_json=as_json, out=out)
    structlog.get_logger("a").warning("failed", url=f"https://api.example/bot{TOKEN}/getUpdates")
    logging.getLogger("somebody.else").error("GET https://api.example/bot%s/getMe", TOKEN)
    try:
        raise ValueError(f"bad token {TOKEN}")
    except ValueError:
        structlog.get_logger("b").exception("broke")
        logging.getLogger("c").exception("broke too")
    logged = out.getvalue()
    assert "AAF-abcdef" not in logged
    assert logged.count("Traceback") == 2
    assert "getUpdates" in logged


def test_what_came_from_the_environment_is_struck_out_however_it_is_written() -> None:
    out = io.StringIO()
    set_up(as_json=True, out=out)
    secret = 'pa"ss/wörd ' + "x7"
    config = Config.model_validate({"platforms": {"p": {"type": "t", "keys": [Secret(f"k-{secret}", "k-${THE_KEY}")]}}})
    hide_secrets(config, {"THE_KEY": secret, "OTHER": "stays"})
    log = structlog.get_logger()
    log.info("said", plain=secret, encoded="pa%22ss%2Fw%C3%B6rd%20x7", other="stays")
    logged = out.getvalue()
    assert "wörd" not in logged
    assert "w%C3%B6rd" not in logged
    assert "stays" in logged
    assert json.loads(logged)["plain"] == "•••"


def test_passwords_in_urls_are_struck_out_and_short_values_are_not_secrets() -> None:
    assert redact("postgresql://bot:hunter2@db/x") == "postgresql://bot:•••@db/x"
    hide("db")
    assert (
        redact("the db is down at 12:30:45, chat -1001234567890") == "the db is down at 12:30:45, chat -1001234567890"
    )


def test_the_words_of_members_are_never_logged() -> None:
    out = io.StringIO()
    set_up(as_json=True, out=out)
    structlog.get_logger().info("parked", text="my private words", group="g")
    assert "private" not in out.getvalue()
    assert json.loads(out.getvalue())["group"] == "g"


def test_a_line_for_machines_is_one_json_object_with_time_level_and_logger() -> None:
    out = io.StringIO()
    set_up(as_json=True, out=out)
    logging.getLogger("library").warning("it is\nlate")
    logging.getLogger("apscheduler.scheduler").info("Added job")
    (line,) = out.getvalue().splitlines()
    told = json.loads(line)
    assert (told["event"], told["level"], told["logger"]) == ("it is\nlate", "warning", "library")
    assert told["timestamp"].endswith("Z")


def test_what_is_not_set_has_something_in_its_place_and_is_remembered() -> None:
    environ = Forgiving({"SET": "value"})
    assert environ["SET"] == "value"
    assert environ.get("UNSET")
    assert list(environ.missing) == ["UNSET"]
