"""Reads exports back as the tools do they are written for, so that a test can compare."""

import csv
import io
import json
import re
from collections.abc import Callable
from typing import Any

import dns.rdata
import dns.rdatatype
import dns.zone
import hcl2
import yaml

Row = tuple[str, str, int | None, str]  # name, type, priority of an MX record, value
Rows = list[Row]


def _absolute(name: str, zone: str) -> str:
    """Return a name of the zone in full; `@` and nothing are the zone itself."""
    return zone if name in ("", "@") else f"{name}.{zone}"


def _host(text: str) -> str:
    """Return a host that was told as absolute."""
    assert text.endswith("."), f"{text} is relative"
    return text.removesuffix(".")


def _txt(text: str) -> str:
    """Return the joined strings of a TXT record as zone files write it."""
    rdata: Any = dns.rdata.from_text("IN", "TXT", text)
    return b"".join(rdata.strings).decode("ascii")


def _numbered(text: str) -> tuple[int, str]:
    """Return number and host of an MX value."""
    number, host = text.split(" ")
    return int(number), host


def table(text: str, _zone: str) -> Rows:
    """Read the columns where the headings say they begin."""
    lines = text.split("\n\n")[1].splitlines()
    start = lines[0].index("VALUE")
    rows: Rows = []
    for line in lines[1:]:
        type, name, _need = line[:start].split()
        priority, value = _numbered(line[start:]) if type == "MX" else (None, line[start:])
        rows.append((name, type, priority, value))
    return rows


def bind(text: str, zone: str) -> Rows:
    """Read the lines below an `$ORIGIN` that must not matter."""
    read = dns.zone.from_text(
        f"$ORIGIN elsewhere.{zone}.\n{text}", origin=zone, relativize=False, check_origin=False
    )
    rows: Rows = []
    for name, _ttl, rdata in read.iterate_rdatas():
        type = dns.rdatatype.to_text(rdata.rdtype)
        shown = rdata.to_text()
        if type == "MX":
            number, host = _numbered(shown)
            rows.append((_host(name.to_text()), type, number, _host(host)))
        else:
            value = _txt(shown) if type == "TXT" else _host(shown)
            rows.append((_host(name.to_text()), type, None, value))
    return rows


def terraform_blocks(text: str, kind: str) -> dict[str, dict[str, Any]]:
    """Return the resources of one kind by their name, with literals as what they mean.

    python-hcl2 wants a closing brace after `$${`, which Terraform does not: the same is written
    in another way first. A `${` that is left would be a template.
    """
    text = text.replace("$${", "\\u0024{").replace("%%{", "\\u0025{")
    read: Any = hcl2.loads(text)
    assert read["variable"] == [{'"zone_id"': read["variable"][0]['"zone_id"']}]
    blocks: dict[str, dict[str, Any]] = {}
    for resource in read.get("resource", []):
        ((found, named),) = resource.items()
        ((name, block),) = named.items()
        assert found == f'"{kind}"'
        assert json.loads(name) not in blocks, f"{name} is there twice"
        assert block["zone_id"] == "${var.zone_id}"
        blocks[json.loads(name)] = {key: _literal(value) for key, value in block.items()}
    return blocks


def _literal(value: Any) -> Any:
    if isinstance(value, list):
        return [_literal(item) for item in value]
    if not isinstance(value, str) or not value.startswith('"'):
        return value
    assert not re.search(r"[$%]\{", value), f"{value} is a template"
    return json.loads(value)


def cloudflare(text: str, _zone: str) -> Rows:
    """Read resources of one record each; a TXT record is zone-file strings."""
    rows: Rows = []
    for block in terraform_blocks(text, "cloudflare_dns_record").values():
        assert block["proxied"] is False
        is_txt = block["type"] == "TXT"
        value = _txt(block["content"]) if is_txt else block["content"]
        rows.append((block["name"], block["type"], block.get("priority"), value))
    return rows


def route53(text: str, _zone: str) -> Rows:
    """Read resources of one record set each; the provider puts quotation marks around a TXT."""
    rows: Rows = []
    sets = set()
    for block in terraform_blocks(text, "aws_route53_record").values():
        name, type = block["name"], block["type"]
        assert (name, type) not in sets, f"{name} {type} has two record sets"
        sets.add((name, type))
        for value in block["records"]:
            if type == "MX":
                rows.append((name, type, *_numbered(value)))
            else:
                rows.append((name, type, None, _txt(f'"{value}"') if type == "TXT" else value))
    return rows


def octodns(text: str, zone: str) -> Rows:
    """Read the YAML, then TXT values as octoDNS's record type does."""
    rows: Rows = []
    for name, types in (yaml.safe_load(text) or {}).items():
        for entry in types:
            assert list(entry) == sorted(entry), "octoDNS refuses keys that are out of order"
            values = entry["values"] if "values" in entry else [entry["value"]]
            for value in values:
                row = _absolute(name, zone), entry["type"]
                if entry["type"] == "MX":
                    rows.append((*row, value["preference"], _host(value["exchange"])))
                elif entry["type"] == "TXT":
                    rows.append((*row, None, _octodns_txt(value)))
                else:
                    rows.append((*row, None, _host(value)))
    return rows


def _octodns_txt(value: str) -> str:
    assert not re.search(r"(?<!\\);", value), "octoDNS refuses a semicolon without a backslash"
    if value.startswith('"'):
        value = value[1:-1]
    return value.replace('" "', "").replace("\\;", ";")


def dnscontrol(text: str, zone: str) -> Rows:
    """Read the one statement strictly: a call a line, its arguments JSON but for the TTL."""
    code = [line for line in text.splitlines() if line and not line.lstrip().startswith("//")]
    rows: Rows = []
    assert re.fullmatch(rf'D_EXTEND\("{re.escape(zone)}",?', code[0])
    assert code[-1] == ");"
    for number, line in enumerate(code[1:-1], start=1):
        end = "," if number < len(code) - 2 else ""
        call = re.fullmatch(rf"  (TXT|CNAME|MX)\((.*), TTL\(\d+\)\){end}", line)
        assert call, f"{line} is no call"
        name, *priority, value = json.loads(f"[{call[2]}]")
        shown = value if call[1] == "TXT" else _host(value)
        rows.append((_absolute(name, zone), call[1], priority[0] if priority else None, shown))
    return rows


def domain_connect(text: str, zone: str) -> Rows:
    """Read the template; an SPFM record becomes what a host without other rules publishes."""
    rows: Rows = []
    for record in json.loads(text)["records"]:
        name, type = _absolute(record["host"], zone), record["type"]
        if type == "SPFM":
            rows.append((name, "TXT", None, f"v=spf1 {record['spfRules']} ~all"))
        else:
            value = record["data"] if type == "TXT" else record["pointsTo"]
            rows.append((name, type, record.get("priority"), value))
    return rows


def spreadsheet(text: str, _zone: str) -> Rows:
    """Read the table, taking one apostrophe away from each cell that begins with one."""
    rows: Rows = []
    for line in csv.DictReader(io.StringIO(text, newline=""), strict=True):
        cells = {key: cell.removeprefix("'") for key, cell in line.items()}
        priority = int(cells["priority"]) if cells["priority"] else None
        rows.append((cells["name"], cells["type"], priority, cells["value"]))
    return rows


def letter(text: str, zone: str) -> Rows:
    """Read the numbered items as a person does."""
    rows: Rows = []
    for item in re.findall(r"^\d+\. .*\n(?:   .*\n?)+", text, re.MULTILINE):
        heading, *lines = item.splitlines()
        type = heading.split()[1]
        given = {line[3:16].strip(): line[16:] for line in lines}
        assert _absolute(given["In the zone:"], zone) == given["Name:"]
        priority = int(given["Priority:"]) if "Priority:" in given else None
        rows.append((given["Name:"], type, priority, given["Value:"]))
    return rows


READERS: dict[str, Callable[[str, str], Rows]] = {
    "table": table,
    "bind": bind,
    "terraform-cloudflare": cloudflare,
    "terraform-route53": route53,
    "octodns": octodns,
    "dnscontrol": dnscontrol,
    "domain-connect": domain_connect,
    "csv": spreadsheet,
    "mail": letter,
}
