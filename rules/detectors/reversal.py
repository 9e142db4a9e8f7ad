"""Lines that were written backwards, told by which way more of the commonest words are in them."""

_CHINESE = (
    "我们 你们 他们 可以 这个 那个 什么 怎么 没有 不是 就是 大家 现在 今天 需要 联系 微信 兼职 加我 免费 "
    "赚钱 工作 一天 每天 日结 公司 招聘 代理 提供 服务 平台 资源 视频 客服 咨询 专业 办理 贷款 优惠 活动 "
    "注册 下载 网站 充值 提现 扫码 进群 私聊 手机 号码 信用 电话 地址 价格 出售 收购 推广 引流 粉丝 项目 "
    "收入 轻松 稳定 安全 长期 合作 要求 有意 知道 觉得 时候 自己 因为 所以 但是 如果 还是 已经 问题 东西 "
    "老师 学生 学校 中国 北京 上海 美女 同城 上门 全国 各地 最新 最高 直播 会员 福利 点击 链接 频道 机器 "
    "交易 担保 数据 实名 账号 飞机 一手 货源 批发 包邮 彩票 博彩 返水 首存 投资 理财 股票 回报 利息 额度 "
    "秒到 放款 发票 代开 证件 学历 文凭 论文 代写 刷单 淘宝 红包 领取 添加 好友 加微 加群 了解 详情 欢迎 "
    "诚信 满意 付款 本人 真实 有效 快速 专注 多年 经验 团队 技术 支持 用户 系统 软件 开发 游戏 玩家"
)
_HAN_PAIRS = frozenset(_CHINESE.split())
_SPACED = (
    "the and you for are this that with have from your what will just not can all free money earn join "
    "group channel contact click link here now more make daily profit investment crypto bitcoin trading "
    "work home online telegram whatsapp want need get best new only send message please how who when was "
    "but they there и в не на что это как для вас мы вы он она они так все есть или уже от до за по из "
    "если только будет можно нужно работа заработок доход деньги день пишите лс канал группа бесплатно "
    "удаленно онлайн человек набор партнеров"
)
_WORDS = frozenset(_SPACED.split())


def turned_round(text: str) -> str:
    """The text with the lines turned round that read better backwards, or "" if none does."""
    lines = text.split("\n")
    turned = [_better(line) for line in lines]
    return "\n".join(turned) if turned != lines else ""


def _better(line: str) -> str:
    if len(line) < 4:
        return line
    backwards = line[::-1]
    return backwards if _familiar(backwards) > _familiar(line) else line


def _familiar(line: str) -> int:
    if line.isascii():
        return len(_WORDS.intersection(line.split()))
    pairs = set(map(str.__add__, line, line[1:]))
    return len(_HAN_PAIRS & pairs) + len(_WORDS.intersection(line.split()))
