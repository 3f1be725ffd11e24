"""The words in which a sending service is described. A provider page holds facts only."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import product
from string import Formatter

from smtp.outcome import Security


class Category(StrEnum):
    """What kind of service a provider is."""

    TRANSACTIONAL = "transactional"
    MAILBOX = "mailbox"  # mail accounts of people, which can send as well
    RELAY = "relay"
    SELF_HOSTED = "self-hosted"
    TESTING = "testing"  # delivers nothing
    GENERIC = "generic"


class Confidence(StrEnum):
    """How far a fact can be trusted. What is not high is shown as uncertain."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True)
class Source:
    """Where facts come from: a page, the month it was read, and how far they can be trusted.

    `about` says in one sentence what is uncertain when the confidence is not high. The address is
    empty for what was seen in public zones or is common knowledge; `about` then says so.
    """

    url: str
    read: str  # year and month, such as "2026-10"
    confidence: Confidence = Confidence.HIGH
    about: str = ""


class Purpose(StrEnum):
    """What a DNS record is for."""

    CHALLENGE = "challenge"
    SPF = "spf"
    DKIM = "dkim"
    DMARC = "dmarc"
    RETURN_PATH = "return_path"
    MX = "mx"
    TRACKING = "tracking"
    CLIENT = "client"  # lets mail programs find their settings
    BIMI = "bimi"
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
    list, `labels` are their words where these do not speak for themselves. One that is not
    `required` may stay empty, and the records that need it are then left out. `when` names other
    inputs and the choices with which this one is asked for.
    """

    name: str
    label: str
    help: str = ""
    scope: Scope = Scope.DOMAIN
    required: bool = True
    pattern: str = ""
    choices: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    default: str = ""
    multiline: bool = False
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class RecordTemplate:
    """A record of a provider's recipe.

    `host` is relative to the sending domain, `@` being the domain itself. `host` and `value` may
    name inputs in braces, `{domain}`, and `{domain_dashes}` with a hyphen for each dot. A record
    whose inputs are empty is left out, and so is one whose `when` (inputs and the choices it
    belongs to) does not hold. `mechanisms` are the SPF mechanisms a record with `Match.SPF` must
    contain. `slips` are values published by mistake in place of the right one, each with its cause
    in a sentence; one that lacks an input is left out. A record is required (the provider refuses
    or rewrites mail without it), recommended, or, with `optional`, of use for one more feature or
    in one situation only.
    """

    purpose: Purpose
    type: str
    host: str
    value: str
    match: Match
    required: bool = True
    optional: bool = False
    priority: int | None = None
    mechanisms: tuple[str, ...] = ()
    slips: tuple[tuple[str, str], ...] = ()
    why: str = ""
    without: str = ""  # what happens when the record is not there
    note: str = ""
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    source: Source | None = None  # when it is not the page's own

    @property
    def placeholders(self) -> set[str]:
        """The names in braces, each of which needs a value before the record can be told."""
        texts = (self.host, self.value, *self.mechanisms)
        return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}


@dataclass(frozen=True)
class Limit:
    """How much may be sent, in words. `year` is when it was known to hold."""

    text: str
    year: str = ""
    source: Source | None = None


@dataclass(frozen=True)
class KnownError:
    """A reply of this provider, as its users quote it, with its cause and what to do."""

    reply: str
    cause: str
    fix: str
    source: Source | None = None


@dataclass(frozen=True)
class Shape:
    """What a value of this provider looks like, or with `wanted` false what it never is.

    `pattern` is a regular expression for the whole value of a form field without outer blanks.
    `message` is said when a value breaks the rule; of several rules for a field the first counts.
    """

    code: str
    field: str
    pattern: str
    message: str
    wanted: bool = True
    blocking: bool = False


@dataclass(frozen=True)
class Lint:
    """A remark about a setting that needs no network.

    `code` is stable, `field` a form field; `blocking` makes it an error, else it is a warning.
    """

    code: str
    field: str
    message: str
    blocking: bool = False


# A provider's own check of a setting. It is given the same values as `smtp.lints.lint`.
Check = Callable[[Mapping[str, str]], list[Lint]]
# Values computed from inputs, such as a digest of the account name. Returns more placeholders.
Compute = Callable[[Mapping[str, str]], dict[str, str]]


@dataclass(frozen=True)
class Provider:
    """A sending service as data. `host` may name an input in braces, such as `{region}`.

    `aliases` are other names people search for or other programs use. `fixed_username` is the
    user name of every account, `mechanism` the kind of AUTH to try first. `sender_is_login` says
    that the From address must be the account that logs in; `sends_for` names its own public mail
    domains, `bounces` where it takes bounces without a return path of one's own. `spf_nesting` is
    how many includes deep its checker looks for its mechanism, `spf_all` the end it demands,
    `replaced` its old SPF mechanisms with what took their place, `unneeded` those it asks for no
    longer; with `dkim_version` the checker demands v=DKIM1. `notice` tells of what is retired.
    """

    slug: str
    name: str
    summary: str
    host: str
    ports: tuple[Port, ...]
    recommended: Port
    username: str  # the rule in words: what the user name is
    password: str
    sender: str
    category: Category = Category.TRANSACTIONAL
    aliases: tuple[str, ...] = ()
    notice: str = ""
    sandbox: str = ""
    limits: tuple[Limit, ...] = ()
    inputs: tuple[Input, ...] = ()
    recipe: tuple[RecordTemplate, ...] = ()
    steps: tuple[str, ...] = ()
    pitfalls: tuple[str, ...] = ()
    errors: tuple[KnownError, ...] = ()
    headers: tuple[str, ...] = ()  # extra headers of the provider's own that are of use
    shapes: tuple[Shape, ...] = ()
    fixed_username: str = ""
    sender_is_login: bool = False
    sends_for: tuple[str, ...] = ()
    bounces: str = ""
    mechanism: str = ""
    tls_mandatory: bool = True
    spf_nesting: int | None = None
    spf_all: str = ""
    replaced: Mapping[str, str] = field(default_factory=dict)
    unneeded: tuple[str, ...] = ()
    dkim_version: bool = False
    domain_connect: tuple[str, ...] = ()  # templates in the public Domain Connect repository
    docs: str = ""
    activity: Source | None = None  # on its log: what became of a message
    suppressions: Source | None = None  # on its list of addresses that it writes to no more
    source: Source = field(default=Source(url="", read=""))
    further_sources: tuple[Source, ...] = ()
    check: Check | None = None
    compute: Compute = dict  # nothing more than what is known

    def inputs_for(
        self, scope: Scope, values: Mapping[str, str] | None = None
    ) -> tuple[Input, ...]:
        """Return the inputs asked for in one place, with `values` only those these call for."""
        asked = tuple(item for item in self.inputs if item.scope is scope)
        if values is None:
            return asked
        chosen = self.filled(values)
        return tuple(item for item in asked if _holds(item.when, chosen))

    def recipe_for(self, values: Mapping[str, str]) -> tuple[RecordTemplate, ...]:
        """Return the records that belong to the choices made among the inputs."""
        chosen = self.filled(values)
        return tuple(template for template in self.recipe if _holds(template.when, chosen))

    def filled(self, values: Mapping[str, str]) -> dict[str, str]:
        """Return these values, the inputs' defaults filling what is missing, and the computed."""
        defaults = {item.name: item.default for item in self.inputs}
        allowed = {item.name: item.choices for item in self.inputs if item.choices}
        given = {name: text for name, text in values.items() if text in allowed.get(name, (text,))}
        known = {**defaults, **{name: text for name, text in given.items() if text}}
        return {**known, **self.compute(known)}

    def host_for(self, inputs: Mapping[str, str]) -> str:
        """Return the host for these inputs, defaults filling what is missing."""
        return self.host.format_map(self.filled(inputs))

    def hosts(self) -> list[str]:
        """Return the host for each choice of a setting's inputs; `<name>` stands for free text."""
        asked = self.inputs_for(Scope.SETTING)
        marks = [item.choices or (f"<{item.name}>",) for item in asked]
        names = [item.name for item in asked]
        return [self.host_for(dict(zip(names, chosen, strict=True))) for chosen in product(*marks)]

    def is_own_host(self, host: str) -> bool:
        """Whether a host is one of the provider's, whatever the choices among the inputs are."""
        shapes = [re.escape(shape) for shape in self.hosts()]
        for item in self.inputs_for(Scope.SETTING):
            free = f"(?:{item.pattern or '[a-z0-9.-]+'})"
            shapes = [shape.replace(f"<{item.name}>", free) for shape in shapes]
        return any(re.fullmatch(shape, host, re.IGNORECASE) for shape in shapes)


def _holds(when: Mapping[str, tuple[str, ...]], chosen: Mapping[str, str]) -> bool:
    return all(chosen.get(name) in values for name, values in when.items())
