"""What a message says of its writer in plain words, in Chinese and English: name, place, work, interests, hopes."""

import re
from collections.abc import Iterator

SHORTEST = 6
LONGEST = 1500

# A contact drop or an offer makes it an advertisement in disguise, whatever else it says.
_OFFER = re.compile(
    r"加\s*(?:我|微|v|V|薇|威|扣|群)|[vV][xX]\s*[:：]?\s*\w|私聊我?领|领取|免费(?:送|领|试)|优惠|代理|兼职|日赚|"
    r"返利|招聘|"
    r"https?://|t\.me/|\bDM me\b|\bdiscount\b|\bpromo\b|\bfree (?:trial|signals)\b|\bearn \$|\bwe(?:'re| are) hiring\b",
    re.IGNORECASE,
)

# Chinese ------------------------------------------------------------------------------------------------------------
_ZH_GREETING = re.compile(
    r"^(?:大家(?:早上|上午|中午|下午|晚上)?好|各位(?:群友|朋友|老师|大佬|伙伴)?(?:们)?(?:早上|晚上)?好|你们好|"
    r"(?:群友|朋友|伙伴)们好|嗨|哈喽|哈啰|hello|hi)",
    re.IGNORECASE,
)
_ZH_NEW = re.compile(
    r"新人(?:报到|报道|一枚)|^(?:报到|报道|新人|萌新|小白)(?:$|[，,!！。\s])|初来乍到|自我介绍|(?:刚|新)(?:加入|"
    r"入群|进群|来的)|"
    r"(?:请|还请)?多多?(?:关照|指教)|很高兴(?:认识|加入|来到)"
)
_ZH_BREAK = re.compile(r"(?<=[^\s，,。！!；;、\n是])(?=(?:我是|我叫|来自|坐标|目前在|现在在|现居))")
_ZH_AFTER_GREETING = re.compile(
    r"^((?:大家|各位|你们)[^\s，,。！!～~]{0,4}?好(?:呀|啊|哈)?|哈喽|嗨|hello|hi)(?=[^\s，,。！!～~])", re.IGNORECASE
)
_ZH_CLAUSE = re.compile(r"[，,。！!；;、\n～~…]+|\s{1,}(?=[\u4e00-\u9fff])")
_ZH_NOT_NAME = (
    r"(?!(?:说|不|想|觉得|认为|因|在|从|用|看|第|真|指|怕|没|这|那|要|刚|被|把|给|跟|和|为|怎|对|以|已|还|就|都|也|"
    r"很|非|又|再|先|后|去|有|只|谁|"
    r"他|她|它|你|我|来(?!自)|问|支持|同意|反对|建议|喜欢|做|搞|学|个|一个|一名|一位|一枚|名|位|新人|新来|新手|"
    r"小白|萌新|群主|管理|机器人|你们|大家|本群|"
    r"客服|中介|猎头|老板|认真|随便|开玩笑|无所谓|可以|能|会|过来|专门|负责|直接|通过|按|听|昨天|今天|明天|上周|"
    r"去年|最近|"
    r"第一次|安卓|苹果|路过|自己|自学|什么|哪|如何|为什么|买|卖|发|等|坐|住|属于|典型|那种|这种|比较|有点|挺|最|超|纯))"
)
_ZH: dict[str, re.Pattern[str]] = {
    "name": re.compile(
        rf"^(?:我叫(?!你|他|她|了|过|不|人|个|车|外卖|大家|什么)|(?:大家|你们)?(?:可以)?叫我|我的(?:名字|"
        rf"昵称)(?:是|叫)|本人(?:是|叫)?{_ZH_NOT_NAME}|我是{_ZH_NOT_NAME}|昵称|网名)"
        r"\s*[:：]?\s*(?P<value>[^\s，,。！!？?的了吗呢在]{1,14}(?:的[^\s，,。！!？?的了吗呢在]{1,8})?)$"
    ),
    "city": re.compile(
        r"^(?:我)?(?:是)?(?:来自|坐标|人在|现居|定居(?:在)?|常住|base\s*在?|(?:我)?(?:目前|现在|平时)?(?:生活|居住|"
        r"住)在|(?:目前|现在)在|我在|在)"
        r"\s*[:：]?\s*(?P<value>(?!家|线|吗|公司|群里|哪|一|这|那|学|看|做|用|想|等|路上|外面|"
        r"开会)[\u4e00-\u9fffA-Za-z]{2,12}?)"
        r"(?:的\S{0,8}|工作|上班|上学|读书|读研|读博|读大学|生活|定居|创业|做\S{1,12}|当\S{1,10}|人)?$",
        re.IGNORECASE,
    ),
    "job": re.compile(
        r"^(?:我)?(?:是)?(?:目前|现在|平时|主要|在[\u4e00-\u9fff]{2,6})?(?:是)?"
        r"(?:从事(?P<a>[^\s]{2,16})|职业(?:是)?(?P<b>[^\s是]{2,12})|(?:做|搞|学)(?P<c>(?!完|了|过|好|到|不|个|法|"
        r"得|什么|饭|梦|事|起来)[^\s了过吗]{2,12}?)(?:的|工作|开发|设计|行业|方面)?"
        r"|(?:当|是)?(?:一个|一名|一位|一枚|名|位|个|当)(?P<d>[^\s，。]{2,14})"
        r"|(?P<e>[^\s，。]{0,8}(?:程序员|工程师|设计师|老师|教师|学生|研究生|博士生|大学生|产品经理|运营|医生|护士|"
        r"律师|会计|编辑|作家|记者|翻译|摄影师|全职妈妈|自由职业者?|公务员|上班族|从业者|开发者)))$"
    ),
    "interests": re.compile(
        r"^(?:我)?(?:也|很|平时|业余|闲时|特别|非常|最|一直|比较)*(?:喜欢|爱好(?:是)?|热爱|爱(?=看|读|写|听|跑|玩|"
        r"吃|拍)|兴趣(?:是)?|对(?=.{1,14}感兴趣))\s*[:：]?"
        r"(?P<value>(?!你|他|她|这|那|的话|就|上)[^\s]{2,40})$"
    ),
    "expecting": re.compile(
        r"^(?:我)?(?:也|很|加群|进群|来这里|来)*(?:是)?(?:希望|期待|盼望|想|想要)(?:能|可以)?"
        r"(?P<value>(?:和|跟|与|在(?:这里|群里)|认识|结识|多|向)[^\s？?]{2,40}|一起[^\s？?]{2,30}|"
        r"学习[^\s？?]{2,30}|交流[^\s？?]{0,30}|(?:大家)?多多?(?:关照|指教|交流))$"
    ),
}

# English ------------------------------------------------------------------------------------------------------------
_EN_GREETING = re.compile(r"^(?:hi|hello|hey|hiya|howdy|greetings|good (?:morning|afternoon|evening))\b", re.IGNORECASE)
_EN_NEW = re.compile(
    r"\b(?:new (?:here|to (?:the|this) (?:group|community|club|channel))|newbie|newcomer|just (?:joined|arrived)|"
    r"introduc(?:e|ing) myself|(?:my |a )?(?:short |quick |brief )?intro(?:duction)?\b|nice to meet|"
    r"(?:happy|glad|excited|thrilled) to (?:be here|join|meet))",
    re.IGNORECASE,
)
_EN_CLAUSE = re.compile(
    r"[.!?;\n,()…]+\s*|:\s+|\s+[-–—]\s+|\s+(?:and|but)\s+(?=I\b|i\b|I'm|i'm|my\b|currently|originally)"
)
_I = r"(?:i|i'm|i am|im|i've been|i have been)"
_PLACE = r"(?P<value>(?:the )?[A-Z][\w'’-]+(?:[ -][A-Z][\w'’-]+){0,2})"
_EN_NOT_NAME = (
    r"(?!(?:a|an|the|not|so|sure|sorry|just|here|there|from|in|at|on|of|to|by|also|still|very|really|quite|pretty|too|"
    r"back|done|happy|glad|excited|new|afraid|interested|currently|curious|late|ok|okay|fine|good|great|out|off|up|"
    r"using|going|my|your|with|for|into|all|both|about|based|originally|one|having|getting|always|never|only|"
    r"definitely|lost|stuck|tired|confused|aware|ready|able|available|free|busy|sick|home|down|almost|currently|"
    r"wondering|thinking|guessing|assuming|old|\w+ing|\w+ed)\b)"
)
_EN: dict[str, re.Pattern[str]] = {
    "name": re.compile(
        rf"^(?:(?:hi|hello|hey)\s+(?:all|everyone|everybody|there|folks|guys|friends)?\s*)?(?:(?i:i'm|i am|"
        rf"im)\s+(?i:{_EN_NOT_NAME})(?P<a>[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?)|"
        rf"(?i:my name is|my name's|name's|call me|you can call me|everyone calls me|"
        rf"folks call me)\s+(?i:{_EN_NOT_NAME})(?P<b>[\w'’-]+(?: [A-Z][\w'’-]+)?)|"
        r"(?i:(?!(?:new|anyone|anybody|someone|everyone|nobody|people|nothing|right|over|all|still|not|newbie|is|and|"
        r"welcome|good|out|up|back|stuck|live|from|in|was|are|am|be|only|one|it)\b)"
        r"(?P<d>[a-z]{2,20}) here(?=$| from | in ))|"
        rf"(?i:this is)\s+(?P<c>[A-Z][\w'’-]+)(?=\s+from\b|$))"
    ),
    "city": re.compile(
        rf"^(?i:{_I}\s+)?(?i:(?:originally |currently |now |living |live |based |located |i live |i come |"
        rf"hailing )*(?:from|in))\s+{_PLACE}"
    ),
    "job": re.compile(
        rf"^(?:{_I}\s+)?(?:currently\s+|now\s+|also\s+)*"
        r"(?:(?P<a>work(?:ing)? (?:as|in|at|for|on|with) .{2,60})|(?P<b>(?:study|studying|teach|teaching|research|"
        r"researching|build|building|design|designing) .{2,50})"
        r"|(?:an?|the) (?P<c>(?:[\w+#/-]+ ){0,4}?(?:engineer|developer|designer|student|teacher|nurse|doctor|"
        r"writer|editor|lawyer|manager|researcher|scientist|analyst|consultant|"
        r"programmer|translator|photographer|artist|librarian|founder|freelancer|accountant|architect|musician|"
        r"professor|parent|journalist|marketer))\b.*)$",
        re.IGNORECASE,
    ),
    "interests": re.compile(
        r"^(?:i\s+)?(?:really |also |mostly |especially )*(?:(?:love|enjoy|like)\s+(?!this|that|it\b|the\b|your|"
        r"how|what|when|to (?:see|know|ask)|him|her|them|you)"
        r"(?P<a>.{3,80})|(?:i'm |i am |am )?(?:into|interested in|passionate about|a (?:big |"
        r"huge )?fan of) (?P<b>.{2,80})|my (?:hobbies|interests|hobby|favou?rites?) (?:are|is|"
        r"include) (?P<c>.{2,80}))$",
        re.IGNORECASE,
    ),
    "expecting": re.compile(
        r"^(?:i\s+|i'm\s+|i am\s+|we\s+)?(?:here to |hope to |hoping to |looking forward to |want to |"
        r"would love to |'d love to |joined to |would like to |excited to |happy to |glad to |keen to )"
        r"(?P<value>(?:be here|join|meet|meeting|learn|learning|read|reading|connect|connecting|"
        r"make (?:new )?friends|get to know|find (?:people|friends|others)|share|sharing|talk|talking|chat|"
        r"chatting|know).{0,80})$",
        re.IGNORECASE,
    ),
}
_EN_PLACE_IN_NAME = re.compile(rf"\b(?:from|in|based in) {_PLACE}")
_EN_JOB_IN_NAME = re.compile(r",? (?:an?) (?P<value>(?:[\w+#/-]+ ){0,3}\w+)$")


def said_of_oneself(text: str) -> dict[str, str] | None:
    """What the writer says of themselves, by profile field; None where it is no introduction."""
    text = text.strip()
    if not SHORTEST <= len(text) <= LONGEST or _OFFER.search(text):
        return None
    said: dict[str, str] = {}
    greeted = new = named_in_full = False
    for said_in, is_greeted, is_new, is_full in (_chinese(text), _english(text)):
        said = {**said_in, **said}
        greeted, new, named_in_full = greeted or is_greeted, new or is_new, named_in_full or is_full
    return said if _enough(said, greeted, new, named_in_full) else None


def _enough(said: dict[str, str], greeted: bool, new: bool, named_in_full: bool) -> bool:
    """With a name, one thing more where it was said as a greeting, else two; without a name, more is asked for."""
    others = len(said) - ("name" in said)
    if "name" in said:
        return others >= 2 or (others >= 1 and (greeted or new or named_in_full))
    if new:
        return others >= 2
    return greeted and others >= 3


def _chinese(text: str) -> tuple[dict[str, str], bool, bool, bool]:
    said: dict[str, str] = {}
    greeted = bool(_ZH_GREETING.search(text))
    new = bool(_ZH_NEW.search(text))
    full = False
    spaced = _ZH_BREAK.sub("，", _ZH_AFTER_GREETING.sub(r"\1，", text))
    for clause in _clauses(_ZH_CLAUSE, spaced):
        if clause.endswith(("?", "？", "吗", "呢")):
            continue
        for name, pattern in _ZH.items():
            if name in said:
                continue
            hit = pattern.search(clause)
            if hit is not None:
                said[name] = _value(hit)
                full = (
                    full
                    or (name == "name" and clause.startswith(("我叫", "叫我")))
                    or clause.startswith(("来自", "坐标"))
                )
                if name == "name":
                    break  # 我是小李 is no occupation, too
    return said, greeted, new, full


def _english(text: str) -> tuple[dict[str, str], bool, bool, bool]:
    said: dict[str, str] = {}
    plain = text.replace("’", "'")
    greeted = bool(_EN_GREETING.search(plain))
    new = bool(_EN_NEW.search(plain))
    full = False
    for clause in _clauses(_EN_CLAUSE, plain):
        for name, pattern in _EN.items():
            if name in said:
                continue
            hit = pattern.search(clause)
            if hit is None:
                continue
            said[name] = _value(hit)
            if name == "name":
                full = full or clause.casefold().startswith(("my name", "call me"))
                rest = clause[hit.end() :]
                place, job = _EN_PLACE_IN_NAME.search(rest), _EN_JOB_IN_NAME.search(rest)
                if place is not None:
                    said.setdefault("city", _value(place))
                if job is not None:
                    said.setdefault("job", _value(job))
                break
    return said, greeted, new, full


def _clauses(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    for clause in pattern.split(text):
        if clause and (stripped := clause.strip()):
            yield stripped


def _value(hit: re.Match[str]) -> str:
    return next((value.strip() for value in hit.groups() if value), hit.group(0).strip())
