"""Floods are bounded: in count, and by what they may hold."""

import asyncio
import ipaddress
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest

from as_node.login.attempts import password_attempt
from scripts.soak.floods.chains import expensive_key
from scripts.soak.floods.connecting import connected, request
from scripts.soak.floods.effort import Effort
from scripts.soak.floods.flood import Flood
from scripts.soak.floods.guessing import address
from scripts.soak.floods.idle_connections import allowed, hold
from scripts.soak.floods.kinds import FLOODS
from scripts.soak.floods.peers import keep_at_it

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def with_server(serve: Serve, use: Callable[[int], Awaitable[None]]) -> None:
    """
    *use* is called with the port of a server that the system chose.

    Its connections are over before this is.
    """
    serving = asyncio.TaskGroup()

    async def served(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            await serve(reader, writer)
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    def accepted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.create_task(served(reader, writer))

    listening = asyncio.start_server(accepted, "127.0.0.1", 0)
    async with serving, await listening as server:
        await use(server.sockets[0].getsockname()[1])


def test_effort() -> None:
    """So many attempts, and not one more."""
    effort = Effort(most=3)
    assert [effort.take() for _ in range(5)] == [True, True, True, False, False]
    assert effort.begun == 3


@pytest.mark.parametrize("ended", [ConnectionResetError(), EOFError(), None])
def test_peers_stop_when_all_is_done(ended: Exception | None) -> None:
    """Together they make what is allowed; what the node ends is counted apart."""
    effort = Effort(most=50)
    numbers = set()

    async def attempt(number: int) -> None:
        numbers.add(number)
        await asyncio.sleep(0)
        if ended is not None:
            raise ended
        effort.done += 1

    asyncio.run(keep_at_it(7, effort, attempt))
    assert (effort.done, effort.refused) == ((50, 0) if ended is None else (0, 50))
    assert numbers == set(range(7))


def test_a_fault_of_ours_is_no_refusal() -> None:
    """It ends the flood, which is then known to be none."""

    async def attempt(number: int) -> None:
        raise KeyError(number)

    with pytest.raises(ExceptionGroup):
        asyncio.run(keep_at_it(2, Effort(most=9), attempt))


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS)
def test_each_flood_says_how_large_it_is(flood: Flood) -> None:
    """No more of its connections compete than it holds, and all of it has an end."""
    assert 0 < flood.at_a_time <= flood.connections <= 10_000
    assert 0 < flood.most <= 100_000


@pytest.mark.parametrize(
    ("descriptors", "expected"), [(1_000_000, 10_000), (1_024, 524), (256, 0)]
)
def test_as_many_idle_connections_as_the_limit_allows(
    descriptors: int, expected: int
) -> None:
    """RLIMIT_NOFILE, less what a process needs for other things."""
    assert allowed(descriptors) == expected


def test_idle_connections_are_held() -> None:
    """Those that are allowed are open at the same time, and then given up."""
    ended = []
    accepted = asyncio.Semaphore(0)

    async def serve(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        accepted.release()
        ended.append(await reader.read())

    async def use(port: int) -> None:
        effort = Effort(most=20)
        holding = asyncio.create_task(hold((port,), effort))
        await effort.up.wait()
        for _ in range(effort.done):
            await accepted.acquire()
        assert (effort.done, effort.refused, ended) == (20, 0, [])
        holding.cancel()
        await asyncio.gather(holding, return_exceptions=True)

    asyncio.run(with_server(serve, use))
    assert ended == [b""] * 20


def test_a_refused_connection_is_no_fault() -> None:
    """Nobody listens: all are refused, and the flood is up with what it has."""

    async def without_server() -> None:
        port = 0

        async def gone(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None: ...

        async def remember(of_server: int) -> None:
            nonlocal port
            port = of_server

        await with_server(gone, remember)
        effort = Effort(most=5)
        holding = asyncio.create_task(hold((port,), effort))
        await effort.up.wait()
        assert (effort.done, effort.refused) == (0, 5)
        holding.cancel()
        await asyncio.gather(holding, return_exceptions=True)

    asyncio.run(without_server())


def test_a_request_and_its_answer() -> None:
    """The octets that floods send, and as much of an answer as is its own."""
    heard = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n") + await reader.readexactly(3))
        answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
        writer.write(answer + answer)
        await writer.drain()

    async def use(port: int) -> None:
        async with connected(port, None) as peer:
            url = "https://localhost:7/token"
            await peer.send(request("POST", url, "A: b", body=b"c=d"))
            for _ in range(2):
                assert await peer.answer() == 200

    asyncio.run(with_server(serve, use))
    fields = b"Host: localhost:7\r\nA: b\r\nContent-Length: 3\r\n\r\n"
    assert heard == [b"POST /token HTTP/1.1\r\n" + fields + b"c=d"]


def test_addresses_are_many_and_loopback() -> None:
    """Each is an account of its own for the server that counts wrong passwords."""
    numbers = [0, 1, 199, 200, 39_999, 40_000, 7_999_999, 8_000_000]
    addresses = [address(number) for number in numbers]
    assert addresses[0] == addresses[-1] == "127.1.1.1"
    assert all(ipaddress.ip_address(each).is_loopback for each in addresses)
    accounts = {password_attempt("a", f"{a}:1", None).accounts[-1] for a in addresses}
    assert len(accounts) == 7


def test_an_expensive_key() -> None:
    """Its public exponent is nearly as long as its modulus."""
    numbers = expensive_key().public_key().public_numbers()
    assert numbers.e.bit_length() > numbers.n.bit_length() - 64
