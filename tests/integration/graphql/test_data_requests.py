"""What data subjects ask for, by GraphQL: the same requests, answers and reviews as by REST."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from app.db.database import Database
from app.domain.cycles import Phase
from tests.cycles import a_cycle_in
from tests.factories import a_placed_talent, an_institution, officer
from tests.personas import Personas
from tests.rights import COMMENT, STATEMENT

FIELDS = (
    "id kind state isInEffect dueAt isOverdue talent { nip } answer { outcome comment by } lifting { by } withdrawnAt"
)
RAISE = f"mutation ($input: RaiseDataRequestInput!) {{ raiseDataRequest(input: $input) {{ {FIELDS} }} }}"
ANSWER = f"""mutation ($id: UUID!, $input: AnswerDataRequestInput!) {{
    answerDataRequest(requestId: $id, input: $input) {{ {FIELDS} }} }}"""
LIFT = (
    f"mutation ($id: UUID!, $c: String!) {{ liftRestriction(requestId: $id, input: {{comment: $c}}) {{ {FIELDS} }} }}"
)
WITHDRAW = f"mutation ($id: UUID!) {{ withdrawDataRequest(requestId: $id) {{ {FIELDS} }} }}"
REVIEW = """mutation ($cycle: UUID!, $nip: String!, $c: String!) {
    reviewPlacement(cycleId: $cycle, nip: $nip, input: {comment: $c}) {
        publishedBox manualDecision awaitingReview processing review { by role comment at } } }"""


async def test_a_request_is_raised_answered_and_lifted(db: Database, personas: Personas, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path)
    ani, hr = personas.talent(actor.institution_id, nip), personas.hr_officer(actor.institution_id)
    raised = (await ani.ask(RAISE, input={"kind": "restriction", "statement": STATEMENT}))["data"]["raiseDataRequest"]
    assert (raised["state"], raised["isInEffect"], raised["talent"]["nip"]) == ("open", False, nip)
    again = await ani.ask(RAISE, input={"kind": "restriction", "statement": STATEMENT})
    assert again["errors"][0]["extensions"]["code"] == "data_request.exists"

    reply = {"outcome": "granted", "comment": COMMENT}
    granted = (await hr.ask(ANSWER, id=raised["id"], input=reply))["data"]["answerDataRequest"]
    assert (granted["isInEffect"], granted["answer"]["by"]) == (True, "officer")
    [talent] = (await hr.ask("{ talents { edges { node { processing placement { box } } } } }"))["data"]["talents"][
        "edges"
    ]
    assert talent["node"] == {"processing": "restricted", "placement": None}
    lifted = (await hr.ask(LIFT, id=raised["id"], c=COMMENT))["data"]["liftRestriction"]
    assert (lifted["state"], lifted["lifting"]["by"]) == ("lifted", "officer")

    listed = "query ($f: DataRequestFilter) { dataRequests(filter: $f) { totalCount edges { node { id state } } } }"
    page = (await ani.ask(listed, f={"kind": "restriction", "state": "lifted", "overdue": False}))["data"]
    assert (page["dataRequests"]["totalCount"], page["dataRequests"]["edges"][0]["node"]["id"]) == (1, raised["id"])
    wrong = await hr.ask(listed, f={"kind": "deletion"})
    assert wrong["errors"][0]["extensions"]["code"] == "request.invalid"
    assert (await hr.ask("query ($id: UUID!) { dataRequest(requestId: $id) { id } }", id=str(uuid4())))["data"] == {
        "dataRequest": None
    }


async def test_an_objection_is_raised_withdrawn_and_reviewed(db: Database, personas: Personas, tmp_path: Path) -> None:
    actor = await an_institution(db)
    nip = await a_placed_talent(db, actor, tmp_path)
    ani, member = personas.talent(actor.institution_id, nip), personas.committee_member(actor.institution_id)
    objection = {"kind": "automated-processing", "statement": STATEMENT}
    raised = (await ani.ask(RAISE, input=objection))["data"]["raiseDataRequest"]
    mine = await ani.ask("query ($nip: String!) { talent(nip: $nip) { placement { manualDecision } } }", nip=nip)
    assert mine["data"]["talent"]["placement"]["manualDecision"] is True
    cycle_id = await a_cycle_in(db, officer(actor), Phase.CALIBRATION)
    said = {"cycle": str(cycle_id), "nip": nip, "c": COMMENT}
    reviewed = (await member.ask(REVIEW, **said))["data"]["reviewPlacement"]
    assert (reviewed["awaitingReview"], reviewed["manualDecision"], reviewed["publishedBox"]) == (False, True, 8)
    assert (reviewed["review"]["by"], reviewed["review"]["comment"]) == ("member", COMMENT)
    assert (await ani.ask(REVIEW, **said))["errors"][0]["extensions"]["code"] == "forbidden"
    withdrawn = (await ani.ask(WITHDRAW, id=raised["id"]))["data"]["withdrawDataRequest"]
    assert (withdrawn["state"], withdrawn["withdrawnAt"] is None) == ("withdrawn", False)
