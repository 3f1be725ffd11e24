"""What servers and programs say: each message leads to its kind of failure first.

The messages are those of common servers, services and libraries, in the words they use.
"""

import pytest

from smtp.reading import read

SAID: dict[str, tuple[str, ...]] = {
    "auth-bad-credentials": (
        "535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6",
        "535 Incorrect authentication data",
        "535 5.7.8 Authentication credentials invalid",
        "535 5.7.1 Username or password is incorrect",
        "550 5.7.8 Bad username or password (Authentication failed).",
        "535 authentication failed (#5.7.1)",
        "535 Authentication failed: Bad username / password",
        "535 Authentication failed: The provided authorization grant is invalid, "
        "expired, or revoked",
        "smtplib.SMTPAuthenticationError: (535, b'5.7.8 Error: authentication failed: "
        "(reason unavailable)')",
        "535 5.0.0 Invalid login or password",
        "535 5.7.8 Sorry, your login is incorrect",
        'Error: Missing credentials for "PLAIN"',
        "SMTP-AUTH requested but missing user name",
        "Unable to authenticate with the current session's credentials.",
    ),
    "auth-app-password": (
        "535-5.7.8 Username and Password not accepted. For more information, go to 535 "
        "5.7.8 https://support.google.com/mail/?p=BadCredentials a1-2002 - gsmtp",
        "534-5.7.9 Application-specific password required. Learn more at 534 5.7.9 "
        "https://support.google.com/mail/?p=InvalidSecondFactor - gsmtp",
        "535 5.7.0 (#AUTH005) Authentication failed yahoo",
    ),
    "auth-locked": (
        "534-5.7.14 <https://accounts.google.com/signin/continue?sarp=1> Please log in "
        "via your web browser and then try again. - gsmtp",
        "421 4.7.0 Too many failed login attempts, closing connection",
        "454 4.7.0 Temporary authentication failure: account temporarily locked",
        "535 5.7.8 Too many wrong passwords: account temporarily locked. Try again in 30 minutes.",
    ),
    "auth-smtp-disabled": (
        "535 5.7.139 Authentication unsuccessful, the request did not meet the criteria "
        "to be authenticated successfully. Contact your administrator.",
        "535 5.7.139 Authentication unsuccessful, user is locked by your organization's "
        "security defaults policy.",
        "550 5.7.30 Basic authentication is not supported for Client Submission.",
        "535 5.7.8 Error: authentication failed: This user does not have access rights "
        "to this service",
        "535 SMTP access is disabled for this mailbox",
        "550 User has no permission",
    ),
    "auth-oauth": (
        "535 5.7.8 Username and Password not accepted: XOAUTH2 token expired",
        "400 invalid_grant: Token has been expired or revoked.",
        "535 5.7.8 Username and Password not accepted - token has expired",
        "AADSTS7000215: Invalid client secret provided. Cannot authenticate to server.",
    ),
    "auth-required": (
        "530 5.7.0 Authentication required",
        "530 5.7.1 Client was not authenticated",
        "550 5.7.1 Client was not authenticated",
        "503 5.5.4 Error: send AUTH command first",
        "550 Unauthenticated senders not allowed",
        "530 Access denied: please authenticate first",
        "550-5.7.0 Must be authenticated to send",
        "554 5.7.0 Sorry, you must be logged in to send",
    ),
    "auth-unsupported": (
        "503 5.5.1 Error: authentication not enabled",
        "504 5.7.4 Unrecognized authentication type",
        "smtplib.SMTPNotSupportedError: SMTP AUTH extension not supported by server.",
        "No supported authentication method found",
        "smtp: server doesn't support AUTH",
        "No compatible authentication mechanism was found",
    ),
    "client-ip-not-allowed": (
        "525 5.7.1 Unauthorized IP address",
        "550-5.7.1 Invalid credentials for relay [203.0.113.5]. The IP address you've "
        "registered in your G Suite SMTP Relay service doesn't match",
        "550 5.7.1 Your IP 203.0.113.9 is not whitelisted for this account",
        "535 Authentication failed: access from this IP address is not allowed by "
        "account restriction",
        "550 5.7.64 TenantAttribution; Relay Access Denied",
    ),
    "relay-denied": (
        "550 5.7.1 Unable to relay for user@example.org",
        "550 relay not permitted",
        "554 5.7.1 <user@example.org>: Relay access denied",
        "550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain",
        "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
        "550 5.7.1 Relaying denied. Proper authentication required.",
        "551 we do not relay",
        "550 This system is not configured to relay mail for you",
    ),
    "account-suspended": (
        "502 5.7.0 Your SMTP account is not yet activated. Please contact us at contact@brevo.com",
        "550 5.1.8 Access denied, bad outbound sender AS(42004)",
        "421 Domain mg.example.com is not allowed to send: Please activate your Mailgun account.",
        "535 Authentication failed: account suspended",
        "550 5.4.6 Unusual sending activity detected. Please try after sometime",
        "554 5.7.1 Your account has been blocked for sending. Contact support.",
        "554 5.7.1 The sending account has been frozen",
        "554 You are not authorized to access this service, please contact support",
    ),
    "sandbox-restricted": (
        "421 Domain sandbox123.mailgun.org is not allowed to send: Free accounts are for "
        "test purposes only. Please upgrade or add the address to authorized recipients "
        "in Account Settings.",
        "450 You can only send testing emails to your own email address (me@example.com).",
        "422 Trial accounts can only send emails to the administrator's email. #MS42225",
        "412 While your account is pending approval, all recipient addresses must share "
        "the same domain as the 'From' address.",
        "Demo domains can only send to account owners.",
    ),
    "quota-exceeded": (
        "550 5.4.5 Daily user sending limit exceeded. For more information on Gmail "
        "sending limits go to",
        "454 Throttling failure: Daily message quota exceeded",
        "550 5.7.1 Daily SMTP relay limit exceeded for customer.",
        "451 Authentication failed: Maximum credits exceeded",
        "452 4.3.1 You have reached your hourly sending limit",
        "554 5.7.1 Message quota exceeded for this month",
        "550 Domain example.com has exceeded the max emails per hour (200/200 (100%)) allowed.",
        "552 5.7.0 Monthly sending limit has been reached; upgrade your plan",
        "550 5.7.232 Your tenant exceeded its external recipient rate limit",
        "452 4.2.1 mailbox a@example.com has reached its sending quota",
        "550 5.7.1 You are over your relay quota for today",
    ),
    "recipient-suppressed": (
        "550 5.1.1 Recipient address is on the suppression list for your account",
        "605 Not delivering to previously bounced address",
        "406 You tried to send to a recipient that has been marked as inactive.",
        "550 5.1.1 Suppressed: a@example.org (OnAccountSuppressionList)",
        "Message OK, but will not deliver to these inactive addresses: a@example.org",
    ),
    "sender-not-verified": (
        "554 Message rejected: Email address is not verified. The following identities "
        "failed the check in region EU-WEST-1: noreply@example.com",
        "450 The example.com domain is not verified. Please, add and verify your domain",
        "550 The from address does not match a verified Sender Identity. Mail cannot be "
        "sent until this error is resolved.",
        "550 5.7.1 Unconfigured Sending Domain <example.com>",
        "550 that sender domain is not verified",
        "550 Sender domain is not authorized for this account; please validate it first",
        "501 5.1.8 The sender signature for this From address has not been confirmed",
        "421 Domain example.com is not allowed to send: The domain is unverified and "
        "requires DNS configuration. Log in to your control panel to view required DNS "
        "records.",
        "554 5.7.1 Sender example.com is unknown to this service, please add it as a "
        "sending domain",
        "550 5.7.1 Sender domain a.example is not a configured sending domain",
    ),
    "sender-not-owned": (
        "553 Relaying disallowed as noreply@example.com",
        "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
        "551 5.7.1 Not authorised to send from this header address",
        "553 5.7.1 <a@example.com>: Sender address rejected: not owned by user b@example.com",
        "550 5.7.1 The sender address must match the authenticated user",
        "554 5.7.1 You are not allowed to send from this address",
        "553 5.7.1 Sender address rejected: user b is not allowed to send as a",
        "550 5.7.1 User a is not authorised to send from b@example.com",
        "550 5.7.0 From address is not one of your addresses",
        "smtplib.SMTPSenderRefused: (553, 'Relaying disallowed')",
    ),
    "sender-domain-invalid": (
        "450 4.1.8 <a@example.invalid>: Sender address rejected: Domain not found",
        "550 5.1.8 <a@example.invalid>: Sender address rejected: Domain not found",
        "550-Verification failed for <a@example.com> 550 Sender verify failed",
        "550 5.7.27 Sender address has null MX",
        "451 4.1.8 Domain of sender address a@example.com does not resolve",
        "550 5.1.7 Sender domain has no MX or A record",
        "550 5.7.1 The sender domain a.example has no DNS records",
    ),
    "sender-auth-fail": (
        "550-5.7.26 Unauthenticated email from example.com is not accepted due to "
        "domain's DMARC policy.",
        "550 5.7.1 SPF check failed: 203.0.113.9 is not allowed to send mail from example.com",
        "550 5.7.23 The message was rejected because of Sender Policy Framework violation",
        "554 5.7.5 Permanent error evaluating DMARC policy",
        "550 5.7.515 Access denied, sending domain example.com doesn't meet the required "
        "authentication level.",
        "550 5.7.509 Access denied, sending domain example.com does not pass DMARC "
        "verification and has a DMARC policy of reject.",
        "550 5.7.20 No passing DKIM signature found",
        "550-5.7.26 Your email has been blocked because the sender is unauthenticated. "
        "Gmail requires all senders to authenticate with either SPF or DKIM.",
    ),
    "address-syntax": (
        "553 5.1.3 The recipient address <foo> is not a valid RFC-5321 address",
        "501 5.1.7 Bad sender address syntax",
        "501 5.5.4 Invalid Address",
        "555 5.5.2 Syntax error in MAIL FROM parameters",
        "501 <foo>: sender address must contain a domain",
        "504 5.5.2 <root>: Sender address rejected: need fully-qualified address",
        'Email "Shop <a@example.com>" does not comply with addr-spec of RFC 2822',
        "550 <undefined>: Recipient address rejected: must contain a domain",
        "failed to issue MAIL command: 555 5.5.2 Syntax error, cannot decode response. For more "
        "information, go to",
        "501 Please provide a valid address",
        "sending rcpt to: 502 Invalid input from 203.0.113.9",
        "501 Invalid command or cannot parse to address",
        "554 Transaction failed: Invalid domain name",
    ),
    "smtputf8-unsupported": (
        "553 5.6.7 SMTPUTF8 is required, but was not offered by host",
        "550 5.6.7 Address contains non-ASCII characters",
        "UnicodeEncodeError: 'ascii' codec can't encode character in rcpt()",
    ),
    "message-malformed": (
        "550 5.7.1 Messages missing a valid Message-ID header are not accepted",
        "550 5.6.0 Lone CR or LF in headers (see RFC2822 section 2.2)",
        "500 Line too long (limit 998)",
        "554 5.6.0 Message contains invalid header",
        "550-5.7.1 This message is not RFC 5322 compliant, the issue is: duplicate To headers",
        "521 5.2.1 Bare <LF> received",
        "554 5.5.2 Your message contains a bare carriage return",
        "500 Line limit exceeded",
        "Transaction failed. Reject due to policy restrictions. For explanation visit "
        "https://postmaster.example/error-messages?ip=203.0.113.9&c=hd",
    ),
    "message-too-large": (
        "552 5.3.4 Message size exceeds fixed limit",
        "552-5.2.3 Your message exceeded Google's message size limits.",
        "552 5.3.4 Message size exceeds maximum allowed size",
        "523 the message size is greater than the limit of 10 MB",
    ),
    "content-rejected": (
        "554 5.7.1 Message contains a virus (Eicar-Test-Signature)",
        "550 5.7.1 This message looks like spam",
        "554 5.7.1 Message rejected because of unacceptable content. For help, contact "
        "the postmaster",
        "552-5.7.0 This message was blocked because its content presents a potential "
        "security issue.",
        "550 High probability of spam",
        "554 5.7.1 Blocked by content filter: suspicious URL",
        "550 5.7.1 Blocked by SpamAssassin: score 12.3",
        '550 5.7.1 The attachment "a.js" has a prohibited type',
        "The message was rejected by the local scanning code",
    ),
    "recipient-unknown": (
        "550 5.1.1 <x@example.org>: Recipient address rejected: User unknown in virtual "
        "mailbox table",
        "550-5.1.1 The email account that you tried to reach does not exist. Please try "
        "double-checking the recipient's email address",
        "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient x@example.org not found by "
        "SMTP address lookup",
        "550 No such user here",
        "550 5.2.1 The email account that you tried to reach is disabled.",
        "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)",
        "550 Requested action not taken: mailbox unavailable",
        "553 sorry, no mailbox here by that name (#5.1.1)",
        "550 5.1.1 unknown or illegal alias: foo@example.org",
        "550 Invalid recipient foo@example.org",
        "550 5.1.1 The address a@example.com could not be found",
        "a@example.org: Domain does not exist",
        "550 Host unknown",
        "Die Adresse a@example.org wurde nicht in example.org gefunden.",
    ),
    "mailbox-full": (
        "452 4.2.2 The recipient's inbox is out of storage space.",
        "552 5.2.2 <x@example.org>: user is over quota",
        "550 5.2.2 Mailbox size limit exceeded",
        "452 4.2.2 <x@example.org> Mailbox full",
        "422 4.2.2 The recipient's mailbox has exceeded its storage limit",
        "552 Error: disk quota exceeded",
    ),
    "recipient-policy": (
        "550 5.7.1 RESOLVER.RST.NotAuthorized; not authorized",
        "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication "
        "required; Delivery restriction check failed",
        "550 5.7.1 The recipient only accepts mail from known senders",
        "550 5.7.1 Recipient has blocked messages from this sender",
        "550 Administrative prohibition",
        "550 5.7.1 Message blocked by recipient's block list",
        "550 You are not a member of this list",
        "550 5.7.1 Delivery to this address is restricted",
        "550 This mailbox does not take mail from external senders",
        "550 This account is not authorized to receive email.",
    ),
    "reputation-blocked": (
        "554 5.7.1 Service unavailable; Client host [203.0.113.9] blocked using zen.spamhaus.org",
        "550 5.7.606 Access denied, banned sending IP [203.0.113.9]. To request removal "
        "from this list please visit https://sender.office.com/",
        "421 4.7.0 [TSS04] Messages from 203.0.113.9 temporarily deferred due to user complaints",
        "553 5.7.1 [BL21] Connections will not be accepted from 203.0.113.9, because the "
        "ip is in Spamhaus's list",
        "550-5.7.1 Our system has detected that this message is likely unsolicited mail.",
        "554 Your IP (203.0.113.9) is blacklisted",
        "550 5.7.1 Mail from your dynamic IP range is refused",
        "554 5.7.1 Access denied due to low sender reputation",
        "421 RP-001 Some messages from 203.0.113.6 were not sent",
        "554 IP=203.0.113.6 - A problem occurred. (BL)",
        "554 5.7.1 <host>: Client host rejected: Access denied",
        "554 mx.example.org Connection refused. Your IP has a poor reputation",
        "554 mx.example.org Connection refused from 203.0.113.9",
    ),
    "ptr-missing": (
        "550 5.7.1 Client host rejected: cannot find your hostname, [203.0.113.9]",
        "450 4.7.25 Client host rejected: cannot find your hostname",
        "554 5.7.1 Your IP has no rDNS entry",
        "421 reverse DNS lookup failed for 203.0.113.9",
        "554-mx.example.org Service not available 554 Bad DNS PTR resource record.",
    ),
    "helo-rejected": (
        "550 5.7.1 <localhost>: Helo command rejected: Host not found",
        "501 5.0.0 Invalid domain name in HELO",
        "554 5.7.1 <foo>: Helo command rejected: Access denied",
        "550 EHLO argument does not match calling host",
    ),
    "rate-limited": (
        "454 Throttling failure: Maximum sending rate exceeded.",
        "421 4.7.0 Too many connections from your IP",
        "451 4.7.1 Rate limit exceeded, slow down",
        "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded; Concurrent "
        "connections limit exceeded",
        "550 5.7.0 Requested action not taken: too many emails per second",
        "452 4.5.3 Too many recipients",
        "421 4.7.28 Gmail has detected an unusual rate of email originating from your domain",
        "450 4.2.1 The user you are trying to contact is receiving mail too quickly.",
        "450 too frequent connects, please try again later",
        "450 4.7.1 Error: too much mail from 203.0.113.4",
        "451 4.7.1 Ratelimit exceeded for this sender",
    ),
    "greylisted": (
        "450 4.2.0 <x@example.org>: Recipient address rejected: Greylisted, see "
        "http://postgrey.schweikert.ch/help/example.org.html",
        "451 4.7.1 Greylisting in action, please come back later",
        "451 4.7.1 Please try again in 300 seconds, you have been greylisted",
        "450 4.7.1 Please try again later: first contact, deferred",
        "451 4.7.1 Temporary failure, retry in 5 min",
    ),
    "server-fault": (
        "421 4.3.0 Temporary System Problem. Try again later",
        "451 4.3.0 Error: queue file write error",
        "452 4.3.1 Insufficient system storage",
        "421 Too busy, try again later",
        "554 5.4.14 Hop count exceeded - possible mail loop",
        "451 4.7.1 Service unavailable - try again later",
        "554 5.3.0 Internal server error",
        "451 4.3.5 Server shutting down for maintenance",
        "452 4.3.1 Insufficient disk space",
        "Could not deliver for two days. Giving up.",
        "503 5.5.1 Send hello first",
        "451 4.3.5 <a@example.org>: Recipient address rejected: Server configuration problem",
        "SMTP protocol synchronization error (input sent without waiting for greeting)",
        "Temp fail for: Tried all MXs",
        'Unexpected greeting: "220-mx.example.org ESMTP"',
        "delivery 245: failure: Unable_to_run_qmail-remote./",
    ),
    "starttls-required": (
        "530 5.7.0 Must issue a STARTTLS command first",
        "530 Must issue a STARTTLS command first",
        "538 5.7.11 Encryption required for requested authentication mechanism",
        "550 5.7.1 TLS required. Please use STARTTLS",
        "451 4.7.4 TLS is required by this server",
    ),
    "starttls-unsupported": (
        "502 5.5.1 STARTTLS not supported",
        "454 4.7.0 TLS not available due to local problem",
        "smtplib.SMTPNotSupportedError: STARTTLS extension not supported by server.",
        "Error: Server does not support secure connections STARTTLS",
        "Server does not support secure connections.",
        "250-8BITMIME\n250 SIZE\nMAILSMTP_ERROR_STARTTLS_NOT_SUPPORTED",
    ),
    "tls-mode-mismatch": (
        "ssl.SSLError: [SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1123)",
        "tls: first record does not look like a TLS handshake",
        "javax.net.ssl.SSLException: Unsupported or unrecognized SSL message",
        "OpenSSL::SSL::SSLError: SSL_connect returned=1 errno=0 state=error: wrong version number",
        "state=error: record layer failure",
        "Cannot determine the frame size or a corrupted frame was received.",
        "Unexpected greeting: * OK [CAPABILITY IMAP4rev1 STARTTLS] ready",
        "SSH-2.0-OpenSSH_9.6: not an SMTP server",
        "SMTP send failed: Weird server reply.",
    ),
    "tls-protocol": (
        "SSL_connect error: unsupported protocol",
        "remote error: tls: handshake failure",
        "javax.net.ssl.SSLHandshakeException: No appropriate protocol (protocol is "
        "disabled or cipher suites are inappropriate)",
        "[SSL: DH_KEY_TOO_SMALL] dh key too small (_ssl.c:1007)",
        "tls: no supported versions satisfy MinVersion and MaxVersion",
        "Received fatal alert: protocol_version",
        "remote error: tls: protocol version not supported",
    ),
    "cert-expired": (
        "certificate verify failed: certificate has expired (_ssl.c:1129)",
        "Error: CERT_HAS_EXPIRED",
        "sslv3 alert certificate expired",
    ),
    "cert-hostname": (
        "x509: certificate is valid for *.hoster.example, not mail.example.com",
        "certificate verify failed: IP address mismatch, certificate is not valid for "
        "'203.0.113.5'",
        "x509: cannot validate certificate for 203.0.113.5 because it doesn't contain any IP SANs",
        "javax.net.ssl.SSLPeerUnverifiedException: Hostname mail.example.com not verified",
        "Peer certificate CN=`hoster.example' did not match expected CN=`mail.example.com'",
        "SSL: no alternative certificate subject name matches target host name 'mail.example.com'",
        "No subject alternative DNS name matching mail.example.com found",
    ),
    "cert-untrusted": (
        "certificate verify failed: self-signed certificate in certificate chain",
        "x509: certificate signed by unknown authority",
        "DEPTH_ZERO_SELF_SIGNED_CERT",
        "The remote certificate is invalid according to the validation procedure: "
        "RemoteCertificateChainErrors",
        "stream_socket_enable_crypto(): SSL operation failed with code 1. "
        "error:1416F086:SSL routines:tls_process_server_certificate:certificate verify "
        "failed",
        "The revocation function was unable to check revocation for the certificate.",
        "send STARTTLS command: x509: certificate signed by unknown authority",
        "sslv3 alert bad certificate: SSL alert number 42",
        "SEC_ERROR_UNKNOWN_ISSUER",
        "com.example.mail.CertificateValidationException: Handshake failed",
    ),
    "dns-host-not-found": (
        "dial tcp: lookup smtp.exmaple.com: no such host",
        "java.net.UnknownHostException: smtp.exmaple.com",
        "php_network_getaddresses: getaddrinfo failed: Name or service not known",
        "socket.gaierror: [Errno -5] No address associated with hostname",
        "Unknown SMTP host: smpt.example.com",
        "DNS lookup failure: host mail.example.invalid not found",
        "curl: (3) URL using bad/illegal format or missing URL",
    ),
    "dns-temporary": (
        "socket.gaierror: [Errno -3] Temporary failure in name resolution",
        "dial tcp: lookup smtp.example.com on 10.0.0.10:53: read udp: i/o timeout",
        "lookup smtp.example.com on 127.0.0.11:53: server misbehaving",
        "host map: lookup (example.org): deferred",
        "dsn=4.4.3 (Name service error for name=example.org: Malformed or unexpected name server "
        "reply)",
    ),
    "connection-refused": (
        "No connection could be made because the target machine actively refused it 127.0.0.1:25",
        "java.net.ConnectException: Connection refused (Connection refused)",
        "stream_socket_client(): unable to connect to tcp://localhost:587 (Connection refused)",
    ),
    "connection-timeout": (
        "TimeoutError: [Errno 110] Connection timed out",
        "dial tcp 203.0.113.5:587: i/o timeout",
        "dial tcp 203.0.113.5:25: connect: connection timed out",
        "com.sun.mail.util.MailConnectException: Couldn't connect to host, port: "
        "smtp.example.com, 587; timeout 5000; nested exception is: "
        "java.net.SocketTimeoutException: connect timed out",
        "Error: Connection timeout at SMTPConnection._formatError code: 'ETIMEDOUT', "
        "command: 'CONN'",
        "Connection could not be established with host smtp.example.com "
        ":stream_socket_client(): unable to connect to smtp.example.com:587 (Operation "
        "timed out)",
        "The recipient server did not accept our requests to connect.",
        "Connection could not be established with host smtp.example.com [ #0]",
    ),
    "network-unreachable": (
        "connect: network is unreachable",
        "OSError: [Errno 113] No route to host",
        "OSError: [Errno 99] Cannot assign requested address",
        "Error: connect ENETUNREACH 2607:f8b0::6c:587",
        "No valid route to destination",
    ),
    "blocked-locally": (
        "PermissionError: [Errno 13] Permission denied",
        "An attempt was made to access a socket in a way forbidden by its access permissions",
        "connect EACCES 203.0.113.5:465",
        'avc:  denied  { name_connect } for  pid=1607 comm="httpd" dest=25',
    ),
    "session-interrupted": (
        "smtplib.SMTPServerDisconnected: Connection unexpectedly closed",
        "java.net.SocketTimeoutException: Read timed out",
        "read ECONNRESET",
        "421 4.4.2 Connection dropped due to timeout",
        "write: broken pipe",
        "Error: Greeting never received",
        "421 4.4.1 Idle timeout, closing connection",
        "451 4.4.2 Timeout - closing connection",
        "java.net.SocketException: Connection reset",
        "msmtp: the server sent an empty reply",
    ),
}


@pytest.mark.parametrize(("category", "messages"), SAID.items(), ids=SAID)
def test_words_lead_to_their_kind_of_failure(category: str, messages: tuple[str, ...]) -> None:
    """The first hint is of the right kind, from the words alone."""
    understood = {said: read(said).hints[0].category for said in messages}
    assert understood == dict.fromkeys(messages, category)
