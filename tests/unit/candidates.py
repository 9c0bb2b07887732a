"""Random candidates, posts and criteria as Hypothesis draws them."""

from dataclasses import replace
from random import Random

from hypothesis import strategies as st

from app.domain.candidates import LEVELS, Given
from app.domain.ranking import WHOLE
from app.domain.rubric import MILLION
from app.domain.rule_sets import COUNTED, Criterion, CriterionKind, RuleSet
from tests.candidates import AFFAIRS, a_candidate, a_target

lots = st.integers(0, 2**32).map(Random)
candidates = lots.map(a_candidate)
scores = st.one_of(st.sampled_from([0, WHOLE, 80 * MILLION]), st.integers(0, WHOLE))
programmes = st.dictionaries(st.sampled_from(AFFAIRS), st.sampled_from([MILLION, MILLION // 2, 330_000]))
targets = st.builds(
    lambda target, favoured: replace(target, affairs_of_programmes=favoured), lots.map(a_target), programmes
)
givens = st.builds(Given, technical_score=st.one_of(st.none(), scores))


@st.composite
def criteria_of(draw, kinds=tuple(CriterionKind)):
    """Some criteria with weights that make 100 points."""
    chosen = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=6, unique=True))
    cuts = sorted(draw(st.lists(st.integers(0, WHOLE), min_size=len(chosen) - 1, max_size=len(chosen) - 1)))
    weights = [end - start for start, end in zip([0, *cuts], [*cuts, WHOLE], strict=True)]
    return tuple(
        Criterion(
            code=kind.value,
            kind=kind,
            weight=weight,
            full=draw(st.sampled_from([1, 12, 60, 120])) if kind in COUNTED else None,
            label_id=kind.value,
            label_en=kind.value,
        )
        for kind, weight in zip(chosen, weights, strict=True)
    )


def a_rule_set(criteria, requirements=(), **but):
    """A rule set of these criteria."""
    contents = {
        "code": "contoh",
        "version": 1,
        "level": LEVELS[2],
        "requirements": requirements,
        "criteria": criteria,
        "seniority_share": 20,
        "stability_threshold": 80,
        "shortlist_size": 3,
    }
    return RuleSet(**contents | but)
