"""Finding the contacts that lead out of a group, and leaving ordinary talk alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.contacts import KINDS, contacts_in
from rules.folding import closed_up, fold


def kinds(text: str) -> set[str]:
    return {contact.kind for contact in contacts_in(closed_up(fold(text)))}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *(
            (text, "wechat")
            for text in ("加微信 领资料", "加V：abc12345", "VX abc_1234", "V信abc123", "加我微❤", "➕v")
        ),
        *(
            (text, "wechat")
            for text in ("加 微 信", "薇❤ hello12", "加vx吧", "🆅🆇abc123", "ｖｘ：ａｂｃ１２３", "加薇领资料")
        ),
        *(
            (text, "wechat")
            for text in ("微信：hello_world", "威信13800138000", "v\u200bx: abc123", "wxid_abc123def", "微*信 abc123")
        ),
        *(
            (text, "qq")
            for text in ("扣扣12345678", "QQ群 12345678", "群号：123456789", "加群 123456789", "q①②③④⑤⑥⑦", "加QQ")
        ),
        *(
            (text, "phone")
            for text in ("电话138 0013 8000", "13800138000", "一三八零零一三八零零零", "+1 (555) 123-4567")
        ),
        *((text, "phone") for text in ("1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣", "+86 138-0013-8000", "壹叁捌零零壹叁捌零零零")),
        *(
            (text, "telegram")
            for text in ("私信 @spam_bot", "dm me @spam_bot", "tg: spam_bot", "https://t.me/spam_bot")
        ),
        *(
            (text, "wechat")
            for text in (
                *(
                    "薇：reading_king 秒通过",
                    "需要的滴滴我，V：xmly666888",
                    "加群主薇：shu8899",
                    "微 信 号 ： b o o k 8 8 9 9",
                ),
                *(
                    "w x：abc8899",
                    "微信同号 138 0013 8000",
                    "加我卫星领资料",
                    "卫星：abc8899",
                    "溦信 abc8899",
                    "V♥：abc8899",
                ),
                *(
                    "加个微信吗 abc12345",
                    "加我微信吗？我的号 xiaoma_88",
                    "加微信了解一下",
                    "加V了解",
                    "加微信领书，要吗？",
                ),
            )
        ),
        *((text, "qq") for text in ("官方客服QQ 2853 1123 45", "Q 群 8765 43210", "君羊 876543210")),
        *((text, "telegram") for text in ("電報群 @bookgroup", "飛機：bookgroup")),
        *((text, "whatsapp") for text in ("WhatsApp +44 7700 900123", "https://wa.me/447700900123")),
        *((text, "email") for text in ("foo@bar.com", "写信到 a.b+c@mail.example.co.uk 吧")),
    ],
)
def test_a_contact_is_found_however_it_is_hidden(text: str, kind: str) -> None:
    assert kind in kinds(text)


ORDINARY = [
    *(
        "微信群里说过",
        "我们用微信聊天",
        "微信支付",
        "加v8发动机",
        "添加微量元素",
        "加微波炉",
        "薇薇来了",
        "微笑",
        "ctrl+v",
    ),
    *("wechat works well", "wxpython3 rocks", "the wx module", "I use QQ music", "qq", "企鹅真可爱", "飞机晚点了"),
    *(
        "方便加个微信吗？",
        "可以加微信好友吗",
        "可以加您微信请教一下吗？",
        "我加你微信了，通过一下",
        "加过微信",
        "加个QQ呗",
    ),
    *("我不加微信", "加不加微信随意", "扫微信支付就行", "私聊微信转账给你", "加微信公众号看", "加微信群需要审核吗"),
    *(
        "薇：好的",
        "V：对",
        "v: hello",
        "威：什么",
        "version v:1.2.3",
        "卫星上天了",
        "qq 10 20 30 40 题",
        "QQ 2024 年就有了",
    ),
    *(
        "订单号13800138000123",
        "身份证 110101199003071234",
        "2023-10-05 12:30:45",
        "圆周率3.14159265358979",
        "三百六十五天",
    ),
    *(
        "https://x.com/status/13800138000",
        "价格 1388888.00",
        "今天气温+35",
        "ping @bob",
        "@bob 你看过吗",
        "3-0 赢了",
        "group 2024",
    ),
    *(
        "今天大家读了什么书？我昨天看完了《三体》",
        "See you at 10:30 on 2026-10-05",
        "一二三四五，上山打老虎",
        "page 123-456",
    ),
]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_talk_gives_no_contact(text: str) -> None:
    assert kinds(text) == set()


def test_what_was_found_is_told() -> None:
    assert [str(contact) for contact in contacts_in("加微信 或者 qq 12345678")] == ["wechat: 加微信", "qq: qq 12345678"]


@given(st.text(st.sampled_from("加微信vxqq薇❤+@138 0:：.-一二三abc_\n") | st.characters(), max_size=80))
def test_no_text_makes_it_fail(text: str) -> None:
    for contact in contacts_in(closed_up(fold(text))):
        assert contact.kind in KINDS
        assert contact.words


@pytest.mark.parametrize(
    "text",
    [
        "加" * 20_000,
        "1" * 20_000,
        "1-" * 10_000,
        "@" * 20_000,
        "a.b@" * 5_000,
        "+1 " * 7_000,
        "微 " * 9_000,
        "微信 " + "a " * 20_000,
    ],
)
@pytest.mark.timeout(20)
def test_a_text_made_to_be_slow_is_not(text: str) -> None:
    contacts_in(closed_up(fold(text)))
