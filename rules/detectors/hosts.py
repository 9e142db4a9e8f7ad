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
    "jianshu.com archlinux.org twitter.com x.com reddit.com bbc.com bbc.co.uk nytimes.com",
    "cnn.com medium.com python.org mozilla.org microsoft.com apple.com spotify.com imgur.com",
    "steamcommunity.com steampowered.com archive.org arxiv.org yandex.ru vk.com habr.com rbc.ru ria.ru",
    "lenta.ru telegra.ph tenor.com giphy.com imdb.com debian.org ubuntu.com kernel.org",
    "tencent.com weixin.qq.com feishu.cn dingtalk.com aliyun.com huawei.com xiaomi.com mi.com gitee.com juejin.cn",
    "segmentfault.com cnblogs.com oschina.net xiaohongshu.com xhslink.com douyin.com kuaishou.com ixigua.com iqiyi.com",
    "youku.com ximalaya.com toutiao.com thepaper.cn caixin.com xinhuanet.com people.com.cn people.cn cctv.com",
    "ifeng.com huanqiu.com guancha.cn 36kr.com sspai.com guokr.com dianping.com meituan.com ele.me ctrip.com 12306.cn",
    "amap.com sf-express.com kuaidi100.com wjx.cn wenjuan.com shimo.im yuque.com notion.so notion.site mubu.com",
    "leetcode.cn leetcode.com luogu.com.cn nowcoder.com icourse163.org xuetangx.com cnki.net hupu.com tieba.com",
    "chinanews.com.cn jin10.com eastmoney.com xueqiu.com weread.com qidian.com jjwxc.net gamersky.com",
    "theguardian.com washingtonpost.com wsj.com reuters.com apnews.com bloomberg.com economist.com ft.com npr.org",
    "aljazeera.com forbes.com time.com nature.com science.org sciencedirect.com springer.com ",
    "nasa.gov who.int un.org europa.eu goodreads.com gutenberg.org",
    "openlibrary.org wikimedia.org wiktionary.org wikidata.org britannica.com merriam-webster.com quora.com",
    "stackexchange.com serverfault.com superuser.com askubuntu.com pastebin.com gist.github.com readthedocs.io",
    "readthedocs.org docs.rs rust-lang.org go.dev golang.org nodejs.org reactjs.org",
    "postgresql.org sqlite.org mysql.com redis.io nginx.org apache.org docker.com kubernetes.io jetbrains.com",
    "cppreference.com w3.org whatwg.org w3schools.com huggingface.co kaggle.com openai.com anthropic.com",
    "figma.com trello.com atlassian.com slack.com zoom.us zoom.com webex.com dropbox.com overleaf.com codeberg.org",
    "sourceforge.net bitbucket.org launchpad.net fedoraproject.org redhat.com gnu.org letsencrypt.org cloudflare.com",
    "vimeo.com twitch.tv soundcloud.com bandcamp.com netflix.com rottentomatoes.com letterboxd.com ted.com",
    "facebook.com instagram.com threads.net bsky.app mastodon.social linkedin.com pinterest.com tumblr.com flickr.com",
    "wordpress.org wordpress.com substack.com blogspot.com ycombinator.com duckduckgo.com bing.com openstreetmap.org",
    "coursera.org edx.org khanacademy.org duolingo.com",
    "booking.com tripadvisor.com airbnb.com weather.com accuweather.com espn.com fandom.com ign.com",
    "yandex.com ya.ru mail.ru ok.ru dzen.ru rutube.ru kinopoisk.ru kp.ru kommersant.ru vedomosti.ru tass.ru",
    "interfax.ru gazeta.ru meduza.io forbes.ru vc.ru dtf.ru pikabu.ru 2gis.ru gismeteo.ru hh.ru rzd.ru",
    "gosuslugi.ru mos.ru nalog.gov.ru government.ru kremlin.ru sberbank.ru tinkoff.ru tbank.ru pochta.ru cdek.ru",
    "litres.ru livelib.ru labirint.ru stepik.org cyberleninka.ru elibrary.ru msu.ru consultant.ru garant.ru",
    "drive2.ru sports.ru championat.com fontanka.ru rambler.ru",
)
# Below these endings only authorities and places of learning may have a name.
KNOWN_ENDINGS = (".gov", ".edu", ".gov.cn", ".edu.cn", ".gov.uk", ".ac.uk", ".edu.tw", ".gov.tw", ".edu.hk", ".ac.jp")
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
