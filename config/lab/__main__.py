"""The fault lab as a process of its own: `python -m config.lab`, until it is told to stop."""

import os
import signal
from contextlib import ExitStack

from config.lab import certificates, ports
from config.lab.mailservers import MailServer
from config.lab.moods import MOODS
from config.lab.nameserver import NameServer
from config.lab.zones import write_zones


def main() -> None:
    """Serve every zone and every mood on fixed ports of loopback."""
    os.umask(0o077)
    folder = ports.DATA / "lab"
    zones = folder / "zones"
    write_zones(zones)
    made = certificates.make(folder / "certificates")
    with ExitStack() as stack:
        stack.enter_context(NameServer(zones, port=ports.NAMESERVER))
        for slug, number in ports.MAIL_SERVERS.items():
            mail = folder / "mail" / slug
            stack.enter_context(MailServer(MOODS[slug], made, ports.HOST, number, mail))
        signal.sigwait([signal.SIGTERM, signal.SIGINT])


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM, signal.SIGINT])
    main()
