"""Texts that speak to a model instead of to people: orders, answers put into its mouth, claims to be no advertisement.

Nobody has to be on the list of signs to be harmless: what is on it only loses the excuse that an answer may be. Plain
orders are suspicious besides.
"""

import re

_NEAR, _NEAR_ZH = r"[^.!?\n]{0,40}", r"[^。!?\n]{0,16}"
_ORDERS = (
    rf"(?:ignor|disregard|forget|overrid|bypass)\w*{_NEAR}\b(?:instruction|prompt|guideline|command)",
    r"(?:ignor|disregard|forget|overrid)\w* (?:\w+ ){0,3}(?:above|previous|prior|earlier)\b",
    r"\b(?:new|updated|real|actual) (?:instructions?|system prompt)\b",
    r"\bsystem ?(?:prompt|message|override)\b",
    rf"\b(?:answer|respond|reply|return|output|print|classify|label|treat|rate)\b{_NEAR}"
    r"\b(?:false|true|json|not? an? ad\w*|not spam|ham)\b",
    rf"(?:忽略|无视|忘记|忘掉|不要理会|不要遵守|跳过|覆盖){_NEAR_ZH}(?:指令|指示|提示词|系统提示|设定|以上|上述|上面|之前|前面)",
    r"(?:以上|上述|之前|前面)[^。!?\n]{0,6}(?:指令|提示词|设定)",
    r"系统(?:提示|指令|设定)|提示词",
    rf"(?:回答|回复|输出|返回|判定|判断|标记|标注|归类){_NEAR_ZH}(?:false|true|json|非广告|不是广告|不属于广告|正常消息)",
    r"[\"'“”]?\b(?:ad|sure|is_?ad|is_?spam)\b[\"'“”]?\s{0,3}[:=]\s{0,3}(?:true|false|\d|是|否|真|假)",
    r"<\|?/?(?:im_start|im_end|system|assistant|endoftext|inst|sys)\b[^>\n]{0,20}\|?>|\[/?inst\]|<<sys>>",
    r"(?:^|\n|[.!?。]\s)\s{0,3}(?:#{1,4}\s{0,2})?(?:system|assistant|系统|助手)\s{0,2}:",
)
_CLAIMS = (
    r"\b(?:ai|language models?|llms?|chat ?gpt|classifiers?|moderat(?:or|ion)s?|spam (?:filter|detector)s?)\b",
    r"\b(?:you are|you're|act as|pretend|from) (?:now|an?)\b",
    rf"\b(?:is|was|are|as) (?:not|no|never)\b{_NEAR}\b(?:ads?|advert\w*|spam|promotion)\b",
    rf"\b(?:isn't|not an?|no)\b{_NEAR}\b(?:ads?|advert\w*|spam|promotion)\b",
    rf"\b(?:say|write|mark|flag|consider|judge|answer|reply)\b{_NEAR}\b(?:ordinary|legit\w*|safe|harmless|clean|false)\b",
    rf"(?:你是|你现在是|扮演|作为){_NEAR_ZH}(?:ai|助手|模型|机器人|审核|分类器|管理员)",
    r"模型|人工智能|分类器|审核|机器人|大语言",
    r"(?:不是|并非|不属于|绝非|非|不算|没有|无)[^。!?\n]{0,4}(?:广告|推广|营销|垃圾信息)",
    rf"(?:视为|视作|当作|请说|请答|请回){_NEAR_ZH}(?:正常|普通|安全|否)",
    r"```|[{]\s{0,3}\"",
)
_ORDER_SIGNS = tuple(re.compile(sign) for sign in _ORDERS)
_CLAIM_SIGNS = tuple(re.compile(sign) for sign in _CLAIMS)
_BLANKS = re.compile(r"\s+")
_HAN = re.compile("[\u3400-\u9fff]")


def gives_orders(text: str) -> bool:
    """Whether a folded text tells a model what to do or to answer."""
    return _shows(_ORDER_SIGNS, text)


def steers(text: str) -> bool:
    """Whether a folded text may be meant to sway a model: it gives orders, speaks of models, or defends itself."""
    return gives_orders(text) or _shows(_CLAIM_SIGNS, text)


def _shows(signs: tuple[re.Pattern[str], ...], text: str) -> bool:
    views = (text, _BLANKS.sub("", text)) if _HAN.search(text) else (text,)  # Chinese words may be spread
    return any(sign.search(view) for view in views for sign in signs)
