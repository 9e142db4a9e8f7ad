"""What leads out of the group: links, invitations, contacts and QR codes."""

from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from rules.conditions.fields import MESSAGES, READABLE
from rules.events import Event
from rules.facts import Facts
from rules.links import Address, FoundLink, covered, is_invitation, parse_address
from rules.section import listed
from rules.step import Condition


def _or_any(value: Any) -> Any:
    items = listed(value)
    return [] if [str(item).strip().lower() for item in items] == ["any"] else items


def _address(text: str) -> str:
    parse_address(text)
    return text


Domains = Annotated[
    tuple[Annotated[str, AfterValidator(_address)], ...],
    BeforeValidator(_or_any, json_schema_input_type=str | list[str]),
]
ContactKind = Literal["wechat", "qq", "phone", "telegram", "whatsapp", "email"]
ContactKinds = Annotated[tuple[ContactKind, ...], BeforeValidator(_or_any, json_schema_input_type=str | list[str])]


class Links(Condition):
    """The message has links: any, those `from` some domains, or those `not_from` them; below a domain counts as of it.

    ```yaml
    links: { not_from: [ourblog.example, t.me/ourgroup] }
    ```
    """

    step = "links"
    scalar = "from_"
    kinds = READABLE

    from_: Domains = Field(default=(), alias="from", description="Only links to these domains count; any: all do.")
    not_from: Domains = Field(default=(), description="Links to these domains do not count.")
    at_least: int = Field(default=1, ge=1)

    @model_validator(mode="after")
    def _is_one_list(self) -> Self:
        if self.from_ and self.not_from:
            raise ValueError("write from: or not_from:, not both")
        return self

    @cached_property
    def _listed(self) -> tuple[Address, ...]:
        return tuple(map(parse_address, self.from_ or self.not_from))

    def holds(self, event: Event, facts: Facts) -> bool:
        links = facts.reading.links
        return len(links) >= self.at_least and len(self._counted(links)) >= self.at_least

    def seen(self, event: Event, facts: Facts) -> list[str] | None:
        return [str(link)[:100] for link in self._counted(facts.reading.links)[:5]] or None

    def _counted(self, links: tuple[FoundLink, ...]) -> tuple[FoundLink, ...]:
        if not self._listed:
            return links
        wanted = bool(self.from_)
        return tuple(link for link in links if covered(link, self._listed) is wanted)


class InviteLinks(Condition):
    """The message has a link into another group or chat: t.me/+, joinchat, WhatsApp, Discord, QQ, WeChat.

    ```yaml
    invite_links: true
    ```
    """

    step = "invite_links"
    scalar = "present"
    kinds = READABLE

    present: bool = True

    def holds(self, event: Event, facts: Facts) -> bool:
        links = facts.reading.links
        return (bool(links) and any(map(is_invitation, links))) is self.present

    def seen(self, event: Event, facts: Facts) -> list[str] | None:
        return [str(link)[:100] for link in facts.reading.links if is_invitation(link)][:5] or None


class Contact(Condition):
    """The message gives a contact outside the group: any, or only some of wechat, qq, phone, telegram, whatsapp, email.

    ```yaml
    contact: [wechat, qq]
    ```
    """

    step = "contact"
    scalar = "of"
    kinds = READABLE

    of: ContactKinds = ()

    def holds(self, event: Event, facts: Facts) -> bool:
        contacts = facts.reading.contacts
        return bool(contacts) and (not self.of or any(contact.kind in self.of for contact in contacts))

    def seen(self, event: Event, facts: Facts) -> list[str] | None:
        return [str(c)[:80] for c in facts.reading.contacts if not self.of or c.kind in self.of] or None


class QrCode(Condition):
    """A picture of the message shows a QR code (where the platform's pictures are read).

    ```yaml
    qr_code: true
    ```
    """

    step = "qr_code"
    scalar = "present"
    kinds = MESSAGES

    present: bool = True

    def sees(self) -> bool:
        return True

    def holds(self, event: Event, facts: Facts) -> bool:
        return any(media.codes for media in facts.reading.shown) is self.present

    def seen(self, event: Event, facts: Facts) -> list[str] | None:
        return [code[:100] for media in facts.reading.shown for code in media.codes][:5] or None
