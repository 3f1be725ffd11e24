"""One question to one server: over UDP, and over TCP when the answer does not fit (RFC 7766)."""

import asyncio
import struct
from collections.abc import Callable
from dataclasses import replace

import dns.message

from dnscheck.answers import Answer, Reason
from dnscheck.resolver.reading import NO_EDNS, Question, read, unknown
from dnscheck.resolver.servers import Server

LENGTH = struct.Struct("!H")  # before each message over TCP (RFC 1035 section 4.2.2)
Read = Callable[[bytes], Answer | None]  # None: these octets are no reply


async def ask_server(question: Question, server: Server, seconds: float) -> Answer:
    """Ask a server, and return within this time. Never raises for anything a server may do.

    A server that does not know EDNS is asked once more without (RFC 6891 section 7).
    """
    end = asyncio.get_running_loop().time() + seconds
    answer = await _ask(question, server, end)
    if answer.rcode in NO_EDNS:
        return await _ask(replace(question, edns=False), server, end)
    return answer


def until(
    end: float,
    clock: Callable[[], float],
    query: dns.message.QueryMessage,
    question: Question,
    server: Server,
) -> Read:
    """Return what reads replies to a query before this time, and none from then on.

    On a busy machine many replies wait at once, and reading each takes its time.
    """

    def hear(octets: bytes) -> Answer | None:
        return read(octets, query, question, server) if clock() < end else None

    return hear


async def _ask(question: Question, server: Server, end: float) -> Answer:
    query = question.message()
    octets = query.to_wire()
    hear = until(end, asyncio.get_running_loop().time, query, question, server)

    def keep(reply: bytes) -> Answer | None:
        answer = hear(reply)
        return answer and replace(answer, exchanges=((octets, reply),))

    answer = unknown(question.name, question.type, Reason.UNREACHABLE, server)
    try:
        async with asyncio.timeout_at(end):
            answer = await _over_udp(octets, server, keep)
            if answer.reason is Reason.TRUNCATED:
                whole = await _over_tcp(octets, server, hear)
                if whole:
                    flags = (*whole.flags, "TC")
                    answer = replace(whole, flags=flags, exchanges=answer.exchanges)
    except TimeoutError:
        if answer.reason is not Reason.TRUNCATED:
            return replace(answer, reason=Reason.TIMEOUT)
    except (OSError, EOFError):  # it hung up, it refused, or there is no way to it
        return answer
    return answer


class _Ear(asyncio.DatagramProtocol):
    """Listens until one datagram is a reply, and passes over those that are not."""

    def __init__(self, hear: Read) -> None:
        self._hear = hear
        self.answer = asyncio.get_running_loop().create_future()

    def datagram_received(self, data: bytes, _addr: object) -> None:
        """Take a datagram; the socket is connected, so it is from the server itself."""
        answer = None if self.answer.done() else self._hear(data)
        if answer is not None:
            self.answer.set_result(answer)

    def error_received(self, exc: Exception) -> None:
        """Give up: nobody listens there, or there is no way to it."""
        if not self.answer.done():
            self.answer.set_exception(exc)


async def _over_udp(octets: bytes, server: Server, hear: Read) -> Answer:
    transport, ear = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: _Ear(hear), remote_addr=server
    )
    try:
        transport.sendto(octets)
        answer: Answer = await ear.answer
        return answer
    finally:
        transport.close()


async def _over_tcp(octets: bytes, server: Server, hear: Read) -> Answer | None:
    reader, writer = await asyncio.open_connection(*server)
    try:
        writer.write(LENGTH.pack(len(octets)) + octets)
        (length,) = LENGTH.unpack(await reader.readexactly(LENGTH.size))
        return hear(await reader.readexactly(length))
    finally:
        writer.close()
