"""Resend: user name resend, an API key as password; its records come in three sets."""

from dataclasses import replace

from smtp.providers.base import (
    Confidence,
    Input,
    KnownError,
    Limit,
    Match,
    Provider,
    Purpose,
    RecordTemplate,
    Source,
)
from smtp.providers.parts import (
    DMARC,
    DOMAIN_CONNECT,
    FUSIONAUTH,
    INBOUND,
    LABEL,
    PUBLIC_KEY,
    RETURN_PATH,
    TRACKING,
    dkim_key,
    expected,
    inbound,
    ownership,
    return_path,
    spf,
    starttls,
    tls,
    tracking,
)

_DOCS = "https://resend.com/docs/send-with-smtp"
_SEEN = Source(
    "",
    "2026-10",
    Confidence.MEDIUM,
    "Seen in public zones of customers; no page of Resend's was found that describes it.",
)
_REGIONS = ("us-east-1", "eu-west-1", "sa-east-1", "ap-northeast-1")
_RELAY = "send.forge.rmta.net"
_CLASSIC = {"shape": ("classic", "classic_plus_rsend")}
_PLUS = {"shape": ("classic_plus_rsend",)}
_ALIASES = {"shape": ("cname_2026",)}


_NOT_VERIFIED = "The domain is not verified and cannot send."


PROVIDER = Provider(
    slug="resend",
    name="Resend",
    summary="Transactional mail for developers, sent through Amazon SES.",
    host="smtp.resend.com",
    ports=(*starttls(587, 2587, 25), *tls(465, 2465)),
    recommended=starttls(587)[0],
    username="The word resend, for every account.",
    password="An API key. It begins with re_; permission to send is enough.",  # noqa: S106 - a rule
    sender=(
        "Any address of a verified domain; a subdomain is verified on its own. Without a verified "
        "domain only onboarding@resend.dev."
    ),
    sandbox="Without a verified domain an account can write only to its own address.",
    limits=(
        Limit("Free plan: 100 messages a day, 3,000 a month.", year="2026"),
        Limit("Paid plans begin at 50,000 messages a month.", year="2025"),
    ),
    inputs=(
        Input(
            name="shape",
            label="Records the console shows",
            help="Resend changed its records in 2026. Choose the set your console shows.",
            choices=("classic", "classic_plus_rsend", "cname_2026"),
            labels={
                "classic": "MX and TXT at send",
                "classic_plus_rsend": "MX and TXT at send, and a CNAME at rsend",
                "cname_2026": "CNAME at send and at rsend",
            },
            default="classic",
        ),
        PUBLIC_KEY,
        replace(
            RETURN_PATH,
            name="send",
            label="Custom return path",
            help="Only the part before your domain. Resend suggests send.",
            required=True,
            default="send",
            when=_CLASSIC,
        ),
        Input(
            name="rsend_target",
            label="Target of rsend",
            help="The value the console shows for rsend, such as rsend-euw1.forge.rmta.net.",
            pattern=r"rsend(?:-[a-z0-9]+)?\.forge\.rmta\.net",
            when=_ALIASES,
        ),
        Input(
            name="region",
            label="Region",
            help="The region of the domain, as the console shows it.",
            choices=_REGIONS,
            default="us-east-1",
        ),
        TRACKING,
        Input(
            name="tracking_id",
            label="Tracking target",
            help="What stands before .resend-dns.com in the target of the tracking record.",
            required=False,
            pattern=LABEL,
        ),
        INBOUND,
        Input(
            name="token",
            label="Claim token",
            help="Only if another team has this domain: what follows resend-domain-verification=.",
            required=False,
            pattern=r"[A-Za-z0-9_=-]+",
        ),
    ),
    recipe=(
        dkim_key(
            "resend",
            "p={public_key}",
            "Resend",
            _NOT_VERIFIED,
            "The value begins with p=; a tag v=DKIM1 is not needed.",
        ),
        RecordTemplate(
            purpose=Purpose.RETURN_PATH,
            type="MX",
            host="{send}",
            value="feedback-smtp.{region}.amazonses.com",
            match=Match.MX_ONLY,
            priority=10,
            why="Brings bounces back to Resend. It must be the only MX record at this name.",
            without=_NOT_VERIFIED,
            when=_CLASSIC,
        ),
        replace(
            spf("include:amazonses.com", "Resend"),
            host="{send}",
            why="Lets Resend send with a return path under your own domain.",
            without=_NOT_VERIFIED,
            note="It belongs on this subdomain; at the domain itself it has no effect.",
            when=_CLASSIC,
        ),
        replace(
            return_path("rsend", _RELAY, "The console shows the domain as incomplete."),
            why="A second return path, beside the records at send.",
            when=_PLUS,
            source=_SEEN,
        ),
        replace(
            return_path("send", _RELAY, _NOT_VERIFIED),
            why="Brings bounces back and answers for SPF, in place of MX and TXT.",
            note="Delete an MX or TXT record that is left over at this name: a CNAME stands alone.",
            when=_ALIASES,
            source=_SEEN,
        ),
        replace(
            return_path("rsend", "{rsend_target}", _NOT_VERIFIED),
            why="A second return path, in the region of the domain.",
            note="The target may name the region; that of another region is shown as a mismatch.",
            when=_ALIASES,
            source=_SEEN,
        ),
        DMARC,
        tracking(
            "{tracking_id}.resend-dns.com",
            "Resend",
            "If the domain has CAA records, allow amazon.com for this name.",
        ),
        inbound(
            "inbound-smtp.{region}.amazonaws.com",
            "Resend",
            "Its priority number must be the lowest among the MX records of that name.",
        ),
        replace(
            ownership(
                "resend-domain-verification={token}",
                "Resend",
                "The domain stays with the other team.",
            ),
            required=False,
            why="Claims a domain that another team has added.",
        ),
    ),
    steps=(
        "In Resend add the domain, in the region nearest to your recipients.",
        "Choose here the set of records the console shows, and copy its values.",
        "Publish the records and let Resend verify the domain.",
        "Create an API key with permission to send and enter it as the password.",
    ),
    pitfalls=(
        "A verified example.com does not cover From addresses of sub.example.com.",
        "The SPF record belongs on the send subdomain; includes of resend.com are mistakes.",
        "Some DNS hosts append the domain: there enter send, because send.example.com would become "
        "send.example.com.example.com.",
        "At Cloudflare set the CNAME records send and rsend to DNS only.",
        "Do not mix the sets of records: the console shows one of them.",
    ),
    errors=(
        KnownError(
            "450 The example.com domain is not verified",
            "The domain of the From address is not verified; a subdomain counts on its own.",
            "Verify exactly that domain.",
        ),
        KnownError(
            "You can only send testing emails to your own email address",
            "The From address is the test sender onboarding@resend.dev.",
            "Verify a domain and use an address of it.",
        ),
        KnownError(
            "535 API key is invalid",
            "The key is wrong, or the user name is not resend.",
            "Use resend as user name and a valid key as password.",
        ),
    ),
    headers=("Resend-Idempotency-Key", "X-Entity-Ref-ID"),
    shapes=(
        expected(
            "resend.password-shape",
            "password",
            r"re_\S+",
            "A Resend API key begins with re_. Check that it is not the account password.",
        ),
    ),
    fixed_username="resend",
    domain_connect=(
        *("resend.com/mail", "resend.com/mail-send-and-receive"),
        *("resend.com/click-tracking", "resend.com/domain-verification"),
    ),
    docs=_DOCS,
    suppressions=Source("https://resend.com/docs/dashboard/emails/email-suppressions", "2026-11"),
    source=Source(_DOCS, "2026-10"),
    further_sources=(DOMAIN_CONNECT, FUSIONAUTH, _SEEN),
)
