"""How advertisements are told apart: the `ads` section, for all groups and, over it, for a single one."""

from datetime import timedelta
from ipaddress import ip_address
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, InstanceOf, WithJsonSchema, model_validator

from rules.detectors.settings import SENSITIVITY, AdSettings, Trust
from rules.durations import Duration
from rules.folding import fold
from rules.links import is_shared, parse_address
from rules.section import Section, Strings, listed


def _address(text: str) -> str:
    address = parse_address(text)
    if not address.path and is_shared(address.host):
        raise ValueError(f"`{text}` would allow everybody's links; write one such as example.com or t.me/ourgroup")
    return text


def _member(text: str) -> str:
    platform, _, name = text.partition(":")
    if not platform or not name or any(sign.isspace() for sign in text):
        raise ValueError(f"`{text}` is no id; write one such as telegram:258319")
    return text


def _phrase(text: str) -> str:
    if len(fold(text).strip()) < 2:
        raise ValueError(f"`{text}` would allow nearly everything; write a phrase of two letters or more")
    return text


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or any(sign.isspace() for sign in text):
        raise ValueError(f"`{text}` is no address; write one such as https://api.example.com/v1")
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise ValueError("write the address alone, without a password, `?` or `#`; the key belongs under `key:`")
    return text.rstrip("/")


def _is_near(url: str) -> bool:
    """Whether an address is on this machine or in a network of one's own."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith((".local", ".internal", ".lan", ".localhost"))


_SHORTEST_WAIT, _LONGEST_WAIT = timedelta(seconds=1), timedelta(seconds=60)
Url = Annotated[str, AfterValidator(_url)]
Links = Annotated[tuple[Annotated[str, AfterValidator(_address)], ...], Field()]
Members = Annotated[
    tuple[Annotated[str, AfterValidator(_member)], ...],
    BeforeValidator(listed, json_schema_input_type=str | list[str]),
]
Phrases = Annotated[tuple[Annotated[str, AfterValidator(_phrase)], ...], Field()]


class AllowSpec(Section):
    """What is no advertisement here, whatever it looks like."""

    links: Links = Field(default=(), description="Domains and addresses of your own: ourblog.example, t.me/ourgroup.")
    phrases: Phrases = Field(
        default=(), description="Words of your own, such as the name of your market: they excuse no foreign contact."
    )
    members: Members = Field(default=(), description="Platform-qualified ids, such as telegram:258319.")


class TrustSpec(Section):
    """What earns trust. It covers ordinary words: never links, contacts, codes, forwards, edits."""

    messages: int = Field(default=5, ge=1, description="At least so many messages that say something.")
    active_days: int = Field(default=3, ge=1, description="On at least so many days.")
    days_in_group: int = Field(default=3, ge=0, description="After at least so many days here.")


class SecondOpinionSpec(Section):
    """A language model that is asked where the detector is unsure. Off unless it is written."""

    url: Url = Field(description="The address of an OpenAI-compatible service, up to and with /v1.")
    model: str = Field(min_length=1, description="The model's name there.")
    key: Annotated[InstanceOf[str], WithJsonSchema({"type": "string"})] = Field(
        default="", repr=False, description='The key, from the environment: "${OPINION_KEY}".'
    )
    from_: float = Field(default=0.3, ge=0, le=1, alias="from", description="From this probability on it is asked,")
    to: float = Field(default=0.99, ge=0, le=1, description="and up to this one.")
    wait: Duration = Field(
        default=timedelta(seconds=10),
        description="How long an answer is waited for, and nothing done to the message: 60s at most.",
    )
    at_most: int = Field(
        default=200, ge=0, description="How many questions a day (UTC); the rest are left to the detector."
    )

    @model_validator(mode="after")
    def _is_a_band(self) -> "SecondOpinionSpec":
        if self.from_ >= self.to:
            raise ValueError("`from` must be below `to`")
        return self

    @model_validator(mode="after")
    def _can_be_asked(self) -> "SecondOpinionSpec":
        if not _SHORTEST_WAIT <= self.wait <= _LONGEST_WAIT:
            raise ValueError("wait at least 1s and at most 60s")
        if self.key and self.url.startswith("http://") and not _is_near(self.url):
            raise ValueError("the key would travel in the clear; write https://")
        if not self.key.isascii() or not self.key.isprintable():
            raise ValueError("the key is damaged; it is plain letters, digits and signs on one line")
        return self


class GroupAdsSpec(Section):
    """How advertisements are told apart in one group; what is not written is as under `ads:`."""

    sensitivity: Literal["low", "normal", "high"] | None = Field(
        default=None, description="low: more evidence is asked for before anything is done; high: less."
    )
    marketplace: bool | None = Field(default=None, description="Prices and offers are what this group is for.")
    allow: AllowSpec | None = Field(default=None, description="Besides what is allowed everywhere.")
    windows: Strings | None = Field(default=None, description="Names under `windows:` when advertisements are welcome.")
    cold_start: int | None = Field(
        default=None, ge=0, description="Ordinary messages to be seen before anything is done about advertisements."
    )
    trust: TrustSpec | Literal["nobody"] | None = Field(default=None, description="What earns trust here.")


class AdsSpec(Section):
    """How advertisements are told apart; rules say what follows (`ad: likely`, `ad: certain`)."""

    sensitivity: Literal["low", "normal", "high"] = Field(
        default="normal", description="low: more evidence is asked for before anything is done; high: less."
    )
    marketplace: Strings = Field(
        default=(), description="Groups (names, or tag:NAME) where prices and offers are what they are for."
    )
    allow: AllowSpec = Field(default=AllowSpec(), description="What is no advertisement, whatever it looks like.")
    windows: Strings = Field(default=(), description="Names under `windows:` when advertisements are welcome.")
    cold_start: int = Field(
        default=200,
        ge=0,
        description="Ordinary messages of a group to be seen before anything is done about advertisements there; until "
        "then staff are told what would be done.",
    )
    trust: TrustSpec | Literal["nobody"] = Field(default=TrustSpec(), description="What earns trust, or nobody.")
    share_between_groups: bool = Field(
        default=False, description="What staff of at least two of your groups teach alike counts in the others, too."
    )
    pictures: bool = Field(
        default=True, description="Read codes in pictures, and their text where the extra `ocr` is installed."
    )
    second_opinion: SecondOpinionSpec | None = Field(default=None, description="Empty: nobody else is asked.")


def ad_settings(spec: AdsSpec, own: GroupAdsSpec | None, *, marketplace: bool) -> AdSettings:
    """What holds in one group; ``marketplace`` is whether the whole file calls it one."""
    own = own or GroupAdsSpec()
    allow, here = spec.allow, own.allow or AllowSpec()
    trust = own.trust or spec.trust
    return AdSettings(
        shift=SENSITIVITY[own.sensitivity or spec.sensitivity],
        marketplace=marketplace if own.marketplace is None else own.marketplace,
        allowed_links=tuple(map(parse_address, (*allow.links, *here.links))),
        allowed_phrases=tuple(fold(phrase) for phrase in (*allow.phrases, *here.phrases)),
        allowed_members=frozenset((*allow.members, *here.members)),
        windows=spec.windows if own.windows is None else own.windows,
        cold_start=spec.cold_start if own.cold_start is None else own.cold_start,
        trust=Trust(trust.messages, trust.active_days, trust.days_in_group) if isinstance(trust, TrustSpec) else None,
        shares=spec.share_between_groups,
        reads_pictures=spec.pictures,
    )
