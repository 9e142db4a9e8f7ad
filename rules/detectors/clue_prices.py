"""Clues from sums of money: what something costs, and what somebody is said to earn."""

import re
from collections.abc import Iterator

from rules.detectors.clues import Clue
from rules.detectors.kinds import ClueKind

_NEEDS = re.compile(r"[0-9]")
_SUM = r"[0-9][0-9,.]{0,9}\s?[k千万百wк+]?"
_AMOUNT = re.compile(
    rf"(?:[¥$€£₽₹]\s?{_SUM}|(?<![0-9.]){_SUM}\s?(?:[¥$€£₽₹]|元|块|圆|米(?![0-9])|刀|rmb|usdt?|u(?![a-z])|руб|р(?![а-я])"
    r"|тыс|eur|bucks|dollars?|euros?|taka|naira|cad|aud|gbp|btc|eth|sol)(?![a-z]))"
)
_CHINESE_INCOME = re.compile(
    r"(?:日|月|周|年|天天|每天|每日|每月|每周|一天|一单|单日|日均|月均|一周|每单|每一单|一个月|一小时|每小时|当天|时)\s?"
    r"(?:能|可|可以|稳定|轻松|保底|最少|至少|最低|大概|平均|净|纯|躺|稳)?\s?"
    r"(?:入|赚|收入|收益|挣|利润|净利|盈利|进账|保底|薪|回款|到手|分红|返利|佣金|提成|拿|过)?\s?"
    r"(?:过|上|约|达|可达|[:~-])?\s?"
    r"(?:[0-9]{2,}|[1-9][0-9]?\s?[kw千万]|[几数]?[百千万])(?:\s?[-~到至]\s?[0-9]{2,6})?\s?"
    r"(?:元|块|米|\+|多|左右|刀|u|r|w|k|万|千|以上|保底|不等|[^0-9a-z年月日号点]|$)"
)
_PAID = re.compile(
    r"(?:日|月|周|年|天|单|时|小时)\s?(?:均|能|可|稳|净)?\s?(?:入|赚|收|薪|挣|结|利|盈|保底|佣|提成|到手|躺|返)"
    r"|工资|薪|佣|赚|挣|收益|利润|入账|进账|保底"
)
_PER_TIME = re.compile(
    rf"(?:[$€£₽]\s?{_SUM}|(?<![0-9]){_SUM}\s?(?:[$€£₽₹]|usd|usdt|dollars?|bucks|euros?|руб[а-я]*|долл[а-я]*|тыс[а-я]*"
    r"|баксов|евро|р|к))"
    r"(?:\s?[-–+]\s?[$€£₽]?\s?[0-9][0-9,.]{0,9}\s?(?:[k$€£₽к]|usdt?|руб[а-я]*|долл[а-я]*)?)?\+?\s?"
    r"(?:[a-zа-я]{2,12}\s){0,2}"
    r"(?:/|per |a |an |every |each |in |within |в |за |каждый |каждую |еже)\s?"
    r"(?:day|week|month|hour|hr|daily|weekly|24|task|[0-9]{1,2} (?:day|hour|week)"
    r"|день|неделю|месяц|час|смену|сутки|дневн|недельн|[0-9-]{1,4} час)"
)
_PERCENT = re.compile(
    r"(?<![0-9.])[0-9]{1,3}\s?%\s?(?:off|discount|cashback|bonus|roi|profit|返|优惠|折扣|佣|彩金|"
    r"скидк|в день|в месяц|прибыл|доход|годовых|return|guaranteed|daily|weekly|commission|提成|收益)"
    r"|(?<![0-9第])[0-9](?:\.[0-9])?\s?折(?![叠断腾磨返旧回])"
    r"(?:起|优惠|封顶|充值|出|特惠|秒杀|购|抢|酬宾|大促|销售|后|$|[^\w])"
    r"|满\s?[0-9]{2,5}\s?(?:元)?\s?[减送立返赠]\s?[0-9]*|скидк[аиу]\s?(?:до )?-?[0-9]{1,2}\s?%"
    r"|save (?:up to )?[$£€]?[0-9]"
)
_RETURNED = re.compile(
    r"[充存首]\s?[0-9]{2,6}\s?(?:元)?\s?[送返得赠]\s?[0-9]{1,6}|(?:首[充存]|返[水利佣现点]|反水)\s?[0-9]"
)


def price_clues(folded: str) -> Iterator[Clue]:
    """The sums of money in a folded text, the first of each kind."""
    if _NEEDS.search(folded) is None:
        return
    amount = _AMOUNT.search(folded)
    if amount is not None:
        yield _clue(ClueKind.PRICE_AMOUNT, amount)
    income = _PER_TIME.search(folded) if amount is not None or "к" in folded or "тыс" in folded else None
    if income is None and _PAID.search(folded) is not None:
        income = _CHINESE_INCOME.search(folded)
    if income is not None:
        yield _clue(ClueKind.PRICE_INCOME, income)
    if ("%" in folded or "折" in folded or "满" in folded or "save" in folded) and (
        discount := _PERCENT.search(folded)
    ) is not None:
        yield _clue(ClueKind.PRICE_DISCOUNT, discount)
    if (returned := _RETURNED.search(folded)) is not None:
        yield _clue(ClueKind.PRICE_REBATE, returned)


def _clue(kind: ClueKind, match: "re.Match[str]") -> Clue:
    return Clue(kind, match.group().strip()[:60], match.start(), match.end())
