"""The rubric on arrays says of everybody in a batch what the domain says of each person alone."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain import next_evidence, nine_box
from app.domain.careers import PositionLevel
from app.domain.evidence import ASPECTS, COMPLETE_REGISTERS, Entry, Kind, Record, same_institution
from app.domain.ladder import Rung
from app.domain.nine_box import BOXES, Axis
from app.domain.placement import place
from app.kernels import columns as arrays
from app.kernels import frozen, scoring
from app.kernels.found import REASONS
from app.kernels.next_evidence import deciding
from tests.unit.strategies import BKN_411, INSTITUTION, OF_INSTITUTIONS, batches

AS_OF = date(2025, 12, 4)
OTHER_RUBRIC = replace(
    BKN_411,
    cut_points={Axis.PERFORMANCE: (50_500_000, 66_000_000), Axis.POTENTIAL: (40_000_000, 71_333_333)},
    talent_value_weights={Axis.PERFORMANCE: 60, Axis.POTENTIAL: 40},
    standards={level: own for level, own in BKN_411.standards.items() if level is not PositionLevel.PENGAWAS},
)


def ints(values):
    return np.array(list(values), dtype=np.int64)


def day_number(day):
    return arrays.NO_DAY if day is None else arrays.day_number(day)


def numbered(words):
    """The different words, and each word as its place among them."""
    different = tuple(dict.fromkeys(word for word in words if word is not None))
    return different, ints(arrays.UNKNOWN if word is None else different.index(word) for word in words)


def columns(kind, records):
    held = [
        (person, entry)
        for person, record in enumerate(records)
        for entry in sorted(record.of(kind), key=lambda entry: entry.id)
    ]
    entries = [entry for _, entry in held]
    codes, code = numbered([entry.code for entry in entries])
    levels = [[level or 0 for level in entry.levels] for entry in entries]
    return arrays.Rows(
        codes=codes,
        person=ints(person for person, _ in held),
        id=ints(entry.id for entry in entries),
        code=code,
        begins=ints(day_number(entry.begins) for entry in entries),
        ends=ints(day_number(entry.ends) for entry in entries),
        year=ints(arrays.UNKNOWN if entry.year is None else entry.year for entry in entries),
        unit=numbered([entry.unit for entry in entries])[1],
        is_home=np.array([same_institution(entry.institution, INSTITUTION) for entry in entries], dtype=bool),
        value=ints(arrays.UNKNOWN if entry.value is None else entry.value for entry in entries),
        rung=ints(list(Rung).index(Rung.VERIFIED_BY_HR) for _ in entries),
        levels=np.array(levels, dtype=np.int64).reshape(len(entries), len(ASPECTS.get(kind, ()))),
    )


def people(records):
    return arrays.People(
        size=len(records),
        rows={kind: columns(kind, records) for kind in Kind},
        checked={kind: np.array([kind in one.checked for one in records], dtype=bool) for kind in COMPLETE_REGISTERS},
        level=ints(arrays.UNKNOWN if one.level is None else arrays.LEVEL_CODES[one.level] for one in records),
    )


def complete(*numbers):
    """Somebody of whom everything is known, with one row of every kind for each number."""
    day = date(2024, 5, 6)
    rows = {
        Kind.PERFORMANCE_APPRAISAL: Entry(0, "good", year=2024),
        Kind.FEEDBACK_360: Entry(0, "good", year=2025),
        Kind.AWARD: Entry(0, "national", day),
        Kind.TEAM_ASSIGNMENT: Entry(0, "lead_internal", day, day),
        Kind.COMPETENCY_ASSESSMENT: Entry(0, begins=day, levels=(3,) * 9),
        Kind.POTENTIAL_ASSESSMENT: Entry(0, begins=day, levels=(3,) * 8),
        Kind.TRAINING: Entry(0, "structural", day),
        Kind.POSITION: Entry(0, "pengawas", day),
        Kind.ACTING: Entry(0, "acting_same", day),
        Kind.EDUCATION: Entry(0, "s1"),
        Kind.SANCTION: Entry(0, "medium", day, day),
    }
    held = {kind: tuple(replace(row, id=number) for number in numbers) for kind, row in rows.items()}
    return Record(held, COMPLETE_REGISTERS)


def known(number):
    return None if number == arrays.UNKNOWN else int(number)


def by_arrays(rules, records, as_of):
    """What the kernel says about everybody, in words."""
    placed = [None] * len(records)
    for scored in scoring.score(rules, people(records), as_of):
        decides = deciding(rules, scored)
        for n, person in enumerate(scored.who):
            placed[person] = {
                "because": {leaf.code: found_by_arrays(scored, n, column) for column, leaf in enumerate(scored.leaves)},
                "variant": scored.variant,
                "axes": {axis: axis_by_arrays(scored.axes[axis], n) for axis in Axis},
                "box": int(scored.box[n]),
                "reachable": [box for box in BOXES if scored.reachable[n, box - 1]],
                "decided": int(scored.decided_box[n]),
                "talent_value": known(scored.talent_value[n]),
                "missing": [item for item, lacks in zip(rules.items, scored.missing[n], strict=True) if lacks],
                "surely": tuple(decides.surely[n]),
                "possibly": tuple(decides.possibly[n]),
                "oldest": day(scored.oldest_evidence[n]),
            }
    return placed


def found_by_arrays(scored, n, column):
    return {
        "reason": REASONS[scored.reasons[n, column]],
        "found": scored.found[n, column],
        "score": known(scored.scores[n, column]),
        "points": known(scored.points[n, column]),
        "evidence": known(scored.evidence_ids[n, column]),
        "on": day(scored.evidence_days[n, column]),
    }


def axis_by_arrays(axis, n):
    reachable = [category for category, may in zip(nine_box.CATEGORIES, axis.reachable[n], strict=True) if may]
    category = None if axis.category[n] == arrays.UNKNOWN else nine_box.CATEGORIES[axis.category[n]]
    return (known(axis.value[n]), int(axis.lowest[n]), int(axis.highest[n]), category, reachable)


def day(number):
    return None if number == arrays.NO_DAY else arrays.EPOCH + timedelta(days=int(number))


def one_by_one(rules, records, as_of):
    """What the domain says about each of them, in the same words."""
    return [in_words(rules, place(rules, record, as_of, INSTITUTION)) for record in records]


def in_words(rules, placement):
    decides = next_evidence.deciding(rules, placement)
    axes = {Axis.PERFORMANCE: placement.performance, Axis.POTENTIAL: placement.potential}
    return {
        "because": {
            finding.leaf.code: {
                "reason": finding.reason,
                "found": finding.found,
                "score": None if finding.score is None else round(finding.score * 10**6),
                "points": finding.points,
                "evidence": None if finding.evidence is None else finding.evidence.id,
                "on": finding.on,
            }
            for finding in placement.because
        },
        "variant": placement.variant,
        "axes": {
            axis: (
                *(placed.value, placed.lowest, placed.highest, placed.category),
                [category for category in nine_box.CATEGORIES if category in placed.reachable],
            )
            for axis, placed in axes.items()
        },
        "box": placement.box or 0,
        "reachable": list(placement.reachable),
        "decided": placement.decided_box or 0,
        "talent_value": None if placement.talent_value is None else placement.talent_value * 10**8,
        "missing": list(placement.missing),
        "surely": decides.surely,
        "possibly": decides.possibly,
        "oldest": min((one.on for one in placement.because if one.score is not None and one.on), default=None),
    }


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(batch=batches(), rules=st.sampled_from([OTHER_RUBRIC, *OF_INSTITUTIONS]))
def test_a_batch_is_placed_as_its_people_are_one_by_one(batch, rules):
    as_of, records = batch
    assert by_arrays(rules, records, as_of) == one_by_one(rules, records, as_of)


@pytest.mark.parametrize("records", [(), (Record(),), (Record(checked=COMPLETE_REGISTERS), Record())])
def test_people_without_any_evidence_are_placed_as_one_by_one(records):
    assert by_arrays(BKN_411, records, AS_OF) == one_by_one(BKN_411, records, AS_OF)


def test_of_rows_that_differ_only_in_their_id_the_same_one_decides():
    records = (complete(1, 2, 3), complete(6, 5, 4))
    assert by_arrays(BKN_411, records, AS_OF) == one_by_one(BKN_411, records, AS_OF)


@pytest.mark.parametrize("beyond", [-1, 0, 1])
def test_a_category_begins_exactly_at_its_lower_edge(beyond):
    somebody = complete(1)
    placement = place(BKN_411, somebody, AS_OF, INSTITUTION)
    edges = {
        Axis.PERFORMANCE: (placement.performance.value + beyond, 100_000_000),
        Axis.POTENTIAL: (0, placement.potential.value + beyond),
    }
    rules = replace(BKN_411, cut_points=edges)
    assert by_arrays(rules, (somebody,), AS_OF) == one_by_one(rules, (somebody,), AS_OF)


@pytest.mark.parametrize("level", [None, PositionLevel.ADMINISTRATOR])
def test_a_post_that_does_not_state_its_level_is_read_as_one_by_one(level):
    post = Entry(1, None, date(2020, 1, 1), unit="U1")
    records = (Record({Kind.POSITION: (post,)}, level=level),)
    assert by_arrays(BKN_411, records, AS_OF) == one_by_one(BKN_411, records, AS_OF)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(batch=batches())
def test_frozen_people_come_back_as_they_were_and_are_the_same_bytes_again(batch):
    _, records = batch
    content = frozen.pack(people(records))
    assert frozen.pack(frozen.unpack(content)) == content
    assert frozen.pack(people(records)) == content


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(batch=batches(), rules=st.sampled_from(OF_INSTITUTIONS))
def test_frozen_people_are_placed_as_before(batch, rules):
    as_of, records = batch
    thawed = frozen.unpack(frozen.pack(people(records)))
    for before, after in zip(
        scoring.score(rules, people(records), as_of), scoring.score(rules, thawed, as_of), strict=True
    ):
        assert before.points.tolist() == after.points.tolist()
        assert before.reachable.tolist() == after.reachable.tolist()
