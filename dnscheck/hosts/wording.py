"""A record as it is typed into the form of a DNS host: name, value, and what to mind."""

from collections.abc import Iterator
from dataclasses import dataclass

from dnscheck.hosts.base import Appends, DnsHost, Dot, Part, Quotes

MOST_OCTETS = 255  # of one string of a TXT record (RFC 1035 section 3.3)
_TARGETS = ("CNAME", "MX")
_ADDED = {
    Appends.ALWAYS: "Type the name as it stands here: .{zone} is added to it.",
    Appends.UNLESS_ZONE: "Type the name as it stands here: .{zone} is added where it is missing.",
    Appends.UNLESS_DOT: (
        "Type the name as it stands here: .{zone} is added to every name without a dot at its end."
    ),
}


@dataclass(frozen=True)
class Typed:
    """One record as one host wants it.

    `name` is relative to the zone, and empty when the field is left empty. `priority` has a field
    of its own, or is None. `full_name` is what the name comes to, without a dot at its end.
    `alternative` is the same TXT value in its other spelling (one piece, or quoted parts) when it
    is not sure which one the form takes, else empty. `notes` are sentences for the admin.
    """

    name_label: str
    name: str
    value: str
    priority: int | None
    full_name: str
    alternative: str = ""
    notes: tuple[str, ...] = ()

    @property
    def leave_empty(self) -> bool:
        """Whether nothing is typed into the name field."""
        return not self.name


def typed(
    host: DnsHost, *, zone: str, name: str, type: str, value: str, priority: int | None
) -> Typed:
    """Return a TXT, CNAME or MX record as this host wants it.

    `zone` and `name` are full names, `value` is one text without quotes or the full name of a
    target. A name outside the zone stays a full one, with a dot at its end.
    """
    zone, name = zone.rstrip(".").lower(), name.rstrip(".").lower()
    shown, alternative = value, ""
    if type == "TXT":
        shown, alternative = _text(host, value)
    elif type in _TARGETS:
        shown = value.rstrip(".") + ("." if host.dot is Dot.REQUIRED else "")
    together = host.priority_in_value and priority is not None
    notes = [*_name_notes(host, zone, name)]
    if type == "TXT":
        notes += _text_notes(host, value, shown)
    elif type in _TARGETS:
        notes += _target_notes(host, zone)
    if together:
        notes.append("The priority stands before the mail server, in the same field.")
    if host.proxy and type == "CNAME":
        notes.append(
            "Set the proxy switch to “DNS only”: while it is on, the world sees addresses of "
            f"{host.name} in place of this CNAME."
        )
    return Typed(
        name_label=host.name_label,
        name=_name(host, zone, name),
        value=f"{priority} {shown}" if together else shown,
        priority=None if together else priority,
        full_name=name,
        alternative=alternative,
        notes=tuple(notes),
    )


def _name(host: DnsHost, zone: str, name: str) -> str:
    if name == zone:
        return host.apex.format(zone=zone)
    return name.removesuffix(f".{zone}") if name.endswith(f".{zone}") else f"{name}."


def _name_notes(host: DnsHost, zone: str, name: str) -> Iterator[str]:
    if name == zone:
        if Part.APEX in host.unsure:
            yield (
                f"For the domain itself a form wants @, an empty field or {zone}: take what this "
                "one accepts."
            )
    elif not name.endswith(f".{zone}"):
        yield f"{name} is no part of {zone}: add the record in the zone it belongs to."
    elif Part.NAME in host.unsure:
        yield f"Most forms add .{zone} to the name. If this one does not, type {name}."
    else:
        yield _ADDED[host.appends].format(zone=zone)


def _text(host: DnsHost, value: str) -> tuple[str, str]:
    """Return a TXT value as typed, and its other spelling if that may be the right one."""
    whole = _in_quotes(value, split=False) if host.quotes is Quotes.REQUIRED else value
    parts = _in_quotes(value, split=True)
    if not _is_long(value):
        return whole, ""
    first, second = (whole, parts) if host.splits else (parts, whole)
    return first, second if Part.LONG in host.unsure else ""


def _text_notes(host: DnsHost, value: str, shown: str) -> Iterator[str]:
    octets = len(value.encode())
    if shown != value:
        yield "The quotes belong to the value. Type all of it on one line, into one record."
    elif Part.QUOTES in host.unsure:
        yield "If the form refuses the value, put it in double quotes."
    if host.most_txt is not None and octets > host.most_txt:
        yield (
            f"{host.name} takes at most {host.most_txt:,} characters in this field, and the value "
            f"has {octets:,}. {host.too_long}"
        )
    elif _is_long(value) and Part.LONG in host.unsure:
        yield (
            f"The value is longer than {MOST_OCTETS} characters. If the form refuses it or cuts it "
            "off, use the other spelling."
        )


def _target_notes(host: DnsHost, zone: str) -> Iterator[str]:
    if Part.DOT in host.unsure:
        yield f"If the saved target ends in .{zone}, type it again with a dot at its end."
    elif host.dot is Dot.REQUIRED:
        yield "The dot at the end belongs to the target."


def _is_long(value: str) -> bool:
    return len(value.encode()) > MOST_OCTETS


def _in_quotes(value: str, *, split: bool) -> str:
    """Return a value as quoted strings, escaped as in a zone file (RFC 1035 section 5.1).

    No string is longer than 255 octets when it is to be split, counted with the escapes, for some
    hosts count these too.
    """
    strings, held = [""], 0
    for char in value:
        escaped = f"\\{char}" if char in '"\\' else char
        octets = len(escaped.encode())
        if split and held + octets > MOST_OCTETS:
            strings.append("")
            held = 0
        strings[-1] += escaped
        held += octets
    return " ".join(f'"{string}"' for string in strings)
