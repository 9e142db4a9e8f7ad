"""What an operator is told when a platform's settings are wrong."""

import pytest

from adapters.console import CONSOLE
from adapters.simulated import SIMULATED, WECHAT_LIKE


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
