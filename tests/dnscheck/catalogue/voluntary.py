"""What nobody requires and many publish: TLS-RPT, MTA-STS and BIMI with a mistake in them."""

from smtp.providers.base import Purpose
from tests.dnscheck.catalogue.mistake import GOOD, SCALEWAY, Mistake, text

ACTING = text("_dmarc", "v=DMARC1; p=reject")
SHOWN = "v=BIMI1; l=https://{domain}/logo.svg; a=https://{domain}/logo.pem"
POLICY = "v=STSv1; id=20260101;"
POLICY_HOST = "mta-sts A 192.0.2.80\n@ MX 10 mx\nmx A 192.0.2.25\n"
REPORTS = "v=TLSRPTv1; rua=mailto:tls@{domain}"


def beside(about: str, zone: str, *codes: str, says: str = "") -> Mistake:
    """Return a good domain with a policy that acts, and something of its own beside it."""
    return Mistake(about, SCALEWAY, (Purpose.DMARC,), ACTING + zone, codes, GOOD, says=says)


def reports(about: str, value: str, *codes: str) -> Mistake:
    """Return a TLS-RPT record."""
    return beside(about, text("_smtp._tls", value), *codes)


def policy(about: str, value: str, *codes: str) -> Mistake:
    """Return an MTA-STS record, its policy on a web server."""
    return beside(about, POLICY_HOST + text("_mta-sts", value), *codes)


def logo(about: str, value: str, *codes: str, says: str = "") -> Mistake:
    """Return a BIMI record."""
    return beside(about, text("default._bimi", value), *codes, says=says)


MISTAKES = (
    reports(
        "TLS reports to an address without mailto",
        "v=TLSRPTv1; rua=tls@{domain}",
        "tlsrpt.rua-scheme",
    ),
    reports(
        "TLS reports to addresses with a semicolon between",
        f"{REPORTS}; mailto:b@{{domain}}",
        "tlsrpt.rua-separator",
    ),
    reports(
        "TLS reports with an escaped semicolon",
        REPORTS.replace(";", "\\;"),
        "tlsrpt.escaped-semicolons",
    ),
    reports("TLS reports in quotation marks", f'"{REPORTS}"', "tlsrpt.quotes-inside"),
    reports(
        "TLS reports with the version last", "rua=mailto:tls@{domain}; v=TLSRPTv1", "tlsrpt.version"
    ),
    reports("TLS reports to nobody", "v=TLSRPTv1;", "tlsrpt.no-address"),
    beside(
        "TLS reports asked for twice",
        text("_smtp._tls", REPORTS) + text("_smtp._tls", "v=TLSRPTv1; rua=mailto:b@{domain}"),
        "tlsrpt.two-records",
    ),
    beside("TLS reports asked for at the domain", text("@", REPORTS), "tlsrpt.misplaced"),
    beside(
        "TLS reports asked for without the first label",
        text("_tls", REPORTS) + text("default._bimi", SHOWN),
        "tlsrpt.misplaced",
        says="instead of _smtp._tls.",
    ),
    policy("an MTA-STS id with hyphens", "v=STSv1; id=2026-01-01", "mtasts.bad-id"),
    policy("an MTA-STS record without an id", "v=STSv1;", "mtasts.no-id"),
    policy("an MTA-STS record without a semicolon", "v=STSv1 id=1", "mtasts.separators"),
    beside(
        "two MTA-STS records",
        POLICY_HOST + text("_mta-sts", POLICY) + text("_mta-sts", "v=STSv1; id=2"),
        "mtasts.two-records",
    ),
    beside(
        "an MTA-STS policy on no web server",
        f"@ MX 10 mx\nmx A 192.0.2.25\n{text('_mta-sts', POLICY)}",
        "mtasts.no-host",
        says="neither an A nor an AAAA record",
    ),
    beside(
        "an MTA-STS policy on a web server that is gone",
        f"@ MX 10 mx\nmx A 192.0.2.25\nmta-sts CNAME gone\n{text('_mta-sts', POLICY)}",
        "mtasts.no-host",
        says="a CNAME to gone.",
    ),
    Mistake(
        "an MTA-STS record without a mail server",
        SCALEWAY,
        (Purpose.DMARC, Purpose.MX),
        f"{ACTING}mta-sts A 192.0.2.80\n{text('_mta-sts', POLICY)}",
        ("mtasts.no-mx",),
        GOOD,
    ),
    logo("a logo over plain http", SHOWN.replace("https", "http", 1), "bimi.not-https"),
    logo("a logo that is a picture", SHOWN.replace(".svg", ".png"), "bimi.not-svg", says=".png"),
    logo(
        "a logo without a certificate", "v=BIMI1; l=https://{domain}/l.svg", "bimi.no-certificate"
    ),
    logo("a BIMI record without a logo", "v=BIMI1;", "bimi.no-logo"),
    beside("a logo without its selector", text("_bimi", SHOWN), "bimi.misplaced"),
    beside("a logo behind an alias to nothing", "default._bimi CNAME gone\n", "bimi.dead-alias"),
    Mistake(
        "a logo with a policy that asks for nothing",
        SCALEWAY,
        (),
        text("default._bimi", SHOWN),
        ("bimi.weak-policy",),
        GOOD,
        says="This policy says p=none",
    ),
)
