"""The simulator as a server: in a thread of a test, or in a process of its own."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.dev.siasn_simulator.control import door_of
from app.dev.siasn_simulator.server import Simulator

HOST: Final = "127.0.0.1"
_NO_LINGER: Final = struct.pack("ii", 1, 0)


class Breakable(HttpToolsProtocol):
    """HTTP that a request can reset."""

    def on_message_begin(self) -> None:
        """Give the request the means to end its connection."""
        super().on_message_begin()
        self.scope["state"]["reset"] = self._reset

    def _reset(self) -> None:
        if (connection := self.transport.get_extra_info("socket")) is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self.transport.abort()


def server_of(simulator: Simulator) -> uvicorn.Server:
    """A server of one worker, without a log of requests."""
    return uvicorn.Server(
        uvicorn.Config(
            door_of(simulator),
            log_config=None,
            log_level="critical",
            access_log=False,
            loop="uvloop",
            http=Breakable,
            lifespan="off",
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=1,
        )
    )


def bound(port: int = 0, host: str = HOST) -> socket.socket:
    """A socket on the port, or on a free one."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((host, port))
    listening.listen()  # whoever calls before the server runs waits, and is not refused
    return listening


@contextmanager
def in_a_thread(simulator: Simulator) -> Iterator[str]:
    """Serve until the block ends; yields the address."""
    listening, server = bound(), server_of(simulator)
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()
