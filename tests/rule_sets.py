"""Rule sets of an institution's own, as the shipped ones say them."""

from __future__ import annotations

import json
from typing import Any

from app.db.database import Database
from app.db.migrations import RULE_SETS
from app.domain.actors import Actor
from app.services import rule_sets
from app.services.rule_sets import PublishRuleSet, RuleSetKey, RuleSetVersion
from tests.factories import officer

SHIPPED = "pp-11-2017-jpt-pratama"
DOCUMENT: dict[str, Any] = json.loads((RULE_SETS / f"{SHIPPED}-v2.json").read_text(encoding="utf-8"))
BASE = {"code": SHIPPED, "version": 2}


async def an_own_rule_set(db: Database, actor: Actor) -> RuleSetKey:
    """The next version of the shipped set for JPT pratama under the institution's own code."""
    command = PublishRuleSet(based_on=RuleSetVersion(**BASE), document=DOCUMENT)
    return await rule_sets.publish_rule_set(db, officer(actor), command)
