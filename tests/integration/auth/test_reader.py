"""Reads on connections that are kept: from whom, how much, and what becomes of a connection that misbehaves."""

from __future__ import annotations

import asyncio
import gzip
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest

from app.auth import reader as reading
from app.auth.destinations import LOOPBACK, Destinations, ForbiddenDestinationError, networks_named
from app.auth.reader import Reader
from tests.integration.auth.test_destinations import contexts, leading_to

LARGEST = 1000
WELL = b"HTTP/1.1 200 OK\r\n"
FINE = WELL + b"content-length: 2\r\n\r\n{}"
INSIDE = Destinations(networks_named(LOOPBACK), allows_http=True)


@dataclass
class Script:
    """A server that answers each request with the next of its bytes; with the last ones from then on."""

    answers: Sequence[bytes]
    url: str = ""
    asked: list[str] = field(default_factory=list)
    connections: int = 0
    ended: int = 0

    async def serve(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while head := await source.readuntil(b"\r\n\r\n"):
                self.asked.append(head.decode())
                answer = self.answers[min(len(self.asked), len(self.answers)) - 1]
                target.write(answer)
                await target.drain()
                if b"close" in answer or (b"content-length" not in answer and b"chunked" not in answer):
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.ended += 1
            target.close()


@asynccontextmanager
async def answering(*answers: bytes, tls: ssl.SSLContext | None = None) -> AsyncIterator[Script]:
    script = Script(answers)
    server = await asyncio.start_server(script.serve, "127.0.0.1", 0, ssl=tls)
    port = server.sockets[0].getsockname()[1]
    script.url = f"http{'' if tls is None else 's'}://127.0.0.1:{port}/a/1"
    try:
        yield script
    finally:
        server.close()


@asynccontextmanager
async def a_reader(destinations: Destinations = INSIDE) -> AsyncIterator[Reader]:
    reader = destinations.reader(httpx2.Cookies())
    try:
        yield reader
    finally:
        reader.close()
        await asyncio.sleep(0)


async def test_the_certificate_is_that_of_the_name_and_the_connection_goes_to_the_checked_address(
    tmp_path: Path,
) -> None:
    server, trusting = contexts(tmp_path, "siasn.example")
    destinations = Destinations(networks_named(LOOPBACK), resolve=leading_to("127.0.0.1"), tls=trusting)
    async with answering(FINE, tls=server) as script:
        there = script.url.replace("127.0.0.1", "siasn.example")
        async with a_reader(destinations) as reader:
            for _ in range(3):
                assert await reader.read(there, {}, LARGEST) == (200, b"{}", None)
            assert script.connections == 1
            assert f"host: {httpx2.URL(there).netloc.decode()}\r\n" in script.asked[0]
            for elsewhere in (script.url, there.replace("siasn", "other")):  # the certificate is another's
                with pytest.raises(httpx2.ConnectError):
                    await reader.read(elsewhere, {}, LARGEST)
        async with a_reader(Destinations(resolve=leading_to("127.0.0.1"), tls=trusting)) as reader:
            with pytest.raises(ForbiddenDestinationError, match=r"destination\.private"):
                await reader.read(there, {}, LARGEST)
        async with a_reader(Destinations(networks_named(LOOPBACK), tls=trusting)) as reader:
            with pytest.raises(ForbiddenDestinationError, match=r"destination\.https"):
                await reader.read(script.url.replace("https", "http"), {}, LARGEST)
        assert len(script.asked) == 3


async def test_an_address_that_does_not_answer_is_followed_by_the_next() -> None:
    both = Destinations(networks_named(LOOPBACK), allows_http=True, resolve=leading_to("127.9.9.9", "127.0.0.1"))
    async with answering(FINE) as script, a_reader(both) as reader:
        there = script.url.replace("127.0.0.1", "siasn.example")
        assert await reader.read(there, {}, LARGEST) == (200, b"{}", None)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"HTTP/1.1 103 Early Hints\r\nset-cookie: a=b\r\n\r\n" + FINE, (200, b"{}", None)),
        (
            WELL + b"transfer-encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\nretry-after: 9\r\n\r\n",
            (200, b"{}", None),
        ),
        (WELL + b"\r\n{}", (200, b"{}", None)),  # until the connection ends
        (b"HTTP/1.1 429 Slow\r\nRetry-After: 7\r\ncontent-length: 0\r\n\r\n", (429, b"", "7")),
        (b"HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n", (302, b"", None)),
        (WELL + b"content-length: 1001\r\n\r\n" + b"x" * 1001, (200, None, None)),
        (WELL + b"\r\n" + b"x" * 100_000, (200, None, None)),
    ],
)
async def test_an_answer_is_read_whole_or_not_at_all(answer: bytes, told: reading.Told) -> None:
    async with answering(answer) as script, a_reader() as reader:
        assert await reader.read(script.url, {}, LARGEST) == told
        assert len(script.asked) == 1


async def test_what_was_compressed_is_no_larger_than_anything_else() -> None:
    packed = [gzip.compress(body) for body in (b"x" * LARGEST, b"x" * (LARGEST + 1), b"x" * 10_000_000)]
    packed += [packed[0][:-9], b"x"]
    answers = [WELL + b"content-encoding: gzip\r\ncontent-length: %d\r\n\r\n%s" % (len(one), one) for one in packed]
    async with answering(*answers) as script, a_reader() as reader:
        assert await reader.read(script.url, {}, LARGEST) == (200, b"x" * LARGEST, None)
        assert await reader.read(script.url, {}, LARGEST) == (200, None, None)
        assert await reader.read(script.url, {}, 10 * LARGEST) == (200, None, None)
        for _ in range(2):
            with pytest.raises(httpx2.RemoteProtocolError):
                await reader.read(script.url, {}, LARGEST)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"", httpx2.ReadError),
        (b"HTTP/1.1 200", httpx2.ReadError),
        (b"garbage", httpx2.ReadError),
        (WELL + b"x: " + b"y" * 70_000, httpx2.ReadError),
        (WELL + b"content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", httpx2.ReadError),
        (b"HTTP/1.1 101 Other\r\nupgrade: x\r\nconnection: upgrade\r\n\r\nx", httpx2.ReadError),
        (WELL + b"transfer-encoding: chunked\r\n\r\nnonsense\r\n", httpx2.RemoteProtocolError),
        (WELL + b"connection: close\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}", httpx2.RemoteProtocolError),
        (WELL + b"connection: close\r\ncontent-length: 3\r\n\r\n{}", httpx2.RemoteProtocolError),
    ],
)
async def test_an_answer_that_is_none_is_told_from_one_that_broke_off(answer: bytes, error: type[Exception]) -> None:
    async with answering(answer) as script, a_reader() as reader:
        with pytest.raises(error) as raised:
            await reader.read(script.url, {}, 100_000)
        assert type(raised.value) is error


async def test_an_answer_that_nobody_has_asked_for_is_nobodys() -> None:
    other = WELL + b"content-length: 5\r\nset-cookie: other=1\r\n\r\nother"
    async with answering(FINE + other, FINE) as script, a_reader() as reader:
        assert await reader.read(script.url, {}, LARGEST) == (200, b"{}", None)
        assert await reader.read(script.url, {}, LARGEST) == (200, b"{}", None)
        assert script.connections == 2
        assert "other" not in "".join(script.asked)


async def test_a_connection_is_kept_as_long_as_its_server_wants_and_not_for_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    last = WELL + b"connection: close\r\ncontent-length: 2\r\n\r\n{}"
    async with answering(FINE, last, FINE) as script, a_reader() as reader:
        for connections in (1, 1, 2, 2):
            await reader.read(script.url, {}, LARGEST)
            assert script.connections == connections
        monkeypatch.setattr(reading, "KEPT_FOR", 0.0)
        await reader.read(script.url, {}, LARGEST)
        assert script.connections == 3


async def test_whoever_waits_no_longer_leaves_no_connection_to_the_next() -> None:
    async with answering(WELL + b"content-length: 2\r\n\r\n{", FINE) as script, a_reader() as reader:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await reader.read(script.url, {}, LARGEST)
        assert await reader.read(script.url, {}, LARGEST) == (200, b"{}", None)
        assert (script.connections, script.ended) == (2, 1)


async def test_cookies_go_where_they_are_of_until_they_are_forgotten() -> None:
    baked = (
        WELL + b"set-cookie: node=1; Path=/a\r\nset-cookie: far=2; Domain=other.example\r\ncontent-length: 0\r\n\r\n"
    )
    async with answering(baked, FINE) as script, a_reader() as reader:
        for path in ("/a/1", "/a/2", "/b/1"):
            await reader.read(script.url.replace("/a/1", path), {}, LARGEST)
        reader.forget_cookies()
        await reader.read(script.url, {}, LARGEST)
    assert ["cookie: node=1\r\n" in one for one in script.asked] == [False, True, False, False]
    assert "far" not in "".join(script.asked)


@pytest.mark.parametrize(
    ("path", "headers"),
    [("/a", {"x": "1\r\nhost: other"}), ("/a", {"x\r\n": "1"}), ("/a", {"x": "é"}), ("/a b", {}), ("/a\r\nx: 1", {})],
)
async def test_nothing_is_smuggled_into_a_request(path: str, headers: dict[str, str]) -> None:
    async with answering(FINE) as script, a_reader() as reader:
        url = script.url.replace("/a/1", path)
        try:
            await reader.read(url, headers, LARGEST)
        except (httpx2.LocalProtocolError, httpx2.InvalidURL):
            assert script.asked == []
        else:
            assert script.asked[0].startswith("GET /a%20b HTTP/1.1\r\n")
