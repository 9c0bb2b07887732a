"""A small SIASN on a real port for tests, which says what it was asked and fails as it is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.dev.siasn_simulator.control import APPLICATION_TOKEN, SSO_TOKEN, Switches, switch
from app.dev.siasn_simulator.faults import Fails, Fault
from app.dev.siasn_simulator.people import Register, register
from app.dev.siasn_simulator.server import API, REFERENCES, Asked, Simulator
from app.dev.siasn_simulator.serving import in_a_thread
from app.dev.siasn_simulator.tokens import CONSUMER_KEY, CONSUMER_SECRET, PASSWORD, SSO_CLIENT, USERNAME


@dataclass
class Siasn:
    """Where it is, and the simulator itself: its attributes are what a test switches and looks at."""

    url: str
    simulator: Simulator

    @property
    def nips(self) -> list[str]:
        return list(self.simulator.register.people)

    @property
    def institution(self) -> str:
        return self.simulator.register.workforce.institution

    @property
    def asked(self) -> Asked:
        return self.simulator.asked

    @property
    def addresses(self) -> dict[str, str]:
        """By the names that a connection has for them, credentials included."""
        return {
            "api_base": self.url + API,
            "reference_base": self.url + REFERENCES,
            "application_token_url": self.url + APPLICATION_TOKEN,
            "sso_token_url": self.url + SSO_TOKEN,
            "consumer_key": CONSUMER_KEY,
            "consumer_secret": CONSUMER_SECRET,
            "sso_client_id": SSO_CLIENT,
            "sso_username": USERNAME,
            "sso_password": PASSWORD,
        }

    def fails(self, how: Fails, at: str | None = None, **but: Any) -> None:
        """Fail from now on: `siasn.fails(Fails.SUSPENDED, "rw-jabatan", times=1)`."""
        self.simulator.faults.append(Fault(fails=how, at=at, **but))

    def switch(self, **but: Any) -> None:
        """Switch quirks and people: `siasn.switch(quirks=[...], moved={nip: "Pemerintah Kota Lain"})`."""
        switch(self.simulator, Switches(**but))

    def says(self, nip: str, history: str, *rows: dict[str, object]) -> None:
        """These rows and no others about somebody, also somebody whom it did not know."""
        self.simulator.said.setdefault(nip, {})[history] = list(rows)
        self.simulator.forget_answers()


_register = lru_cache(register)


@contextmanager
def a_siasn(people: int = 3, institution: str | None = None, **but: Any) -> Iterator[Siasn]:
    """A SIASN with so many invented people (or those of a demonstration institution); `but` as in `switch`."""
    known: Register = _register(institution, people)
    simulator = Simulator(known)
    switch(simulator, Switches(**but))
    with in_a_thread(simulator) as url:
        yield Siasn(url, simulator)
