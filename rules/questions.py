"""Telling a question from other text, for the watch over unanswered questions."""

import re

import ahocorasick_rs

from rules.folding import fold

_WORDS = (
    *(
        "怎么",
        "怎样",
        "如何",
        "为什么",
        "为啥",
        "什么",
        "啥时候",
        "多少",
        "几点",
        "几号",
        "哪里",
        "哪儿",
        "哪个",
        "哪些",
    ),
    *(
        "哪位",
        "哪种",
        "哪天",
        "哪本",
        "在哪",
        "谁能",
        "谁有",
        "谁知道",
        "谁会",
        "有谁",
        "有没有",
        "有人知道",
        "能不能",
        "可不可以",
        "是不是",
    ),
    *("会不会", "要不要", "是否", "求助", "请问", "请教", "想问", "问一下", "问下", "咋", "干嘛", "难道"),
)
_INDEX = ahocorasick_rs.AhoCorasick(_WORDS)
_CHINESE = re.compile("|".join(map(re.escape, sorted(_WORDS, key=len, reverse=True))))
_ENDS = re.compile(r"(?:吗|么|是嘛|[你您他她它们人][们]?呢|好呢)[\s~.!。…)]*$")
_STARTS = re.compile(
    r"(?:^|[.!\n]\s{0,4})(?:(?:hi|hello|hey|so|and|but|ok|guys|all|everyone|sorry)[,\s]\s?){0,2}"
    r"(?:what(?:'?s)?|how(?:'?s)?|why|when(?= (?:is|are|do|does|did|will|can|should))|where|"
    r"who(?:'?s)?|which(?= (?:one|of|is|are|book|day|time|way))|whose|anyone|anybody|"
    r"(?:is|are|was|were|do|does|did|can|could|will|would|should|has|have|may)\s"
    r"(?:i|you|we|he|she|it|they|there|this|that|the|a|an|any|anyone|anybody|someone|somebody|my|your|our))\b"
)
_ADDRESS = re.compile(r"[a-z]+://\S+")
_MARK = re.compile(r"\?(?!\w)")
# Words that ask elsewhere, in turns of phrase that state something.
_STATED = re.compile(
    "没什么|没有什么|什么都|什么的|不管什么|无论什么|不怎么|怎么都|怎么也|不管怎么|无论怎么|无论如何|不管怎样|多少有|多少会|多少还是"
    "|什么鬼|哪里哪里|怎么会|这么|那么|要么|什么时候都|没有没有|不知道怎么说"
    "|how (?:nice|cool|great|lovely|funny|sweet)|what an? "
)
# Said in surprise or as a greeting, and by no means asked.
_EXCLAIMED = re.compile(r"(?:什么|啥|不是吗|是吗|是么|真的吗|真的么|真的假的|what|really|huh|wtf|why|who)?[\s?!.~]*")


def is_question(text: str) -> bool:
    """Whether a text asks something: by its question mark, or by how it is worded. Links do not count."""
    return asks(fold(text))


def asks(folded: str) -> bool:
    """``is_question`` of a folded text."""
    if "?" in folded:
        plain = _ADDRESS.sub(" ", folded) if "://" in folded else folded
        if _MARK.search(plain) is not None:
            return _EXCLAIMED.fullmatch(plain.strip()) is None
    if not folded.isascii() and (
        _INDEX.find_matches_as_indexes(folded) or _ENDS.search(folded, max(0, len(folded) - 12))
    ):
        plain = _STATED.sub(" ", folded).strip()
        asked = _CHINESE.search(plain) is not None or _ENDS.search(plain) is not None
        return asked and _EXCLAIMED.fullmatch(plain) is None
    if _STARTS.search(folded) is not None:
        return _STARTS.search(_STATED.sub(" ", folded)) is not None and _EXCLAIMED.fullmatch(folded.strip()) is None
    return False
