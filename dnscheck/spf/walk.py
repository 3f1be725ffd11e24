"""The way through SPF records for one client: term by term until one decides (RFC 7208)."""

import ipaddress
from dataclasses import dataclass, replace

from dnscheck.answers import Answer, Ask, Reason, Status
from dnscheck.spf import macros
from dnscheck.spf.evaluation import NO_MATCH, Node, Result
from dnscheck.spf.record import MOST_SHOWN, Record, Term, parse
from dnscheck.spf.terms import is_record

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
ERRORS = (Result.TEMPERROR, Result.PERMERROR)
COSTLY = ("include", "a", "mx", "ptr", "exists", "redirect")  # section 4.6.4
MOST_HOSTS = 10  # of one MX or PTR answer (section 4.6.4)
UNKNOWN = "unknown"  # what %{p}, %{r} and %{t} expand to when nobody knows


class Stop(Exception):
    """Ends the evaluation with an error."""

    def __init__(self, result: Result, problem: str) -> None:
        super().__init__(problem)
        self.result, self.problem = result, problem


@dataclass(frozen=True)
class Host:
    """What the record of one domain came to.

    After a redirect `domain`, `mechanism` and `exp` are those of the record that decided.
    """

    domain: str
    result: Result
    problem: str = ""
    record: str = ""
    steps: tuple[Node, ...] = ()
    mechanism: str = ""
    exp: str = ""
    is_void: bool = False


@dataclass(frozen=True)
class Seen:
    """What one term came to. `host` is what an include or a redirect led to."""

    result: str = NO_MATCH
    problem: str = ""
    is_void: bool = False  # asked and found nothing (section 4.6.4)
    host: Host | None = None


@dataclass
class Walk:
    """One evaluation, with what it used up. `values` are those of the macros' letters."""

    address: Address
    values: dict[str, str]
    ask: Ask
    most_lookups: int
    most_voids: int
    lookups: int = 0
    voids: int = 0
    has_pointers: bool = False  # %{p} was counted

    @property
    def type(self) -> str:
        """The type of the records that can hold the address."""
        return "A" if self.address.version == 4 else "AAAA"

    async def host(self, domain: str) -> Host:
        """Find the record of a domain and evaluate it (sections 4.3 to 4.7). Never raises."""
        name = domain.removesuffix(".")
        if not macros.is_name(name) or "." not in name or name.startswith("["):
            return Host(name, Result.NONE, f"“{domain}” is no domain name.")
        try:
            answer = await self._answer(_asked(name), "TXT")
        except Stop as stop:
            return Host(name, stop.result, stop.problem)
        records = [text for text in answer.texts if is_record(text)]
        if not records:
            problem = f"There is no SPF record at {name}."
            return Host(name, Result.NONE, problem, is_void=_is_void(answer))
        if len(records) > 1:
            problem = f"There are {len(records)} SPF records at {name}, so none of them counts."
            return Host(name, Result.PERMERROR, problem)
        try:
            record = parse(records[0])
        except ValueError as error:
            problem = f"The SPF record at {name} cannot be read. {error}"
            return Host(name, Result.PERMERROR, problem, records[0])
        return replace(await self._decided(record, name), record=records[0])

    async def explanation(self, host: Host) -> str:
        """Return what the owner of the deciding record wants told; nothing if that is unclear.

        Its look-ups count towards no limit (sections 4.6.4 and 6.2).
        """
        name = macros.name_of(await self._expanded(host.exp, host.domain))
        answer = await self.ask(_asked(name), "TXT") if macros.is_name(name) else None
        if answer is None or len(answer.values) != 1:
            return ""
        text = answer.texts[0]
        return await self._expanded(text, host.domain) if macros.is_explanation(text) else ""

    async def _decided(self, record: Record, domain: str) -> Host:
        """Take the terms of a record one by one until a result is known (section 4.6.2)."""
        steps: list[Node] = []
        for term in record.terms:
            node, seen = await self._step(term, domain)
            steps.append(node)
            if seen.result == NO_MATCH:
                continue
            result, so_far = Result(seen.result), tuple(steps)
            if result in ERRORS:
                return Host(domain, result, seen.problem, steps=so_far)
            if term.kind == "redirect" and seen.host:
                return replace(seen.host, steps=so_far)
            return Host(domain, result, steps=so_far, mechanism=term.text, exp=record.exp)
        return Host(domain, Result.NEUTRAL, steps=tuple(steps))

    async def _step(self, term: Term, domain: str) -> tuple[Node, Seen]:
        """Return a term's place in the tree, and what it came to."""
        lookups, voids, target = self.lookups, self.voids, ""
        try:
            if term.kind in COSTLY:
                self._count_lookup(term)
                target = await self._target(term, domain)
            seen = await self._seen(term, target)
            if seen.is_void:
                self._count_void()
        except Stop as stop:
            seen = Seen(stop.result, stop.problem)
        node = Node(
            term=term.text,
            result=seen.result,
            target=target,
            lookups=self.lookups - lookups,
            void_lookups=self.voids - voids,
            problem=seen.problem,
            children=seen.host.steps if seen.host else (),
        )
        return node, seen

    async def _seen(self, term: Term, target: str) -> Seen:
        """Evaluate one term (sections 5 and 6.1)."""
        if term.kind == "all" or (term.network and self.address in term.network):
            return Seen(term.result)
        if term.network:
            return Seen()
        if term.kind in ("include", "redirect"):
            return _followed(term, await self.host(target))
        if not macros.is_name(target):  # undefined by section 4.8: as one that does not exist
            return Seen(problem=f"“{target}” is no name that can be asked for.")
        if term.kind == "ptr":
            return await self._ptr(term, target)
        if term.kind == "mx":
            return await self._mx(term, target)
        answer = await self._answer(_asked(target), "A" if term.kind == "exists" else self.type)
        if term.kind == "exists":
            return Seen(term.result) if answer.texts else Seen(is_void=_is_void(answer))
        return Seen(term.result) if self._holds(answer, term) else Seen(is_void=_is_void(answer))

    async def _mx(self, term: Term, target: str) -> Seen:
        """Section 5.4. The name itself does not stand in for a missing MX."""
        answer = await self._answer(_asked(target), "MX")
        if len(answer.values) > MOST_HOSTS:
            raise Stop(Result.PERMERROR, f"{target} has more than {MOST_HOSTS} MX records.")
        hosts = sorted(answer.values, key=lambda value: value.preference or 0)
        named = [host.text for host in hosts if host.text.strip(".")]  # RFC 7505: a null MX
        is_void = bool(named) or _is_void(answer)
        for name in named:
            addresses = await self._answer(name, self.type)
            if self._holds(addresses, term):
                return Seen(term.result)
            is_void = is_void and not addresses.texts
        return Seen(is_void=is_void)

    async def _ptr(self, term: Term, target: str) -> Seen:
        """Section 5.5. What cannot be asked does not match."""
        pointers = await self.ask(self.address.reverse_pointer, "PTR")
        names = await self._validated(pointers)
        if any(_is_within(name, target) for name in names):
            return Seen(term.result)
        return Seen(is_void=_is_void(pointers))

    async def _validated(self, pointers: Answer) -> list[str]:
        """Return the names of the client that lead back to it (section 5.5)."""
        names = []
        for name in pointers.texts[:MOST_HOSTS]:
            answer = await self.ask(name, self.type)
            if any(ipaddress.ip_address(text) == self.address for text in answer.texts):
                names.append(name)
        return names

    def _holds(self, answer: Answer, term: Term) -> bool:
        """Whether the address is in the network of one of these addresses."""
        length = term.lengths[self.address.version == 6]
        return any(
            self.address in ipaddress.ip_network(f"{text}/{length}", strict=False)
            for text in answer.texts
        )

    async def _target(self, term: Term, domain: str) -> str:
        """Return the name a term means (section 4.8)."""
        if not term.target:
            return domain
        if "p" in macros.letters(term.target) and not self.has_pointers:
            self.has_pointers = True
            self._count_lookup(term)
        return macros.name_of(await self._expanded(term.target, domain))

    async def _expanded(self, text: str, domain: str) -> str:
        values = {**self.values, "d": domain}
        if "p" in macros.letters(text):
            values["p"] = await self._client_name(domain)
        return macros.expand(text, values)

    async def _client_name(self, domain: str) -> str:
        """Return the validated name of the client, best one of the domain (section 7.3)."""
        names = await self._validated(await self.ask(self.address.reverse_pointer, "PTR"))
        names.sort(key=lambda name: (name != domain.lower(), not _is_within(name, domain)))
        return names[0] if names else UNKNOWN

    async def _answer(self, name: str, type: str) -> Answer:
        answer = await self.ask(name, type)
        if answer.definitive or answer.reason is Reason.BAD_NAME:
            return answer
        why = answer.reason or "no answer"
        problem = f"The DNS could not be asked for {type} at {name}: {why}."
        raise Stop(Result.TEMPERROR, problem)

    def _count_lookup(self, term: Term) -> None:
        self.lookups += 1
        if self.lookups > self.most_lookups:
            shown = term.text[:MOST_SHOWN]
            problem = f"More than {self.most_lookups} DNS look-ups: “{shown}” is one too many."
            raise Stop(Result.PERMERROR, problem)

    def _count_void(self) -> None:
        self.voids += 1
        if self.voids > self.most_voids:
            problem = f"More than {self.most_voids} look-ups found nothing."
            raise Stop(Result.PERMERROR, problem)


def _followed(term: Term, host: Host) -> Seen:
    """Return what the result at another name means here (sections 5.2 and 6.1)."""
    if host.result in ERRORS:
        return Seen(host.result, host.problem, host.is_void, host)
    if host.result is Result.NONE:
        return Seen(Result.PERMERROR, host.problem, host.is_void, host)
    if term.kind == "redirect":
        return Seen(host.result, host=host)
    return Seen(term.result if host.result is Result.PASS else NO_MATCH, host=host)


def _asked(name: str) -> str:
    """Return a name as an Ask reads it: a backslash is one of the name's own characters."""
    return name.lower().replace("\\", "\\\\")


def _is_within(name: str, domain: str) -> bool:
    return name == domain.lower() or name.endswith("." + domain.lower())


def _is_void(answer: Answer) -> bool:
    return answer.status in (Status.NO_NAME, Status.NO_RECORD)
