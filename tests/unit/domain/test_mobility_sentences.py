"""Every answer of a round has words of its own, and few people of a province are told to nobody."""

from string import Formatter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.db.shapes.mobility_certificates import ABOUT
from app.domain.messages import SENTENCES
from app.domain.mobility_answers import Code
from app.domain.mobility_flows import Flow, regions_told
from app.domain.suppression import SMALLEST_TOLD

GROUNDS = ("home", "depth", "urgency", "everybody", "points", "lot")
BARS = ("NOT_RELEASED", "NO_SEATS")


@pytest.mark.parametrize(
    "code", [*(f"answer.{code}" for code in (*Code, *BARS)), *(f"ground.{ground}" for ground in GROUNDS)]
)
def test_an_answer_is_said_in_both_languages_and_can_be_filled(code):
    for words in SENTENCES[code]:
        blanks = {name for _, name, _, _ in Formatter().parse(words) if name}
        assert blanks <= set(ABOUT)
        assert words[0].isupper()
        assert words.endswith(".")
        assert "_" not in words.format_map(dict.fromkeys(ABOUT, 7))


def test_no_two_answers_say_the_same():
    said = [SENTENCES[f"answer.{code}"] for code in (*Code, *BARS)]
    assert len(set(said)) == len(said)


flows = st.lists(
    st.builds(
        Flow,
        st.sampled_from([None, "14", "61"]),
        st.sampled_from(["pengawas", "administrator"]),
        *2 * [st.integers(0, 12)],
    ),
    max_size=8,
)


@settings(max_examples=60)
@given(flows)
def test_what_is_told_of_regions_is_true_and_points_at_nobody(flows):
    for one in regions_told(flows):
        here = [
            flow
            for flow in flows
            if flow.province_code == one["provinceCode"] and one["positionLevel"] in (None, flow.position_level)
        ]
        for name, people in (("entered", sum(f.entered for f in here)), ("left", sum(f.went for f in here))):
            assert one[name] in (None, people)
            assert one[name] in (None, 0) or one[name] >= SMALLEST_TOLD
