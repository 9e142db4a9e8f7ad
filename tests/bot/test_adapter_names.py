"""A platform's type that is written nearly right."""

import pytest

from bot.extensions import adapter_type
from rules.errors import Complaint, ExtensionError, Place
from rules.language.saying import said


def test_the_nearest_type_is_named() -> None:
    with pytest.raises(ExtensionError, match="did you mean `wechaty`\\?"):
        adapter_type("wechat")


def test_in_chinese_too() -> None:
    with pytest.raises(ExtensionError) as refused:
        adapter_type("wechat")
    told = said(Complaint(Place("config.yaml", 4, 7), str(refused.value)), "zh-CN").message
    assert told.startswith("wechat：没有这种类型的适配器")
    assert told.endswith("；是不是想写 `wechaty`？")
