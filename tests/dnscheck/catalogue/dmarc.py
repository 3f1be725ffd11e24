"""DMARC policies that are not read, not followed, or ask for what cannot be kept."""

from smtp.providers.base import Purpose
from tests.dnscheck.catalogue.mistake import (
    GOOD,
    IONOS,
    RESEND,
    SCALEWAY,
    SENDGRID,
    Mistake,
    mistake,
    text,
)

# The provider wants a policy to be there; any will do.
RIGHT = "v=DMARC1; p=none"


def policy(about: str, value: str, *codes: str, says: str = "") -> Mistake:
    """Return a policy that receivers cannot read."""
    return mistake(about, SCALEWAY, Purpose.DMARC, text("_dmarc", value), *codes, says=says)


def tolerated(about: str, value: str, *codes: str) -> Mistake:
    """Return a policy that receivers read, and that is not what it should be."""
    return mistake(about, SCALEWAY, Purpose.DMARC, text("_dmarc", value), *codes, result=GOOD)


def reporting(about: str, zone: str, code: str, says: str = "") -> Mistake:
    """Return a policy with reports to a host that has not agreed, and takes mail."""
    return Mistake(
        about,
        SCALEWAY,
        (Purpose.DMARC,),
        text("_dmarc", "v=DMARC1; p=none; rua=mailto:dmarc@reports.elsewhere.example") + zone,
        (code,),
        GOOD,
        says=says,
        others={"elsewhere.example": "reports A 192.0.2.25\n"},
    )


MISTAKES = (
    mistake(
        "the policy at the domain itself",
        SCALEWAY,
        Purpose.DMARC,
        text("@", RIGHT),
        "dmarc.at-apex",
    ),
    mistake(
        "two policies",
        SCALEWAY,
        Purpose.DMARC,
        text("_dmarc", RIGHT) + text("_dmarc", "v=DMARC1; p=reject"),
        "dmarc.two-records",
    ),
    policy("the version behind the policy", "p=none; v=DMARC1", "dmarc.version"),
    policy("a version without its number", "v=DMARC; p=none", "dmarc.version"),
    policy("the version in small letters", "v=dmarc1; p=none", "dmarc.version"),
    tolerated("no policy in the policy", "v=DMARC1; rua=mailto:dmarc@{domain}", "dmarc.no-policy"),
    policy("neither a policy nor reports", "v=DMARC1", "dmarc.no-policy"),
    policy(
        "a line of a zone file as the policy",
        "_dmarc IN TXT v=DMARC1; p=none",
        "dmarc.zone-file-text",
    ),
    policy(
        "a line of a zone file with quotation marks as the policy",
        '_dmarc.{domain}. 3600 IN TXT "v=DMARC1; p=reject; rua=mailto:dmarc@{domain}"',
        "dmarc.zone-file-text",
    ),
    policy("the target of an alias as the policy", "dmarc.vendor.example", "dmarc.names-host"),
    policy("a policy misspelt", "v=DMARC1; p=quarentine", "dmarc.bad-policy"),
    tolerated("words between the tags", "v=DMARC1; p=reject; all mail", "dmarc.no-tag"),
    tolerated(
        "two policies in one text",
        "v=DMARC1; p=none; rua=mailto:dmarc@{domain} v=DMARC1; p=reject",
        "dmarc.duplicate-tag",
    ),
    tolerated(
        "no equals sign before the address",
        "v=DMARC1; p=none; rua mailto:dmarc@{domain}",
        "dmarc.equals-sign",
    ),
    tolerated(
        "a semicolon for the colon of an address",
        "v=DMARC1; p=none; rua=mailto;dmarc@{domain}",
        "dmarc.rua-address",
    ),
    tolerated(
        "reports to a web address", "v=DMARC1; p=none; rua=https://{domain}/", "dmarc.rua-no-mail"
    ),
    tolerated("the obsolete tag that asks for all mail", "v=DMARC1; p=reject; pct=100"),
    tolerated(
        "subdomains that exist treated more gently",
        "v=DMARC1; p=reject; sp=none; np=reject",
        "dmarc.weak-subdomains",
    ),
    policy("a policy that does not exist", "v=DMARC1; p=monitor", "dmarc.bad-policy"),
    policy("no semicolon behind the version", "v=DMARC1 p=none", "dmarc.semicolon"),
    policy(
        "no semicolon behind the policy word",
        "v=DMARC1; p=none rua=mailto:dmarc@{domain}",
        "dmarc.semicolon",
    ),
    tolerated(
        "a share of the mail",
        "v=DMARC1; p=reject; pct=20; rua=mailto:dmarc@{domain}",
        "dmarc.percentage",
    ),
    tolerated(
        "tags that are obsolete",
        "v=DMARC1; p=reject; rf=afrf; ri=86400; rua=mailto:dmarc@{domain}",
        "dmarc.obsolete-tags",
    ),
    tolerated(
        "a domain that calls itself a registry", "v=DMARC1; p=reject; psd=y", "dmarc.registry-flag"
    ),
    tolerated("an alignment in words", "v=DMARC1; p=reject; adkim=relaxed", "dmarc.bad-value"),
    tolerated("a tag that comes twice", "v=DMARC1; p=reject; p=reject", "dmarc.duplicate-tag"),
    tolerated(
        "names that do not exist left open",
        "v=DMARC1; p=reject; np=none",
        "dmarc.weak-subdomains",
    ),
    tolerated("a policy on trial", "v=DMARC1; p=reject; t=y", "dmarc.test-mode"),
    tolerated("no care for subdomains", "v=DMARC1; p=reject; sp=none", "dmarc.weak-subdomains"),
    tolerated(
        "reports to an address without mailto",
        "v=DMARC1; p=none; rua=dmarc@{domain}",
        "dmarc.rua-scheme",
    ),
    tolerated(
        "a semicolon between two addresses",
        "v=DMARC1; p=none; rua=mailto:a@{domain};mailto:b@{domain}",
        "dmarc.rua-separator",
    ),
    tolerated(
        "a blank between two addresses",
        "v=DMARC1; p=none; rua=mailto:a@{domain} mailto:b@{domain}",
        "dmarc.rua-separator",
    ),
    tolerated(
        "an address in brackets",
        "v=DMARC1; p=none; rua=mailto:<dmarc@{domain}>",
        "dmarc.rua-address",
    ),
    tolerated(
        "a limit of size behind an address",
        "v=DMARC1; p=none; rua=mailto:dmarc@{domain}!10m",
        "dmarc.obsolete-tags",
    ),
    reporting("reports to somebody who has not agreed", "", "dmarc.reports-not-authorised"),
    reporting(
        "the agreement to reports in the wrong zone",
        text("{domain}._report._dmarc.reports.elsewhere.example", "v=DMARC1"),
        "dmarc.reports-not-authorised",
        says="in your own zone instead",
    ),
    tolerated(
        "reports to a host that takes no mail",
        "v=DMARC1; p=none; rua=mailto:dmarc@nowhere.{domain}",
        "dmarc.reports-no-mailbox",
    ),
    Mistake(
        "strict alignment with a return path below the domain",
        RESEND,
        (Purpose.DKIM, Purpose.DMARC),
        text("_dmarc", "v=DMARC1; p=reject; aspf=s"),
        ("dkim.missing", "dmarc.strict-alignment"),
    ),
    mistake(
        "strict alignment that mail passes by its key",
        RESEND,
        Purpose.DMARC,
        text("_dmarc", "v=DMARC1; p=reject; adkim=s; aspf=s"),
        result=GOOD,
    ),
    mistake(
        "a token beside the policy",
        SCALEWAY,
        Purpose.DMARC,
        text("_dmarc", RIGHT) + text("_dmarc", "some-verification=12345678"),
        "dmarc.unrelated-text",
        result=GOOD,
    ),
    mistake(
        "a wildcard token where the policy belongs",
        SCALEWAY,
        Purpose.DMARC,
        text("*", "some-verification=12345678"),
        "host.wildcard",
    ),
    policy("a blank before the policy", " v=DMARC1; p=none", "dmarc.version"),
    policy("a policy in quotation marks", '"v=DMARC1; p=none"', "dmarc.quotes-inside"),
    policy("a policy with backslashes", "v=DMARC1\\; p=none\\;", "dmarc.escaped-semicolons"),
    Mistake(
        "a policy shared with others",
        SCALEWAY,
        (Purpose.DMARC,),
        "_dmarc CNAME dmarc.ionos.mx.\n",
        ("dmarc.shared-policy",),
        GOOD,
        others={"ionos.mx": text("dmarc", RIGHT)},
    ),
    Mistake(
        "the policy of another domain",
        SCALEWAY,
        (Purpose.DMARC,),
        "_dmarc CNAME _dmarc.corp2.example.\n",
        ("dmarc.policy-elsewhere",),
        GOOD,
        others={"corp2.example": text("_dmarc", "v=DMARC1; p=reject")},
    ),
    Mistake(
        "a policy of ones own behind an alias",
        SCALEWAY,
        (Purpose.DMARC,),
        "_dmarc CNAME _dmarc.policies\n" + text("_dmarc.policies", "v=DMARC1; p=reject"),
        (),
        GOOD,
    ),
    Mistake(
        "the policy of an alias for all names",
        SCALEWAY,
        (Purpose.DMARC,),
        "* CNAME all.vendor9.example.\n",
        ("host.wildcard",),
        GOOD,
        others={"vendor9.example": text("all", RIGHT)},
    ),
    Mistake(
        "a policy of ones own in place of the one IONOS shares",
        IONOS,
        (Purpose.DMARC,),
        text("_dmarc", "v=DMARC1; p=reject; rua=mailto:dmarc@{domain}"),
        (),
        GOOD,
        inputs={"dmarc": "shared"},
    ),
    Mistake(
        "a misspelt policy in place of the one IONOS shares",
        IONOS,
        (Purpose.DMARC,),
        text("_dmarc", "v=DMARC1; p=rejct"),
        ("dmarc.bad-policy",),
        GOOD,
        inputs={"dmarc": "shared"},
    ),
    Mistake(
        "a policy at a service that was cancelled",
        SCALEWAY,
        (Purpose.DMARC,),
        "_dmarc CNAME {domain}.cancelled.example.\n",
        ("dmarc.dead-alias",),
        others={"cancelled.example": ""},
    ),
    Mistake(
        "a strict policy before the keys are there",
        SENDGRID,
        (Purpose.DKIM, Purpose.DMARC, Purpose.RETURN_PATH),
        text("_dmarc", "v=DMARC1; p=reject"),
        ("cname.missing", "dmarc.too-strict-yet"),
    ),
    tolerated("neither action nor reports", "v=DMARC1; p=none; fo=1", "dmarc.no-reports"),
    Mistake(
        "a subdomain under the policy of its organization",
        SENDGRID,
        (Purpose.DMARC,),
        text("_dmarc.{top}.", "v=DMARC1; p=none; rua=mailto:dmarc@{top}") + "{top}. A 192.0.2.80\n",
        ("dmarc.inherited",),
        GOOD,
        below="news",
        says="The DMARC policy of _dmarc.a-subdomain-under-the-policy-of-its-organization.example",
    ),
)
