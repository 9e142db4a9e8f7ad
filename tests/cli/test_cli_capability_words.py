"""What `groupkeeper check` calls what a platform cannot do."""

from bot.speech import Speech
from rules.capability import Capability


def test_every_capability_has_a_chinese_name() -> None:
    speech = Speech("zh-CN")
    assert [one.value for one in Capability if speech.word(one.value) == one.value.replace("_", " ")] == []
