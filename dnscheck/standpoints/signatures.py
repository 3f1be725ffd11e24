"""Holds the DS records above a zone against the keys in it, for a resolver that does not validate.

One that does fails where they do not fit, and says so; see `servers.dnssec`. Everybody else sees
nothing of it but the receivers, who do validate.
"""

import base64
import hashlib

from dnscheck.answers import Answer, Status
from dnscheck.findings import Finding
from dnscheck.rules.host import state
from dnscheck.standpoints.servers import DNSSEC_BOGUS

# RFC 8624 section 3: the algorithms and digests that resolvers know. A zone whose DS records are
# all of other ones counts as unsigned (RFC 4035 section 5.2).
ALGORITHMS = ("5", "7", "8", "10", "13", "14", "15", "16")
DIGESTS = {"1": hashlib.sha1, "2": hashlib.sha256, "4": hashlib.sha384}


def without_key(zone: str, signers: Answer, keys: Answer) -> tuple[Finding, ...]:
    """Say that no key of a zone is the one its DS records speak of.

    `signers` holds the DS records, `keys` the DNSKEY records. Silence says nothing.
    """
    wanted = [text.split() for text in signers.texts]
    known = [
        words
        for words in wanted
        if len(words) > 3 and words[1] in ALGORITHMS and words[2] in DIGESTS
    ]
    if signers.chain or not known or not keys.definitive:
        return ()
    published = keys.texts if keys.status is Status.FOUND and not keys.chain else ()
    if any(_fits(zone, words, text) for words in known for text in published):
        return ()
    evidence = (f"DS {text}" for text in signers.texts)
    return (state(DNSSEC_BOGUS, evidence=evidence, domain=zone),)


def _fits(zone: str, signer: list[str], key: str) -> bool:
    """Whether a DS record is that of a key (RFC 4034 section 5.1.4)."""
    _, algorithm, kind, *digest = signer
    try:
        flags, protocol, of_key, *text = key.split()
        octets = int(flags).to_bytes(2) + bytes([int(protocol), int(of_key)])
        octets += base64.b64decode("".join(text))
    except (ValueError, OverflowError):
        return False
    owner = b"".join(bytes([len(label)]) + label.encode() for label in zone.split(".")) + b"\0"
    return (
        algorithm == of_key and DIGESTS[kind](owner + octets).hexdigest() == "".join(digest).lower()
    )
