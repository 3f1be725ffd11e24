"""Names a failure from what needs no English: symbols of systems and libraries, translations.

English sentences are left to `smtp.hints`, because servers use them as well.
"""

import re
from dataclasses import dataclass

from smtp.outcome import Failure, Stage


@dataclass(frozen=True)
class Mark:
    """One failure, the stage it belongs to, and a pattern of its signs in any case of letters."""

    failure: Failure
    stage: Stage | None
    signs: str

    def is_in(self, line: str) -> bool:
        """Whether a line shows this failure."""
        return re.search(self.signs, line, re.IGNORECASE) is not None


# What lies deeper stands first: a certificate was only seen where a connection stood.
MARKS = (
    Mark(
        Failure.CERTIFICATE_EXPIRED,
        Stage.CERTIFICATE,
        r"CERT_HAS_EXPIRED|CertificateExpired|peer certificate: Expired|verify error:num=10\b",
    ),
    Mark(
        Failure.CERTIFICATE_HOSTNAME,
        Stage.CERTIFICATE,
        r"ERR_TLS_CERT_ALTNAME_INVALID|RemoteCertificateNameMismatch|NotValidForName|verify "
        r"error:num=62\b|SSL_ERROR_BAD_CERT_DOMAIN|SEC_E_WRONG_PRINCIPAL",
    ),
    Mark(
        Failure.CERTIFICATE_UNTRUSTED,
        Stage.CERTIFICATE,
        r"DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(?:VERIFY|GET_ISSUER)"
        r"|RemoteCertificateChainErrors|SunCertPathBuilder|peer certificate: UnknownIssuer"
        r"|verify error:num=(?:2|18|19|20|21)\b|CaUsedAsEndEntity|UnsupportedCertVersion"
        r"|SEC_E_UNTRUSTED_ROOT"
        r"|Remotezertifikat ist|certificat distant n'est pas|certificado remoto no es",
    ),
    Mark(
        Failure.TLS_MODE,
        Stage.CERTIFICATE,
        r"WRONG_VERSION_NUMBER|UNKNOWN_PROTOCOL|InvalidContentType|HTTP_REQUEST\b"
        r"|ERR_SSL_PACKET_LENGTH_TOO_LONG|RECORD_LAYER_FAILURE",
    ),
    Mark(
        Failure.TLS_PROTOCOL,
        Stage.CERTIFICATE,
        r"HANDSHAKE_FAILURE|UNSUPPORTED_PROTOCOL|ALERT_PROTOCOL_VERSION|DH_KEY_TOO_SMALL"
        r"|EE_KEY_TOO_SMALL|NO_SHARED_CIPHER|NO_PROTOCOLS_AVAILABLE|TLSV1_ALERT_INTERNAL_ERROR"
        r"|UNSAFE_LEGACY_RENEGOTIATION|SEC_E_UNSUPPORTED_FUNCTION|SEC_E_ALGORITHM_MISMATCH"
        r"|peer is incompatible|PeerIncompatible",
    ),
    Mark(
        Failure.RESOLVER_FAILED,
        Stage.RESOLVE,
        r"\bEAI_AGAIN\b|\bE?SERVFAIL\b|\b11002\b|Errno -3\b|\bquery\w{0,9} E(?:TIMEOUT|REFUSED)"
        r"|WSATRY_AGAIN"
        r"|Fehler bei der Namensaufl|dans la résolution du nom|en la resolución del nombre",
    ),
    Mark(
        Failure.NO_SUCH_HOST,
        Stage.RESOLVE,
        r"\bENOTFOUND \S|\bEAI_NONAME\b|\bNXDOMAIN\b|\b11001\b|\b11004\b|0x00002AF9|UnknownHost"
        r"|Errno -[25]\b|WSAHOST_NOT_FOUND"
        r"|Host ist unbekannt|kein Host dieser Art|Dienst ist nicht bekannt|hôte inconnu"
        r"|service inconnu|host desconocido|servicio desconocido|host sconosciuto|不知道这样的主机",
    ),
    Mark(
        Failure.CONNECTION_REFUSED,
        Stage.CONNECT,
        r"ECONNREFUSED|\b10061\b|os error (?:111|61)\b|errno (?:111|61)\b|0x0000274D"
        r"|Verbindung verweigerte|Verbindungsaufbau abgelehnt|expressément refusé|connexion refusée"
        r"|denegó expresamente|conexión rehusada|rifiuto persistente|connessione rifiutata"
        r"|recusou ativamente|recusaram ativamente|conexão recusada|actief (?:heeft )?geweigerd"
        r"|aktywnie .{0,12}odmawia|积极拒绝|отверг запрос на подключение",
    ),
    Mark(
        Failure.UNREACHABLE,
        Stage.CONNECT,
        r"EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|\b10051\b|\b10065\b|os error (?:101|113|99)\b"
        r"|errno (?:101|113|99|51|65)\b|EAFNOSUPPORT"
        r"|Netzwerk ist nicht erreichbar|keine Route zum|réseau .{0,20}(?:inaccessible|accessible)"
        r"|aucun chemin d'accès|la red es inaccesible|ninguna ruta|rete non raggiungibile",
    ),
    Mark(
        Failure.BLOCKED_LOCALLY,
        Stage.CONNECT,
        r"\bEACCES\b|\bEPERM\b|\b10013\b|os error (?:13|1)\b|errno 13\b|0x0000271D"
        r"|Zugriffsrechte des Sockets|manière interdite par ses autorisations|no permitido por sus"
        r"|modo non consentito|keine Berechtigung|permission non accordée|permiso denegado",
    ),
    Mark(
        Failure.TIMEOUT,
        Stage.CONNECT,
        r"connect ETIMEDOUT|os error (?:110|60)\b|errno (?:110|60)\b|OpenTimeout|0x0000274C"
        r"|Gegenstelle nach einer bestimmten|tentative de connexion a échoué"
        r"|parte conectada no respondió|risposta non corretta della parte"
        r"|tentativa de conexão falhou|verbindingspoging is mislukt|连接尝试失败"
        r"|Wartezeit für die Verbindung"
        r"|expiration du délai d'attente|expiró el tiempo de conexión|connessione scaduta",
    ),
    Mark(
        Failure.CLOSED,
        None,
        r"ECONNRESET|ECONNABORTED|\bEPIPE\b|\b1005[34]\b|os error (?:32|104|54)\b"
        r"|errno (?:32|104|54)\b|\bEOFError\b|0x00002746"
        r"|vom Remotehost geschlossen|vom Kommunikationspartner zurückgesetzt"
        r"|fermée par l'hôte distant|réinitialisée par le correspondant|por el host remoto"
        r"|dall'host remoto|pelo host remoto|强迫关闭了|door de externe host",
    ),
)


def find(lines: list[str]) -> tuple[Mark, int] | None:
    """Return the deepest failure that is named, and the index of the line that names it."""
    for mark in MARKS:
        for at, line in enumerate(lines):
            if mark.is_in(line):
                return mark, at
    return None
