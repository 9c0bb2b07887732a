"""What is hashed is specified to the byte; what was done to a chain is named."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.domain.chain import Damage, Entry, Finding, Head, Inspection, Link, hash_of

MOMENT = datetime(2026, 11, 22, 1, 2, 3, 45, tzinfo=UTC)
OFFICE = UUID(int=7)
ENTRY = Entry(
    institution_id=OFFICE,
    id=12,
    recorded_at=MOMENT,
    role="hr-officer",
    subject="Şükrü 😀",
    purpose=None,
    type="talentMoved",
    about_type="talent",
    about_id="",
    payload='{"n": 1.50}',
    before=None,
    after='{"box": 9}',
    request_id="r",
    transaction="771",
)
PLACE = Link(1, OFFICE, 12, "", MOMENT + timedelta(seconds=1))


def test_what_is_hashed_is_specified_to_the_byte() -> None:
    text = (
        "1:1,-,1:1,27:2026-11-22T01:02:04.000045Z,36:00000000-0000-0000-0000-000000000007,2:12,"
        "27:2026-11-22T01:02:03.000045Z,10:hr-officer,13:Şükrü 😀,-,11:talentMoved,6:talent,0:,"
        '11:{"n": 1.50},-,10:{"box": 9},1:r,3:771,'
    )
    assert hash_of(ENTRY, PLACE, None) == sha256(text.encode()).hexdigest()


def test_a_moment_is_the_same_in_every_time_zone() -> None:
    elsewhere = replace(ENTRY, recorded_at=MOMENT.astimezone(timezone(timedelta(hours=7))))
    assert hash_of(elsewhere, PLACE, None) == hash_of(ENTRY, PLACE, None)


@given(st.text(max_size=8), st.text(max_size=8) | st.none(), st.text(max_size=8), st.text(max_size=8) | st.none())
def test_no_two_entries_are_written_alike(role: str, purpose: str | None, kind: str, about: str | None) -> None:
    one = replace(ENTRY, role=role, purpose=purpose, type=kind, about_id=about)
    hashes = {hash_of(other, PLACE, None) for other in (ENTRY, one)}
    assert len(hashes) == (1 if one == ENTRY else 2)
    if purpose is not None and role != purpose:
        assert hash_of(one, PLACE, None) != hash_of(replace(one, role=purpose, purpose=role), PLACE, None)


def chained(count: int) -> list[tuple[Link, Entry]]:
    links: list[tuple[Link, Entry]] = []
    for n in range(1, count + 1):
        entry = replace(ENTRY, id=100 + n)
        link = Link(n, OFFICE, entry.id, "", MOMENT)
        previous = links[-1][0].hash if links else None
        links.append((replace(link, hash=hash_of(entry, link, previous)), entry))
    return links


def inspected(links: list[tuple[Link, Entry | None]], head: Head | None = None) -> list[Finding]:
    inspection = Inspection(head)
    found = [finding for link, entry in links for finding in inspection.look_at(link, entry)]
    return found + list(inspection.end())


def at(position: int, damage: Damage) -> Finding:
    return Finding(damage, position, OFFICE, 100 + position)


@given(st.integers(0, 6))
def test_a_whole_chain_has_no_findings(count: int) -> None:
    links = chained(count)
    assert inspected([*links]) == []
    for link, _ in links:
        assert inspected([*links], Head(link.position, link.hash)) == []


@given(st.integers(1, 5))
def test_one_damage_is_one_finding_at_its_place(n: int) -> None:
    links, place = chained(6), n - 1
    link, entry = links[place]
    for changed, damage in (
        ((link, replace(entry, subject="someone else")), Damage.ENTRY_CHANGED),
        ((link, None), Damage.ENTRY_REMOVED),
        ((replace(link, hash="0" * 64), entry), Damage.LINK_CHANGED),
        ((replace(link, chained_at=MOMENT + timedelta(days=1)), entry), Damage.ENTRY_CHANGED),
    ):
        assert inspected([*links[:place], changed, *links[n:]]) == [at(n, damage)]
    assert inspected([*links[:place], *links[n:]]) == [Finding(Damage.LINK_REMOVED, n, until=n)]


def test_a_chain_that_was_made_anew_is_known_by_a_head_kept_elsewhere() -> None:
    links = chained(4)
    kept = Head(3, "f" * 64)
    assert inspected([*links], kept) == [at(3, Damage.REWRITTEN)]
    shorter = Head(4, links[3][0].hash)
    assert inspected([*links[:2]], shorter) == [Finding(Damage.TAIL_REMOVED, 4)]
    assert inspected([], Head(1, "f" * 64)) == [Finding(Damage.TAIL_REMOVED, 1)]
