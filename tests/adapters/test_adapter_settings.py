"""What an operator is told when a platform's settings are wrong."""

from pathlib import Path

import pytest

from adapters.console import CONSOLE
from adapters.simulated import SIMULATED, WECHAT_LIKE
from adapters.telegram import TELEGRAM
from bot.configuration import load_setup
from bot.secrets import Forgiving
from rules.capability import Capability
from rules.errors import ConfigError


def test_a_simulated_platform_can_be_like_wechat() -> None:
    assert SIMULATED.declared({"like": "wechat"}) == WECHAT_LIKE
    assert SIMULATED.make("sim", {"like": "wechat"}).capabilities == WECHAT_LIKE


def test_settings_as_the_file_writes_them_are_read() -> None:
    adapter = CONSOLE.make("local", {"json": "true", "group": "reading"})
    assert adapter.name == "local"


def test_every_wrong_setting_is_named() -> None:
    with pytest.raises(
        ValueError, match=r"`json`: input should be a valid boolean.*; unknown setting `grup`; there are json, group"
    ):
        CONSOLE.declared({"json": "perhaps", "grup": "reading"})
    with pytest.raises(ValueError, match=r"`like`: input should be 'everything' or 'wechat'"):
        SIMULATED.declared({"like": "paper"})


def test_a_word_that_is_no_token_is_refused_without_being_told() -> None:
    with pytest.raises(ValueError, match="`token`: this is no bot token") as caught:
        TELEGRAM.declared({"token": "my-secret-word"})
    assert "my-secret-word" not in str(caught.value)


def test_what_stands_in_for_a_token_that_is_not_set_is_taken() -> None:
    assert Capability.MUTE in TELEGRAM.declared({"token": Forgiving({})["TELEGRAM_TOKEN"]})


def test_a_webhook_needs_an_address_and_a_secret() -> None:
    settings = {"token": "123456789:" + "A" * 35, "webhook": {"url": "example.org/hook", "secret": "short"}}
    with pytest.raises(ValueError, match=r"`webhook.url`: write an address.*; `webhook.secret`: a secret has 16"):
        TELEGRAM.declared(settings)


def test_a_group_that_is_written_by_its_user_name_is_refused_with_the_other_complaints(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(
        'platforms: { tg: { type: telegram, token: "${TOKEN}" }, here: { type: console } }\n'
        'groups: { readers: { platform: tg, chat: "@readers" }, talk: { platform: here, chat: "@talk" } }\n'
        "rules: [{ id: r, when: message, then: { ladder: ads } }]\n"
    )
    with pytest.raises(ConfigError) as caught:
        load_setup(config, Forgiving({}))
    told = [str(complaint) for complaint in caught.value.complaints]
    assert len(told) == 2
    assert told[0].startswith("config.yaml:2:")
    assert "known by its number, not by `@readers`: send /id" in told[0]
    assert "ads" in told[1]
