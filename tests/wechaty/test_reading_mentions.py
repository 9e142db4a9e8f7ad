"""Who is mentioned: as the puppet tells, or else by the names that stand in the text."""

import pytest

from adapters.wechaty.people import Contact
from adapters.wechaty.reading.kinds import Sort
from adapters.wechaty.reading.told import Called
from rules.values import Mention
from tests.wechaty.posted import ANN, BO, EVERYBODY, read

LEE = Called("wxid_lee", Contact("wxid_lee", "Ann Lee"))
OTHER_ANN = Called("wxid_ann2", Contact("wxid_ann2", "Ann"))
ANN_BY_ALIAS = Called("wxid_zed", Contact("wxid_zed", "Zed"), "Ann")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@Ann\u2005你好", [("@Ann", "wx:wxid_ann")]),
        ("@Ann 你好", [("@Ann", "wx:wxid_ann")]),
        ("你好@Ann", [("@Ann", "wx:wxid_ann")]),
        ("@阿波\u2005@Ann\u2005在吗", [("@阿波", "wx:wxid_bo"), ("@Ann", "wx:wxid_ann")]),
        ("@Bo\u2005在吗", [("@Bo", "wx:wxid_bo")]),
        ("＠Ann，你好", [("@Ann", "wx:wxid_ann")]),
        ("@Nobody\u2005在吗", [("@Nobody", None)]),
        ("@Annabel 在吗", []),
        ("write to ann@Ann.example", []),
        ("@所有人\u2005今晚读书", [("@所有人", None)]),
        ("@所有人 今晚读书", [("@所有人", None)]),
        ("@All\u2005tonight", [("@All", None)]),
        ("nothing", []),
    ],
)
def test_names_in_a_text_are_people_in_the_room(text: str, found: list[tuple[str, str | None]]) -> None:
    message = read(Sort.TEXT, text, named=EVERYBODY)
    assert message.mentions == tuple(Mention(*each) for each in found)
    assert message.text == text


def test_the_longest_name_is_meant() -> None:
    message = read(Sort.TEXT, "@Ann Lee\u2005在吗", named=[*EVERYBODY, LEE])
    assert message.mentions == (Mention("@Ann Lee", "wx:wxid_lee"),)


def test_a_name_in_the_room_comes_before_a_name_everywhere() -> None:
    message = read(Sort.TEXT, "@Ann\u2005在吗", named=[*EVERYBODY, ANN_BY_ALIAS])
    assert message.mentions == (Mention("@Ann", "wx:wxid_zed"),)


def test_a_name_that_two_have_is_nobodys_id() -> None:
    message = read(Sort.TEXT, "@Ann\u2005在吗", named=[*EVERYBODY, OTHER_ANN])
    assert message.mentions == (Mention("@Ann"),)


def test_what_the_puppet_tells_is_taken_as_it_is() -> None:
    told = [Called("wxid_bo", BO, "阿波"), Called("wxid_ann", ANN)]
    message = read(Sort.TEXT, "@阿波\u2005@所有人\u2005你好", mentioned=told)
    assert message.mentions == (Mention("@阿波", "wx:wxid_bo"), Mention("@Ann", "wx:wxid_ann"), Mention("@所有人"))


def test_an_id_that_stays_is_given_for_one_that_does_not() -> None:
    people = [Called("@raw1", Contact("stays", "Dee"))]
    assert read(Sort.TEXT, "@Dee\u2005在吗", named=people).mentions == (Mention("@Dee", "wx:stays"),)
    line = read(Sort.UNKNOWN, '"Dee" 拍了拍 "Bo"', author=None, named=people)
    assert line.author.id == "wx:stays"


def test_everybody_is_one_mention_and_not_each() -> None:
    assert read(Sort.TEXT, "今晚读书", everybody=True).mentions == (Mention("@所有人"),)
