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


_ERRNO = r"\berrno[\"']?\W{1,5}?"  # of Python, PHP and Node.js, of Linux, macOS and libuv
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
        r"error:num=62\b|SSL_ERROR_BAD_CERT_DOMAIN|SEC_E_WRONG_PRINCIPAL|hostname_check_failed",
    ),
    Mark(
        Failure.CERTIFICATE_UNTRUSTED,
        Stage.CERTIFICATE,
        r"DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(?:VERIFY|GET_ISSUER)"
        r"|RemoteCertificateChainErrors|SunCertPathBuilder|peer certificate: UnknownIssuer"
        r"|verify error:num=(?:2|18|19|20|21)\b|CaUsedAsEndEntity|UnsupportedCertVersion"
        r"|SEC_E_UNTRUSTED_ROOT|cacerts: :undefined"
        r"|Remotezertifikat ist|certificat distant n'est pas|certificado remoto (?:no es|é inv)"
        r"|certificato remoto non|远程证书无效|Удаленный сертификат недействителен",
    ),
    Mark(
        Failure.TLS_MODE,
        Stage.CERTIFICATE,
        r"WRONG_VERSION_NUMBER|UNKNOWN_PROTOCOL|InvalidContentType|HTTP_REQUEST\b"
        r"|(?:PACKET|DATA)_LENGTH_TOO_LONG|RECORD_LAYER_FAILURE|:unexpected_message\b|0x800CCC1A",
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
        rf"\bEAI_AGAIN\b|\bE?SERVFAIL\b|\b11002\b|{_ERRNO}-?(?:3|3001)\b"
        r"|\bquery\w{0,9} E(?:TIMEOUT|REFUSED)|WSATRY_AGAIN|Temporary failure in name resolution"
        r"|Fehler bei der Namensaufl|dans la résolution du nom|en la resolución del nombre"
        r"|na resolução de nome|Risoluzione del nome temporaneamente|Временный сбой в разрешении"
        r"|域名解析.{0,6}失败",
    ),
    Mark(
        Failure.NO_SUCH_HOST,
        Stage.RESOLVE,
        r"\bENOTFOUND \S|\bEAI_NONAME\b|\bNXDOMAIN\b|\b11001\b|\b11004\b|0x00002AF9|0x800CCC0D"
        r"|UnknownHost"
        rf"|{_ERRNO}-(?:[25]|3008)\b|WSAHOST_NOT_FOUND"
        r"|Host ist unbekannt|kein Host dieser Art|Dienst ist nicht bekannt|hôte inconnu"
        r"|service inconnu|host desconocido|servicio desconocido|host sconosciuto|不知道这样的主机"
        r"|名称或服务未知|未知的名称或服务|未知主机|serviço desconhecido|servizio sconosciuto"
        r"|Этот хост неизвестен|служба не известны|不明なホスト|Nieznana nazwa|Naam of service",
    ),
    Mark(
        Failure.CONNECTION_REFUSED,
        Stage.CONNECT,
        rf"ECONNREFUSED|\b10061\b|os error (?:111|61)\b|{_ERRNO}-?(?:111|61|4078)\b"
        r"|0x0000274D"
        r"|Verbindung verweigerte|Verbindungsaufbau abgelehnt|expressément refusé|connexion refusée"
        r"|denegó expresamente|conexión rehusada|rifiuto persistente|connessione rifiutata"
        r"|recusou ativamente|recusaram ativamente|conexão recusada|actief (?:heeft )?geweigerd"
        r"|aktywnie .{0,12}odmawia|积极拒绝|отверг запрос на подключение"
        r"|拒绝连接|连接被拒绝|В соединении отказано|接続を拒否|コンピューターによって拒否"
        r"|Połączenie odrzucone|Verbinding is geweigerd|Bağlantı reddedildi",
    ),
    Mark(
        Failure.UNREACHABLE,
        Stage.CONNECT,
        r"EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|\b100(?:49|51|65)\b|os error (?:101|113|99)\b"
        rf"|{_ERRNO}-?(?:101|113|99|51|65|406[24])\b|EAFNOSUPPORT"
        r"|Netzwerk ist nicht erreichbar|keine Route zum|réseau .{0,20}(?:inaccessible|accessible)"
        r"|aucun chemin d'accès|la red es inaccesible|ninguna ruta|rete non raggiungibile"
        r"|没有到主机的路由|网络不可达|Сеть недоступна|Rede fora de alcance"
        r"|Adresse ist in diesem Kontext|n'est pas valide dans son contexte|válida en este contexto"
        r"|non è valido nel proprio contesto|inválido no contexto|在其上下文中.{0,12}无效",
    ),
    Mark(
        Failure.BLOCKED_LOCALLY,
        Stage.CONNECT,
        r"\bEACCES\b|\bEPERM\b|\b10013\b|os error (?:13|1)\b|0x0000271D"
        rf"|{_ERRNO}-?(?:13|4092)\b"
        r"|Zugriffsrechte des Sockets|manière interdite par ses autorisations|no permitido por sus"
        r"|modo non consentito|keine Berechtigung|permission non accordée|permiso denegado",
    ),
    Mark(
        Failure.TIMEOUT,
        Stage.CONNECT,
        rf"connect ETIMEDOUT|os error (?:110|60)\b|{_ERRNO}-?(?:110|60|4039)\b|OpenTimeout"
        r"|0x0000274C|0x800CCC0E|network_failure.{1,200}:timeout\b"
        r"|Gegenstelle nach einer bestimmten|tentative de connexion a échoué"
        r"|parte conectada no respondió|risposta non corretta della parte"
        r"|tentativa de conexão falhou|verbindingspoging is mislukt|连接尝试失败"
        r"|Wartezeit für die Verbindung"
        r"|expiration du délai d'attente|expiró el tiempo de conexión|connessione scaduta"
        r"|Tempo esgotado para conexão|Время ожидания соединения истекло|нужный отклик"
        r"|连接(?:已)?超时|接続がタイムアウト|Przekroczony czas oczekiwania",
    ),
    Mark(
        Failure.CLOSED,
        None,
        r"ECONNRESET|ECONNABORTED|\bEPIPE\b|\b1005[34]\b|os error (?:32|104|54)\b"
        rf"|{_ERRNO}-?(?:32|104|54|4077)\b|\bEOFError\b|0x00002746|0x800CCC(?:0F|19)"
        r"|vom Remotehost geschlossen|vom Kommunikationspartner zurückgesetzt"
        r"|fermée par l'hôte distant|réinitialisée par le correspondant|por el host remoto"
        r"|dall'host remoto|pelo host remoto|强迫关闭了|door de externe host"
        r"|разорвал существующее подключение|连接被(?:对方|对端)重[设置]|断开的管道",
    ),
)


def find(lines: list[str]) -> tuple[Mark, str] | None:
    """Return the deepest failure that is named, and the line that names it."""
    for mark in MARKS:
        for line in lines:
            if mark.is_in(line):
                return mark, line
    return None
