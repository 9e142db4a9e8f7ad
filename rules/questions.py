"""Telling a question from other text, for the watch over unanswered questions."""

import re

from rules.folding import fold

_CHINESE = (
    r"(?:吗|么|嘛|呢)\s*[~.!。…]*\s*$|怎么|怎样|如何|为什么|为啥|什么时候|什么地方|什么意思|是什么|有什么|多少|几点|几号"
    r"|哪里|哪儿|哪个|哪些|哪位|在哪|谁能|谁有|谁知道|有没有人|有人知道|有谁|能不能|可不可以|是不是|是否|求助|请问|请教|咋"
)
_STARTS = (
    r"(?:^|[.!\n]\s*)(?:(?:hi|hello|hey|so|and|but|ok|guys|all|sorry)[,\s]+){0,2}"
    r"(?:what(?:'?s)?|how(?:'?s)?|why|when|where|who(?:'?s)?|which|whose|anyone|anybody|"
    r"(?:is|are|was|were|do|does|did|can|could|will|would|should|has|have|may)\s+"
    r"(?:i|you|we|he|she|it|they|there|this|that|the|a|an|any|anyone|anybody|someone|somebody|my|your|our))\b"
)
_WORDS = re.compile(f"{_CHINESE}|{_STARTS}")
_ADDRESS = re.compile(r"[a-z]+://\S+")
_MARK = re.compile(r"\?(?!\w)")
# Said as a greeting or in surprise, and by no means asked.
_RHETORICAL = re.compile(r"^(?:什么|怎么会|怎么可能|不是吗|是吗|真的吗|what|really|huh)?[\s?!.]*$")
_NOT_ASKED = re.compile(
    r"没什么|不怎么样?|无论如何|不管怎么?样?|怎么都|是不是很棒|多少有点|多少会|什么都|怎么样都|不管什么"
)


def is_question(text: str) -> bool:
    """Whether a text asks something: by its question mark, or by how it is worded. Links do not count."""
    return asks(fold(text))


def asks(folded: str) -> bool:
    """``is_question`` of a folded text."""
    if "?" in folded:
        plain = _ADDRESS.sub(" ", folded) if "://" in folded else folded
        if _MARK.search(plain) is not None:
            return _RHETORICAL.match(plain.strip()) is None
    if _WORDS.search(folded) is None:
        return False
    plain = _NOT_ASKED.sub(" ", folded)
    return _WORDS.search(plain) is not None and _RHETORICAL.match(plain.strip()) is None
