"""Where the fault lab of `manage.py demo` listens, and the environment that points there."""

from pathlib import Path

from config.env import BASE_DIR, env
from config.lab.moods import MOODS

HOST = "127.0.0.1"
NAMESERVER = env.int("RELAYDESK_LAB_PORT", default=8600)  # UDP and TCP
FIRST_MAIL_SERVER = NAMESERVER + 1
DATA = Path(env.str("RELAYDESK_DEMO_DATA", default=str(BASE_DIR / "data-demo"))).resolve()
MAIL_SERVERS = {slug: FIRST_MAIL_SERVER + number for number, slug in enumerate(MOODS)}
FAMILIAR_PORTS = (25, 465, 587, 2465, 2525, 2587)


def all_ports() -> list[int]:
    """Return every port the laboratory uses."""
    return [NAMESERVER, *MAIL_SERVERS.values()]


def environment() -> dict[str, str]:
    """Return the settings of a Relaydesk that sees nothing but the laboratory."""
    allowed = ",".join(str(port) for port in (*FAMILIAR_PORTS, *MAIL_SERVERS.values()))
    return {
        "RELAYDESK_DEMO": "1",
        "RELAYDESK_DATA": str(DATA),
        "DATABASE_URL": f"sqlite:///{DATA / 'relaydesk.sqlite3'}",
        "CELERY_BROKER_URL": "filesystem://localhost//",
        "DNS_SERVERS": f"{HOST}:{NAMESERVER}",
        "SMTP_NETWORKS": "127.0.0.1/32,::1/128",
        "SMTP_PORTS": allowed,
        "SMTP_CA_FILE": str(DATA / "lab" / "certificates" / "ca.pem"),
        "SMTP_HELO": "relaydesk.example",
        # The lab is near: what has not come after a few seconds does not come any more.
        "SMTP_TOTAL_SECONDS": env.str("SMTP_TOTAL_SECONDS", default="8"),
        "DNS_DOMAIN_SECONDS": "4",
    }
