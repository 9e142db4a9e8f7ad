"""The made-up messages that the trainer adds: the same for the same seed, many, and none left half filled."""

import pytest

from tools.detection.augment import Lesson
from tools.detection.everyday.making import LANGUAGES, everyday, messages

TALK = ["吃饭", "上课", "开会", "打球", "看书", "回家", "睡觉", "洗衣服"]
LESSONS = [Lesson(f"你今天{TALK[at % 8]}了吗，第{at}次问你了", False, "tg_zh", str(at)) for at in range(400)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_patterns_give_many_messages_and_nothing_of_a_pattern_is_left_in_them(language: str) -> None:
    made = messages(language, 1, 600)
    assert len({lesson.text for lesson in made}) == len(made) > 400
    assert not any(lesson.ad for lesson in made)
    assert [lesson.text for lesson in made if set("{}|") & set(lesson.text)] == []


def test_the_same_seed_makes_the_same_and_another_seed_others() -> None:
    assert everyday(LESSONS, 1) == everyday(LESSONS, 1)
    assert {lesson.text for lesson in everyday(LESSONS, 1)} != {lesson.text for lesson in everyday(LESSONS, 2)}


def test_a_share_of_the_lessons_comes_again_with_something_ordinary_and_keeps_its_label_and_origin() -> None:
    again = [lesson for lesson in everyday(LESSONS, 1) if lesson.source == "tg_zh"]
    assert 5 <= len(again) <= 60
    originals = {lesson.origin: lesson for lesson in LESSONS}
    for lesson in again:
        original = originals[lesson.origin]
        assert original.text in lesson.text
        assert lesson.text != original.text
        assert lesson.ad is original.ad
