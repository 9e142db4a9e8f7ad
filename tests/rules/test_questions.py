"""Telling questions from other talk."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.questions import is_question

ASKED = [
    *(
        "这本书怎么样",
        "有人知道几点开始吗",
        "请问群规在哪里看",
        "怎么报名",
        "周末读书会要不要带书",
        "谁有第三章的电子版",
        "你呢",
    ),
    *("How do I join", "anyone here finished chapter two", "Hi, can I invite a friend", "what time does it start"),
    *(
        "这个多少钱",
        "能不能发一下链接",
        "明天还打卡么",
        "What's the topic today",
        "is there a meeting today",
        "有没有推荐的书",
    ),
    *("where can I find the rules", "为什么我被禁言了", "真的可以吗？", "三点见？", "ok so how does it work", "Done? "),
    "看过这个吗？https://a.com/?q=1",
]
SAID = [
    *(
        "我在看书呢",
        "没什么",
        "什么都可以",
        "今天天气真好",
        "好的",
        "what a day",
        "How nice of you",
        "怎么会",
        "打卡",
        "",
    ),
    *(
        "我昨天读完了这本书",
        "https://a.com/?q=1",
        "无论如何都要来",
        "真的吗？",
        "？？？",
        "这么好看",
        "要么周六要么周日",
    ),
    *("多少有点难", "I know what you mean", "when I was young I read a lot", "早上好", "谢谢大家", "这本书不怎么好看"),
    *("which reminds me", "好嘛"),
]


@pytest.mark.parametrize("text", ASKED)
def test_a_question_is_told(text: str) -> None:
    assert is_question(text)


@pytest.mark.parametrize("text", SAID)
def test_what_is_only_said_is_no_question(text: str) -> None:
    assert not is_question(text)


@given(st.text())
def test_no_text_makes_it_fail(text: str) -> None:
    assert is_question(text) in (True, False)
