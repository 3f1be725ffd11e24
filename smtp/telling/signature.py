"""Pure: how the receiver of a webhook knows that a call is ours and not an old one again."""

import hashlib
import hmac

HEADER = "Relaydesk-Signature"
ID_HEADER = "Relaydesk-Id"


def sign(secret: str, body: bytes, at: int) -> str:
    """Return the value of the signature header for a body sent at this Unix time.

    It reads `t=1795219200,v1=…`: the time, and the HMAC-SHA256 (RFC 2104) of the time, a dot and
    the body, in hexadecimal digits. The receiver refuses a time that is long ago.
    """
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"
