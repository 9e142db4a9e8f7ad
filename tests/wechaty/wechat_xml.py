"""XML as WeChat's clients write it, made up by the patterns that are public: every place in it where words can be."""

from html import escape

UPGRADE = "https://support.weixin.qq.com/cgi-bin/mmsupport-bin/readtemplate?t=page/common_page__up&amp;b=0"
"""The address that clients write where older ones cannot show something."""


def appmsg(number: int, *, title: str = "", des: str = "", url: str = "", more: str = "", sender: str = "") -> str:
    """A card of some number, with the elements that are always there."""
    xml = (
        f'<?xml version="1.0"?>\n<msg>\n\t<appmsg appid="">\n\t\t<title>{title}</title>\n\t\t<des>{des}</des>'
        f"\n\t\t<action>view</action>\n\t\t<type>{number}</type>\n\t\t<showtype>0</showtype>\n\t\t<content />"
        f"\n\t\t<url>{url}</url>\n\t\t<lowurl />\n\t\t<thumburl>https://mmbiz.qpic.cn/x/0</thumburl>{more}"
        "\n\t\t<appattach>\n\t\t\t<totallen>0</totallen>\n\t\t\t<cdnthumbaeskey /><aeskey></aeskey>\n\t\t</appattach>"
        "\n\t\t<extinfo />\n\t</appmsg>\n\t<fromusername>wxid_ann</fromusername>\n\t<scene>0</scene>\n\t<appinfo>"
        "\n\t\t<version>1</version>\n\t\t<appname></appname>\n\t</appinfo>\n\t<commenturl></commenturl>\n</msg>\n"
    )
    return f"{sender}:\n{xml}" if sender else xml


def refer(
    answer: str, content: str, *, number: int = 1, svrid: str = "", by: str = "", name: str = "Ann", sender: str = ""
) -> str:
    """An answer that quotes; ``content`` is as it stands in the element."""
    more = (
        f"\n\t\t<refermsg>\n\t\t\t<type>{number}</type>\n\t\t\t<svrid>{svrid}</svrid>\n\t\t\t"
        f"<fromusr>r1@chatroom</fromusr>\n\t\t\t<chatusr>{by}</chatusr>\n\t\t\t<displayname>{name}</displayname>"
        f"\n\t\t\t<content>{content}</content>\n\t\t\t<msgsource>&lt;msgsource&gt;&lt;silence&gt;1&lt;/silence&gt;"
        "&lt;/msgsource&gt;</msgsource>\n\t\t\t<createtime>1757255408</createtime>\n\t\t</refermsg>"
    )
    return appmsg(57, title=answer, url=UPGRADE, more=more, sender=sender)


def item(name: str, text: str, *, kind: int = 1, more: str = "") -> str:
    """A line of a passed-on talk."""
    return (
        f'<dataitem datatype="{kind}" dataid="2bfdb5aaaa9552c4baa0dbc38f26c756"><cdndataurl>30570201</cdndataurl>'
        f"<datadesc>{text}</datadesc><sourcename>{name}</sourcename><sourcetime>2026-9-3 20:10</sourcetime>"
        "<sourceheadurl>https://wx.qlogo.cn/mmhead/ver_1/a/132</sourceheadurl>"
        f"<srcMsgCreateTime>1788438600</srcMsgCreateTime>{more}</dataitem>"
    )


def record(*items: str, title: str = "群聊的聊天记录", cdata: bool = True, number: int = 19, des: str = "") -> str:
    """A piece of another talk, passed on."""
    inner = (
        f"<recordinfo><title>{title}</title><desc>{des}</desc><isChatRoom>1</isChatRoom>"
        f'<datalist count="{len(items)}">{"".join(items)}</datalist></recordinfo>'
    )
    kept = f"<![CDATA[{inner}]]>" if cdata else escape(inner, quote=False)
    return appmsg(number, title=title, des=des, url=UPGRADE, more=f"<recorditem>{kept}</recorditem>")


def nested(title: str, *items: str) -> str:
    """What a line holds that is such a piece itself."""
    inside = f"<title>{title}</title><datalist>{''.join(items)}</datalist>"
    return f"<datatitle>{title}</datatitle><recordxml><recordinfo>{inside}</recordinfo></recordxml>"


def money(number: int, title: str, inside: str) -> str:
    """A transfer (2000) or a red envelope (2001)."""
    return appmsg(number, title=title, url=UPGRADE, more=f"<wcpayinfo>{inside}</wcpayinfo>")


def revoked(id_: str, said: str, sender: str = "") -> str:
    xml = (
        f'<sysmsg type="revokemsg"><revokemsg><session>r1@chatroom</session><msgid>1672045621</msgid><newmsgid>{id_}'
        f"</newmsgid><replacemsg><![CDATA[{said}]]></replacemsg></revokemsg></sysmsg>"
    )
    return f"{sender}:\n{xml}" if sender else xml


def patted(by: str, whom: str, template: str) -> str:
    return (
        f'<sysmsg type="pat">\n<pat>\n  <fromusername>{by}</fromusername>\n  <chatusername>r1@chatroom</chatusername>\n'
        f"  <pattedusername>{whom}</pattedusername>\n  <patsuffix><![CDATA[]]></patsuffix>\n  <patsuffixversion>0"
        f"</patsuffixversion>\n\n  <template><![CDATA[{template}]]></template>\n</pat>\n</sysmsg>"
    )


def told(template: str, **people: tuple[tuple[str, str], ...]) -> str:
    """A line by a template: the people in each place by id and name."""
    links = "".join(
        f'<link name="{place}" type="link_profile"><memberlist>'
        + "".join(
            f"<member><username><![CDATA[{id_}]]></username><nickname><![CDATA[{name}]]></nickname></member>"
            for id_, name in members
        )
        + "</memberlist><separator><![CDATA[、]]></separator></link>"
        for place, members in people.items()
    )
    return (
        '<sysmsg type="sysmsgtemplate">\n\t<sysmsgtemplate>\n\t\t<content_template type="tmpl_type_profile">\n\t\t\t'
        f"<plain><![CDATA[]]></plain>\n\t\t\t<template><![CDATA[{template}]]></template>\n\t\t\t<link_list>{links}"
        "</link_list>\n\t\t</content_template>\n\t</sysmsgtemplate>\n</sysmsg>"
    )
