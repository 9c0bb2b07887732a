"""Where the service speaks to: checked at every request, connected to what was checked, named by certificate."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from app.auth.destinations import (
    LOOPBACK,
    Destinations,
    ForbiddenDestinationError,
    Resolver,
    networks_named,
    resolved,
)
from app.auth.webhooks import send_event, signature_of
from app.domain.errors import Invalid
from tests.webhooks import receiving

PUBLIC = Destinations(tls=ssl.create_default_context())


def leading_to(*addresses: str) -> Resolver:
    async def resolve(_name: str, _port: int) -> list[str]:
        return list(addresses)

    return resolve


async def code_of(destinations: Destinations, address: str) -> str | None:
    try:
        await destinations.must_be_reachable(address, "/url")
    except Invalid as error:
        return error.faults[0].code
    return None


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200"),
        *("0.1.2.3", "224.0.0.1", "240.0.0.1", "255.255.255.255", "168.63.129.16", "192.0.2.1", "198.18.0.1"),
        *("::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "::ffff:8.8.8.8"),
        *("::ffff:10.0.0.1", "2002:0a00:0001::", "64:ff9b::7f00:1", "2001:0:4136:e378:8000:63bf:3fff:fdd2"),
    ],
)
async def test_no_address_inside_is_spoken_to_however_it_is_written(address: str) -> None:
    written = f"[{address}]" if ":" in address else address
    assert await code_of(PUBLIC, f"https://{written}/events") == "destination.private"
    named = Destinations(resolve=leading_to(address), tls=PUBLIC.tls)
    assert await code_of(named, "https://receiver.example/events") == "destination.private"


@given(st.ip_addresses(v=4, network="10.0.0.0/8") | st.ip_addresses(v=6, network="fc00::/7"))
def test_a_private_address_is_spoken_to_only_where_its_network_is_allowed(address: ipaddress.IPv4Address) -> None:
    written = f"[{address}]" if address.version == 6 else address
    url = f"https://{written}/"
    with pytest.raises(Invalid):
        PUBLIC.must_be_plausible(url, "/url")
    Destinations(networks_named(["10.0.0.0/8", "fc00::/7"]), tls=PUBLIC.tls).must_be_plausible(url, "/url")


async def test_of_several_addresses_only_public_ones_are_taken() -> None:
    mixed = Destinations(resolve=leading_to("10.0.0.1", "8.8.8.8", "::1"), tls=PUBLIC.tls)
    assert [str(one) for one in await mixed.addresses_of(URL("https://receiver.example/"))] == ["8.8.8.8"]
    assert await code_of(Destinations(resolve=leading_to(), tls=PUBLIC.tls), "https://a.example") == (
        "destination.unresolved"
    )


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://8.8.8.8/", "destination.https"),
        ("file:///etc/passwd", "destination.address"),
        ("https://user@8.8.8.8/", "destination.credentials"),
        ("https://8.8.8.8/#here", "destination.address"),
        ("https://8.8.8.8:0/", "destination.address"),
        ("https://8.8.8.8/ x", "destination.address"),
        *(
            (f"https://{number}/", "destination.address")
            for number in ("127.1", "2130706433", "127.0.0.1.", "8.8.8.8.")
        ),
        *((f"https://{name}/", "destination.private") for name in ("0x7f.1", "localhost")),
        ("https://8.8.8.8/" + "x" * 2000, "destination.address"),
        ("//8.8.8.8/", "destination.https"),
    ],
)
async def test_what_is_no_plain_https_address_is_refused(address: str, code: str) -> None:
    assert await code_of(PUBLIC, address) == code


def test_a_network_is_written_as_one() -> None:
    with pytest.raises(ValueError, match="10"):
        networks_named(["10.0.0.1/8"])


def contexts(directory: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Of a server with a certificate for a name, and of somebody who trusts it alone."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), 1, now - timedelta(1), now + timedelta(1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    pem = builder.sign(key, SHA256()).public_bytes(Encoding.PEM)
    chain = directory / "chain.pem"
    chain.write_bytes(pem + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(chain)
    return server, ssl.create_default_context(cadata=pem.decode())


async def test_the_certificate_is_that_of_the_name_and_the_connection_goes_to_the_checked_address(
    tmp_path: Path,
) -> None:
    server, trusting = contexts(tmp_path, "receiver.example")
    addresses = ["127.0.0.1"]
    destinations = Destinations(networks_named(LOOPBACK), resolve=leading_to(*addresses), tls=trusting)
    with receiving(server) as receiver:
        there = receiver.url.replace("127.0.0.1", "receiver.example")
        async with destinations.client(timeout=5) as client:
            assert (await client.post(there, data=b"{}")).status == 204
            assert receiver.received[0].headers["host"] == URL(there).authority
            for elsewhere in (receiver.url, there.replace("receiver", "other")):  # the certificate is another's
                with pytest.raises(aiohttp.ClientConnectorError):
                    await client.post(elsewhere, data=b"{}")
        inside = Destinations(resolve=leading_to(*addresses), tls=trusting)
        async with inside.client(timeout=5) as client:
            with pytest.raises(ForbiddenDestinationError, match=r"destination\.private"):
                await client.post(there, data=b"{}")
        assert len(receiver.received) == 1


async def test_an_address_that_does_not_answer_is_followed_by_the_next() -> None:
    both = Destinations(networks_named(LOOPBACK), allows_http=True, resolve=leading_to("127.9.9.9", "127.0.0.1"))
    with receiving() as receiver:
        async with both.client(timeout=5) as client:
            there = receiver.url.replace("127.0.0.1", "receiver.example")
            assert (await client.post(there, data=b"{}")).status == 204


async def test_wherever_a_client_is_sent_it_speaks_to_nobody_inside() -> None:
    moved = (302, {"location": "https://10.0.0.1/"}, b"")
    inside = Destinations(networks_named(["127.0.0.1/32"]), allows_http=True)
    with receiving() as receiver:
        receiver.answers = lambda _: moved
        async with inside.client(timeout=5) as client:
            for elsewhere in ("https://10.0.0.1/", "https://0x7f.2/", "http://8.8.8.8/", "https://127.2/", "file:///"):
                with pytest.raises(inside.unsent):
                    await client.post(elsewhere, data=b"{}")
            with pytest.raises(ForbiddenDestinationError, match=r"destination\.private"):
                await client.post(receiver.url, data=b"{}")  # a client that follows redirects, which ours do not
            assert (await send_event(client, receiver.url, "us", "1", b"{}", [], datetime.now(UTC))).status == 302
        assert len(receiver.received) == 2


def test_a_signature_is_the_one_of_the_specification() -> None:
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    signed = signature_of(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


async def test_a_name_server_that_does_not_answer_holds_up_no_other_work(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers.wait(10) and [])
    asking = [asyncio.create_task(resolved(f"{number}.example", 443)) for number in range(40)]
    try:
        await asyncio.sleep(0)  # all of them are asking
        async with asyncio.timeout(5):
            assert await asyncio.to_thread(int) == 0
    finally:
        answers.set()
        await asyncio.gather(*asking)
