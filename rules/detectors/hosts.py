"""Hosts that say something by themselves: shorteners, shops, well-known sites, and the names that others imitate."""


def _words(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


SHORTENERS = _words(
    "bit.ly tinyurl.com goo.gl is.gd v.gd cutt.ly ow.ly t.cn dwz.cn url.cn suo.im rb.gy rebrand.ly shorturl.at",
    "shorte.st adf.ly bl.ink buff.ly t.ly s.id tiny.cc u.nu x.co lnkd.in shrtco.de clck.ru vk.cc u.to qps.ru",
    "bc.vc soo.gd mrw.so sourl.cn w.url.cn m.tb.cn tb.cn dwz.win dwz.mk 985.so suo.nz kutt.it urlz.fr",
    "shorter.me tny.im cli.gs snip.ly t2m.io short.io short.gy ouo.io linkvertise.com linktr.ee beacons.ai",
    "allmylinks.com bio.link lnk.bio taplink.cc taplink.ws goo.su surl.li rrd.me 3.cn u.jd.com dwurl.cn c3.cn",
    "tinyurl.ph cutt.us shorturl.gg t.co",
)
SHOPS = _words(
    "taobao.com tmall.com weidian.com pinduoduo.com yangkeduo.com jd.com youzan.com 1688.com etsy.com ebay.com",
    "amazon.com amzn.to aliexpress.com shopee.com gumroad.com fiverr.com onlyfans.com fansly.com patreon.com",
    "opensea.io avito.ru ozon.ru wildberries.ru pump.fun",
)
KNOWN = _words(
    "github.com gitlab.com wikipedia.org stackoverflow.com youtube.com youtu.be google.com bilibili.com b23.tv",
    "zhihu.com weibo.com baidu.com douban.com v2ex.com qq.com 163.com sina.com.cn sohu.com csdn.net",
    "jianshu.com gov.cn edu.cn archlinux.org twitter.com x.com reddit.com bbc.com bbc.co.uk nytimes.com",
    "cnn.com medium.com python.org mozilla.org microsoft.com apple.com spotify.com imgur.com",
    "steamcommunity.com steampowered.com archive.org arxiv.org yandex.ru vk.com habr.com rbc.ru ria.ru",
    "lenta.ru telegra.ph tenor.com giphy.com imdb.com debian.org ubuntu.com kernel.org",
)
# Endings that cost next to nothing, and that ordinary sites seldom have.
CHEAP_ENDINGS = _words(
    "xyz top vip icu cyou buzz click club online site store website shop tk ml ga cf gq ltd xin ren bet",
    "casino porn sex cam monster ooo work loan win bid link live life fun pw cc pro rest quest sbs",
)
# What stands beside the name of another in the hosts of those who want passwords and wallets.
LURES = _words(
    "login signin secure security verify verification support help account accounts auth gift gifts bonus wallet",
    "claim airdrop free nitro promo official event update unlock recovery confirm pay payment reward rewards trade",
    "exchange invest web vip download premium",
)
# Names that are imitated, each with the domains that really bear it.
BRANDS: dict[str, tuple[str, ...]] = {
    "telegram": ("telegram.org", "telegram.me", "telegram.dog"),
    "whatsapp": ("whatsapp.com", "whatsapp.net"),
    "discord": ("discord.com", "discord.gg", "discordapp.com", "discordapp.net", "discord.media", "discord.gift"),
    "facebook": ("facebook.com", "facebook.net"),
    "instagram": ("instagram.com",),
    "twitter": ("twitter.com",),
    "youtube": ("youtube.com", "youtube-nocookie.com"),
    "google": ("google.com", "google.cn", "google.co.uk", "google.ru", "google.de", "googleapis.com", "googleblog.com"),
    "microsoft": ("microsoft.com", "microsoftonline.com"),
    "netflix": ("netflix.com",),
    "spotify": ("spotify.com",),
    "paypal": ("paypal.com", "paypal.me"),
    "amazon": ("amazon.com", "amazon.cn", "amazon.co.uk", "amazon.de", "amazonaws.com", "amazon.co.jp"),
    "binance": ("binance.com", "binance.org", "binance.us"),
    "coinbase": ("coinbase.com",),
    "metamask": ("metamask.io",),
    "opensea": ("opensea.io",),
    "uniswap": ("uniswap.org",),
    "steamcommunity": ("steamcommunity.com",),
    "steampowered": ("steampowered.com",),
    "roblox": ("roblox.com",),
    "taobao": ("taobao.com",),
    "alipay": ("alipay.com", "alipayobjects.com"),
    "weixin": ("weixin.com",),
    "wechat": ("wechat.com",),
    "bilibili": ("bilibili.com", "bilibili.tv"),
    "pinduoduo": ("pinduoduo.com",),
    "chinamobile": ("chinamobile.com",),
    "sberbank": ("sberbank.ru", "sberbank.com"),
    "gosuslugi": ("gosuslugi.ru",),
    "tinkoff": ("tinkoff.ru",),
    "wildberries": ("wildberries.ru",),
    "yandex": ("yandex.ru", "yandex.com", "yandex.net"),
    "openai": ("openai.com",),
    "chatgpt": ("chatgpt.com",),
    "github": ("github.com", "github.io", "github.dev", "githubusercontent.com", "githubassets.com"),
}
