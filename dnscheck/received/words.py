"""What a received message shows, in words: each difference with the next step."""

from dnscheck.findings import Finding, Severity

NO_AUTHOR = Finding(
    "mail.no-author",
    Severity.ERROR,
    "There is no From address in what was pasted",
    "DMARC is about the domain of the From address, so nothing can be said without it.",
    "Paste the whole source of the message, from its first line on.",
)
SEVERAL_AUTHORS = Finding(
    "mail.several-authors",
    Severity.WARNING,
    "The message has {count} From addresses",
    "Many receivers refuse a message with more than one of them. Only the first, {author}, is "
    "judged here.",
    "Have the application write one From field with one address.",
)
HEADERS_ONLY = Finding(
    "mail.headers-only",
    Severity.INFO,
    "Only the header was pasted",
    "The signature over the header can be checked. Whether the text was changed on the way cannot.",
    "To have that checked as well, save the message as a file and choose that file.",
)
LOST_FOLDS = Finding(
    "mail.lost-folds",
    Severity.INFO,
    "Copying has changed the lines of the header",
    "Some lines lost the blank they begin with. It was put back, but a signature that goes by the "
    "letter may fail for it.",
    "If a signature fails below, save the message as a file and choose that file.",
)
CUT = Finding(
    "mail.too-long",
    Severity.INFO,
    "Not all of the message could be looked at",
    "It is longer than 2 MB, or has more or longer header fields than are read.",
    "Send a short test mail and paste that one.",
)
NO_CLAIMS = Finding(
    "mail.no-results",
    Severity.INFO,
    "The receiver's own verdict is not in what was pasted",
    "There is no Authentication-Results field that a receiver added, so only what the DNS says "
    "today is shown.",
    "Open the message where it arrived, choose “Show original” or “View source”, and paste all "
    "of it.",
)
FOREIGN_CLAIMS = Finding(
    "mail.foreign-results",
    Severity.INFO,
    "Nobody knows who wrote the results in this message",
    "They stand below fields of other servers, where every sender can put them, so they are not "
    "believed.",
    "Go by what the DNS says today, or send a test mail to an address at another provider.",
)
COULD_NOT_ASK = Finding(
    "mail.could-not-ask",
    Severity.WARNING,
    "Not everything could be asked for",
    "The DNS gave no answer for: {what}. What depends on it is shown as not known.",
    "Wait some minutes, then choose “Check again”.",
)
NOT_SIGNED = Finding(
    "mail.not-signed",
    Severity.ERROR,
    "The message is not signed",
    "It has no DKIM-Signature field. Without one, forwarding breaks the last proof of who sent it.",
    "Switch DKIM on for {domain} at the service that sends, and publish the key it shows.",
)
SIGNED_BY_OTHER = Finding(
    "mail.signed-by-other",
    Severity.ERROR,
    "The message is signed, but not for {domain}",
    "It is signed by {signers}. For DMARC only a signature of {domain} counts.",
    "At the service that sends, set up DKIM for {domain}, and publish the records it shows.",
)
BAD_SIGNATURE = Finding(
    "mail.bad-signature",
    Severity.ERROR,
    "A signature in the message cannot be used",
    "{problem}",
    "Tell whoever runs the server that signs. Another signature of {domain} may do in its place.",
)
KEY_MISSING = Finding(
    "mail.key-missing",
    Severity.ERROR,
    "The key of the signature is not in the DNS",
    "The message is signed with the key {name}, and there is no such TXT record today.{before}",
    "Publish the DKIM record that the service that sends shows for {name}. If that service uses "
    "another selector by now, send a new test mail.",
)
KEY_UNUSABLE = Finding(
    "mail.key-unusable",
    Severity.ERROR,
    "The key of the signature {problem}",
    "It stands at {name}. Receivers cannot check the signature with it.{before}",
    "Publish at {name} the whole value that the service that sends shows.",
)
BODY_CHANGED = Finding(
    "mail.body-changed",
    Severity.ERROR,
    "The text was changed after the message was signed",
    "The signature of {domain} fits the header and today's key, but not the text. {cause}",
    "Let a footer or a scanner do its work before the message is signed. To be sure that copying "
    "did not change it, save the message as a file and choose that file.",
)
HEADER_CHANGED = Finding(
    "mail.header-changed",
    Severity.ERROR,
    "The signature of {domain} does not fit",
    "It was made with another key than the one at {name} today, or header fields were changed "
    "after it was made. {cause}",
    "Compare the key at {name} with the one the service that sends shows. If they are the same, "
    "look for what changes subject, sender or other fields on the way.",
)
FITTED_THEN = Finding(
    "mail.signature-fitted",
    Severity.WARNING,
    "The signature of {domain} was right on arrival, and does not fit now",
    "{receiver} says dkim=pass. Since then the key at {name} was replaced, or copying changed the "
    "message.",
    "Save the message as a file and choose that file. If it still fails, send a new test mail.",
)
FITS_NOW = Finding(
    "mail.signature-fits-now",
    Severity.WARNING,
    "{receiver} says dkim={result}, but the signature of {domain} is right today",
    "The message is as it was signed, so the key at {name} was published or mended after it "
    "arrived, or the receiver could not get it.",
    "Send a new test mail. It should pass, up to a day later where an old answer is still kept.",
)
HEADER_FITS = Finding(
    "mail.header-fits-now",
    Severity.WARNING,
    "{receiver} says dkim={result}, but the header fits the signature of {domain} today",
    "Either the text was changed after the message was signed, or the key at {name} was mended "
    "after it arrived. Without the text nobody can tell.",
    "Save the message as a file and choose that file, or send a new test mail.",
)
NO_CONNECTION = Finding(
    "mail.no-connection",
    Severity.INFO,
    "Who handed the message over cannot be told",
    "No Received field names an address and a sender to ask SPF about.",
    "If you know the address of the server that sent it, enter it below.",
)
SPF_NOT_COVERED = Finding(
    "mail.spf-not-covered",
    Severity.ERROR,
    "The server that delivered is not covered by your SPF record",
    "The message came from {ip}, and for {domain} SPF says {result}. {problem}",
    "If the mail should go out another way, correct the application: it does not use the setting "
    "you think. If {ip} belongs to your service, add its mechanism to the SPF record of {domain}.",
)
SPF_OTHER_FAILS = Finding(
    "mail.spf-of-other-fails",
    Severity.WARNING,
    "SPF does not pass, and asks another domain than yours",
    "Bounces go to {domain}. SPF asks its record, which says {result} for {ip}. {problem}",
    "At the service that sends, set up a return path (bounce domain) of your own, or rely on DKIM.",
)
SPF_OTHER_DOMAIN = Finding(
    "mail.spf-of-other",
    Severity.INFO,
    "SPF passes, but for another domain than yours",
    "Bounces go to {domain}, so SPF proves that domain. For DMARC only {author} counts.",
    "At the service that sends, set up a return path (bounce domain) under {author}, or see that "
    "DKIM of {author} passes.",
)
FORWARDED = Finding(
    "mail.forwarded",
    Severity.WARNING,
    "The message was forwarded on its way",
    "The server that delivered it, {ip}, is not the one that sent it. SPF fails after forwarding, "
    "and no record of yours can change that.",
    "See that DKIM of your own domain passes: it outlives forwarding. To test SPF, send straight "
    "to the mailbox.",
)
SPF_MENDED = Finding(
    "mail.spf-passes-now",
    Severity.INFO,
    "{receiver} says spf={result}, and SPF passes today",
    "The record of {domain} was changed after the message arrived, or the receiver kept an older "
    "one.",
    "Send a new test mail.",
)
SPF_LOST = Finding(
    "mail.spf-fails-now",
    Severity.WARNING,
    "{receiver} says spf=pass, but SPF says {result} today",
    "For {ip} the record of {domain} gives another result than when the message arrived. {problem}",
    "If the record was changed since, put back the mechanism of the service that sends. If the "
    "address below is not the one that delivered, correct it.",
)
TOO_STRICT = Finding(
    "mail.alignment-strict",
    Severity.ERROR,
    "The DMARC policy does not accept a subdomain",
    "{tags} at {name} demands exactly {domain}, and the message proves a name below or above it.",
    "Change {tags} to relaxed alignment (r), or have the service use {domain} itself.",
)
NO_POLICY = Finding(
    "mail.no-policy",
    Severity.WARNING,
    "There is no DMARC policy for {domain}",
    "Large receivers expect one, and refuse or put aside mail from domains without it.",
    "Add the TXT record v=DMARC1; p=none at _dmarc.{domain}.",
)
PASSES_NOW = Finding(
    "mail.passes-now",
    Severity.INFO,
    "{receiver} says dmarc={result}, and DMARC passes by today's DNS",
    "A record was mended after the message arrived, or the receiver goes by more than DMARC.",
    "Send a new test mail.",
)
NOT_IN_PORTAL = Finding(
    "mail.not-in-portal",
    Severity.INFO,
    "{domain} is none of the domains you see here",
    "So there is no verdict on its records to compare with.",
    "If mail should be sent from {domain}, add it to its tenant. If not, correct the From address "
    "of the setting or the application.",
)
RECORDS_ARE_RIGHT = Finding(
    "mail.records-are-right",
    Severity.ERROR,
    "The records of {domain} are right, but this message was not sent with them",
    "Relaydesk has verified the domain, and DMARC fails for this message all the same: it went out "
    "another way, or its service does not sign for {domain} yet.",
    "Compare the server, the signature and the return path below with the setting that should "
    "have sent it.",
)
UNKNOWN_KEY = Finding(
    "mail.unknown-key",
    Severity.INFO,
    "The key {name} is not among those expected for {domain}",
    "The signature is right, but no provider of the domain is known to use this selector.",
    "If the message came from the setting you meant, correct the selector at its provider here. "
    "If not, another service sends for {domain}: add it.",
)
