"""Whether mail passes DMARC, given what it is signed with and where it says bounces go.

DMARC passes when DKIM or SPF passes for a domain that aligns with the From domain: the same one,
or under relaxed alignment one of the same organization (RFC 9989 section 4.4; RFC 7489 section
3.1).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dnscheck.dmarc import ALIGNMENTS
from dnscheck.names import organizational_domain
from dnscheck.rules.dmarc_policy import Policy


@dataclass(frozen=True)
class Alignment:
    """What DMARC says of mail whose DKIM signatures and SPF pass.

    `dkim` and `spf` say which of the two align. `too_strict` names the tags (adkim, aspf) without
    which one more would. `words` finish a sentence, such as “passes through DKIM only”.
    """

    dkim: bool
    spf: bool
    too_strict: tuple[str, ...]
    words: str

    @property
    def passes(self) -> bool:
        """Whether DMARC passes."""
        return self.dkim or self.spf


def predict(
    from_domain: str, dkim_domains: Sequence[str], return_path_domain: str, policy: Policy | None
) -> Alignment:
    """Return what DMARC says of mail from a domain that passes DKIM and SPF for these domains.

    `dkim_domains` are those of the signatures (tag d). `return_path_domain` is that of the
    envelope sender; it is empty when only the provider knows it. Without a policy, alignment is
    relaxed.
    """
    author, path = _plain(from_domain), _plain(return_path_domain)
    signers = [_plain(name) for name in dkim_domains]
    tags = {} if policy is None else policy.tags
    strict = {tag for tag in ALIGNMENTS if tags.get(tag, "").lower() == "s"}
    related = [name for name in signers if _same_organization(author, name, policy)]
    path_related = bool(path) and _same_organization(author, path, policy)
    dkim = author in signers if "adkim" in strict else bool(related)
    spf = path == author if "aspf" in strict else path_related
    too_strict = [("adkim", bool(related) and not dkim), ("aspf", path_related and not spf)]
    tight = tuple(tag for tag, is_tight in too_strict if is_tight)
    return Alignment(dkim, spf, tight, _words(dkim, spf, tight, related, path))


def _words(
    dkim: bool, spf: bool, too_strict: Sequence[str], signers: Sequence[str], path: str
) -> str:
    if dkim and spf:
        return "passes through SPF and DKIM"
    if dkim or spf:
        return f"passes through {'DKIM' if dkim else 'SPF'} only"
    at = f"return path is {path}" if path else "no return path of your own domain"
    by = "no DKIM of your own domain"
    if "aspf" in too_strict:
        at += ", which aspf=s does not accept,"
    if "adkim" in too_strict:
        by = f"DKIM is of {signers[0]}, which adkim=s does not accept"
    return f"fails: {at} and {by}"


def _plain(name: str) -> str:
    return name.strip().rstrip(".").lower()


def _same_organization(first: str, second: str, policy: Policy | None) -> bool:
    return _organization(first, policy) == _organization(second, policy)


def _organization(name: str, policy: Policy | None) -> str:
    """Return the organizational domain; the policy's tag psd moves it (RFC 9989 section 4.10.2)."""
    flag = "" if policy is None else policy.tags.get("psd", "").lower()
    if policy is None or flag not in ("y", "n"):
        return organizational_domain(name)
    if name == policy.domain:
        return name
    if not name.endswith(f".{policy.domain}"):
        return organizational_domain(name)
    below = name.removesuffix(f".{policy.domain}").rpartition(".")[2]
    return policy.domain if flag == "n" else f"{below}.{policy.domain}"
