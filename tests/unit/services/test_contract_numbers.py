"""Days and decimals of commands are taken as they are written out, and nothing else for one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from pydantic import ValidationError

from app.services.consents import GiveConsent
from app.services.contract import Command
from app.services.cycles import Day
from app.services.standing import KeepReference
from app.services.verifications import GiveTechnicalScore


class Asked(Command):
    """A day, as commands have it."""

    on: Day


@pytest.mark.parametrize("written", [0, 1_700_000_000, 1.5, True, "0", "1700000000", "20260101", "2026-1-1", None])
def test_a_day_is_written_out(written: object) -> None:
    assert Asked.model_validate({"on": "2026-01-31"}).on == Asked(on=date(2026, 1, 31)).on
    reference = {"kind": "regulation", "name": "Perwako 11/2023", "title": {"id": "Manajemen", "en": "Management"}}
    consent = {"scope": "anonymousListing", "expiresAt": written}
    for command, body in ((Asked, {"on": written}), (GiveConsent, consent), (KeepReference, reference)):
        where = next(iter(set(body) - {"kind", "name", "title", "scope"}), "dated")
        if where == "dated" and written is None:
            continue
        with pytest.raises(ValidationError) as refused:
            command.model_validate({**body, where: written})
        assert (where,) in [error["loc"] for error in refused.value.errors()]


@pytest.mark.parametrize("written", ["1_0", "1e1", " 10", "٨٠", "", "ten", True])
def test_a_score_is_written_out(written: object) -> None:
    assert GiveTechnicalScore.model_validate({"score": "80.25", "source": "Minutes"}).score == Decimal("80.25")
    with pytest.raises(ValidationError):
        GiveTechnicalScore.model_validate({"score": written, "source": "Minutes"})
