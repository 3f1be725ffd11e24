"""The words in which a sending service is described. A provider page holds facts only."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from smtp.outcome import Security


class Purpose(StrEnum):
    """What a DNS record is for."""

    CHALLENGE = "challenge"
    SPF = "spf"
    DKIM = "dkim"
    DMARC = "dmarc"
    RETURN_PATH = "return_path"
    MX = "mx"
    TRACKING = "tracking"
    ADDED = "added"  # put in by hand


class Match(StrEnum):
    """When a published record counts as the one wanted."""

    EXACT = "exact"  # the joined TXT value, letter for letter, outer blanks aside
    SPF = "spf"  # the single v=spf1 record contains these mechanisms (RFC 7208)
    DKIM_KEY = "dkim_key"  # tag p holds the same key (RFC 6376), other tags are free
    DMARC = "dmarc"  # one valid policy (RFC 9989); the value is a suggestion
    CNAME = "cname"
    MX = "mx"  # this host is among the MX hosts
    MX_ONLY = "mx_only"  # this host is the only MX host


@dataclass(frozen=True)
class Port:
    """One port a provider documents, and how it is protected."""

    number: int
    security: Security


class Scope(StrEnum):
    """Where an input is asked for."""

    SETTING = "setting"  # beside host and port, such as the region of the endpoint
    DOMAIN = "domain"  # with the DNS records, such as a DKIM key from the console


@dataclass(frozen=True)
class Input:
    """Something only the provider's console knows, pasted by an admin.

    `pattern` is a regular expression the whole value must match; `choices` restricts it to a
    list. `default` may be empty. An input that is not `required` may stay empty, and the records
    that need it are then left out.
    """

    name: str
    label: str
    help: str = ""
    scope: Scope = Scope.DOMAIN
    required: bool = True
    pattern: str = ""
    choices: tuple[str, ...] = ()
    default: str = ""
    multiline: bool = False


@dataclass(frozen=True)
class RecordTemplate:
    """A record of a provider's recipe.

    `host` is relative to the sending domain, `@` being the domain itself. `host` and `value` may
    name inputs in braces, and `{domain}`. A record whose inputs are empty is left out.
    `mechanisms` are the SPF mechanisms a record with `Match.SPF` must contain.
    """

    purpose: Purpose
    type: str
    host: str
    value: str
    match: Match
    required: bool = True
    priority: int | None = None
    mechanisms: tuple[str, ...] = ()
    why: str = ""
    without: str = ""  # what happens when the record is not there
    note: str = ""


@dataclass(frozen=True)
class Source:
    """Where a page's facts come from, and how far they can be trusted."""

    url: str
    read: str  # year and month, such as "2026-10"
    confidence: str = "high"  # high, medium or low


@dataclass(frozen=True)
class Lint:
    """A remark about a setting that needs no network.

    `code` is stable; `field` is the form field it belongs to; `blocking` makes it a form error,
    otherwise it is shown as a warning and the setting can be saved.
    """

    code: str
    field: str
    message: str
    blocking: bool = False


# A provider's own check of a setting. It is given host, port, security, username, password (the
# new one as typed, or empty when it is kept), from_address and the inputs, all as text.
Check = Callable[[Mapping[str, str]], list[Lint]]
# Values computed from inputs, such as a digest of the account name. Returns more placeholders.
Compute = Callable[[Mapping[str, str]], dict[str, str]]


def nothing_to_check(_values: Mapping[str, str]) -> list[Lint]:
    """Find nothing: the default of `Provider.check`."""
    return []


def nothing_to_compute(_values: Mapping[str, str]) -> dict[str, str]:
    """Compute nothing: the default of `Provider.compute`."""
    return {}


@dataclass(frozen=True)
class Provider:
    """A sending service as data. `host` may name an input in braces, such as `{region}`."""

    slug: str
    name: str
    summary: str
    host: str
    ports: tuple[Port, ...]
    recommended: Port
    username: str  # the rule in words: what the user name is
    password: str
    sender: str
    sandbox: str = ""
    limits: tuple[str, ...] = ()
    inputs: tuple[Input, ...] = ()
    recipe: tuple[RecordTemplate, ...] = ()
    steps: tuple[str, ...] = ()
    pitfalls: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()  # extra headers of the provider's own that are of use
    tls_mandatory: bool = True
    spf_nesting: int | None = None  # how deep the provider's own checker follows includes
    docs: str = ""
    source: Source = field(default=Source(url="", read=""))
    check: Check = nothing_to_check
    compute: Compute = nothing_to_compute

    def inputs_for(self, scope: Scope) -> tuple[Input, ...]:
        """Return the inputs asked for in one place."""
        return tuple(item for item in self.inputs if item.scope is scope)

    def host_for(self, inputs: Mapping[str, str]) -> str:
        """Return the host for these inputs, defaults filling what is missing."""
        values = {item.name: inputs.get(item.name) or item.default for item in self.inputs}
        return self.host.format_map(values)
