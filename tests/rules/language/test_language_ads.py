"""The `ads` section: for all groups, and over it for one."""

from typing import Any

import pytest

from rules.ads import ad_settings
from rules.detectors.settings import AdSettings, Trust

ADS = """\
windows: { market: { days: [fri] } }
ads:
  sensitivity: low
  allow: { links: [ourblog.example.com], phrases: [Friday Market] }
  windows: market
  trust: { messages: 9 }
"""
OWN = 'groups: { reading: { platform: tg, chat: "-1001", ads: { sensitivity: high, allow: { members: ["tg:1"] }, '
OWN += "cold_start: 0, trust: nobody, windows: [] } } }\n"


def settings(loaded: Any, *, marketplace: bool = False) -> AdSettings:
    config = loaded.config
    return ad_settings(config.ads, config.groups["reading"].ads, marketplace=marketplace)


def test_what_is_said_for_all_groups_holds_in_each(loading: Any, base: str) -> None:
    found = settings(loading(base + ADS))
    assert found.shift < 0
    assert [address.host for address in found.allowed_links] == ["ourblog.example.com"]
    assert found.allowed_phrases == ("friday market",)
    assert found.windows == ("market",)
    assert found.trust == Trust(messages=9)
    assert found.cold_start == 200


def test_a_group_s_own_word_comes_first_and_its_list_adds_to_the_others(loading: Any, base: str) -> None:
    found = settings(loading("version: 1\nplatforms: { tg: { type: telegram } }\n" + OWN + ADS))
    assert found.shift > 0
    assert found.allowed_members == {"tg:1"}
    assert found.allowed_phrases == ("friday market",)
    assert (found.windows, found.trust, found.cold_start) == ((), None, 0)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("windows: [nope]", "there is no window `nope`"),
        ("marketplace: [tag:nope]", "nope"),
        ("allow: { links: [a b] }", "`a b` is no domain"),
        ("allow: { phrases: [x] }", "would allow nearly everything"),
        ("sensitivity: hihg", "did you mean `high`?"),
        ("cold_start: -1", "cold_start"),
        ("second_opinion: { url: here, model: m }", "`here` is no address"),
        ("second_opinion: { url: 'https://ai.example.com/v1', model: m, from: 0.9, to: 0.5 }", "`from` must be below"),
        ("sensitivty: low", "did you mean `sensitivity`?"),
    ],
)
def test_a_slip_is_named_with_its_place(complaints: Any, base: str, written: str, why: str) -> None:
    (told,) = complaints(base + f"ads:\n  {written}\n")
    assert why in str(told)
    assert "config.yaml:8:" in str(told)
