"""Who acts, for which institution, and what a role may do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from app.domain.errors import Forbidden
from app.domain.messages import Sentence, sentence, words_in_both
from app.domain.purposes import Purpose


class Permission(StrEnum):
    """One thing somebody may do. A service function asks for it before anything else."""

    READ_INSTITUTIONS = "read_institutions"
    READ_RUBRICS = "read_rubrics"
    """The rules that people are placed by; everybody may."""
    EDIT_RUBRICS = "edit_rubrics"
    """Copy, edit and simulate the institution's own drafts."""
    ACTIVATE_RUBRIC = "activate_rubric"
    READ_TALENTS = "read_talents"
    """Every talent of the own institution."""
    READ_UNIT_TALENTS = "read_unit_talents"
    """The talents of the own unit and the units below it; of none where the token names no unit."""
    READ_OWN_TALENT = "read_own_talent"
    """One's own profile and placement, nobody else's."""
    READ_TALENT_MAP = "read_talent_map"
    """Counts over the own institution."""
    READ_NATIONAL_COUNTS = "read_national_counts"
    """Counts over all institutions."""
    READ_IMPORTS = "read_imports"
    IMPORT = "import"
    CREATE_INSTITUTION = "create_institution"
    SUBMIT_OWN_EVIDENCE = "submit_own_evidence"
    VERIFY_EVIDENCE_OF_UNIT = "verify_evidence_of_unit"
    VERIFY_EVIDENCE = "verify_evidence"
    READ_CYCLES = "read_cycles"
    MANAGE_CYCLES = "manage_cycles"
    """Open, calculate and move on; everything but confirming."""
    CONFIRM_CYCLE = "confirm_cycle"
    CALIBRATE = "calibrate"
    """Move somebody, and be the second person for somebody else's move."""
    OBJECT = "object"
    """Object to one's own placement."""
    ANSWER_OBJECTIONS = "answer_objections"
    EDIT_INSTITUTION = "edit_institution"
    """Keep the institution's settings, index values and references."""
    EXPORT = "export"
    """Take the talent map, the work plan and the ekspose pack out of the house."""
    READ_LEDGER = "read_ledger"
    MANAGE_CLIENTS = "manage_clients"
    """Register integration clients of the institution, rotate and revoke their secrets."""
    READ_SPECIFIC_DATA = "read_specific_data"
    """See specific personal data (UU 27/2022 art. 4): disciplinary sanctions, and the parts of axes that rest on them.

    Committees hold it: they weigh discipline when they calibrate, and as they see every other part of an axis, they
    could subtract what is kept from them.
    """
    READ_ASSESSMENTS = "read_assessments"
    """See what assessments found, level by level, and the parts of axes that rest on them; a box needs neither."""
    READ_RECEIPTS = "read_receipts"
    """Who looked at anybody's profile in the own institution."""
    READ_CARDS = "read_cards"
    """Anonymous cards of those who want to move, of all institutions."""
    REQUEST_DISCLOSURE = "request_disclosure"
    """Ask another institution to disclose somebody behind a card, and look once it is allowed."""
    RELEASE_DISCLOSURE = "release_disclosure"
    """Release or refuse to another institution; the appointing authority of the origin."""
    EXERCISE_RIGHTS = "exercise_rights"
    """One's own rights as a data subject: export, receipts, consents, requests."""
    ANSWER_DATA_REQUESTS = "answer_data_requests"
    """Read and answer what data subjects ask for; export what is held about one of them."""
    READ_POSTS = "read_posts"
    """The registry of posts with their holders, forecasts, freezes and programmes."""
    EDIT_POSTS = "edit_posts"
    """Keep standards, affairs of units, critical and target posts, freezes and priority programmes."""
    PUBLISH_RETIREMENT_RULES = "publish_retirement_rules"
    """Publish versions of the national rules of retirement."""
    EDIT_RULE_SETS = "edit_rule_sets"
    """Publish versions of the institution's own rule sets."""
    READ_VACANCIES = "read_vacancies"
    """Which posts are to be filled and how, without anybody who may fill them."""
    MANAGE_VACANCIES = "manage_vacancies"
    """Open, rank, verify documents, give technical scores, note recommendation and decree; never propose or decide."""
    READ_CANDIDATES = "read_candidates"
    """Rankings and shortlists with those in them."""
    UNMASK_CANDIDATES = "unmask_candidates"
    """See who a masked candidate is; the secretariat that verifies documents."""
    PROPOSE_SHORTLIST = "propose_shortlist"
    DECIDE_VACANCY = "decide_vacancy"
    READ_SUCCESSION = "read_succession"
    MANAGE_SUCCESSION = "manage_succession"
    """Nominate and verify members of pools, keep succession plans."""
    CONFIRM_POOLS = "confirm_pools"
    """Confirm, refuse or return members of a pool."""
    DECLARE_WILLINGNESS = "declare_willingness"
    """Say for oneself whether one is willing to succeed."""
    READ_OWN_CAREER = "read_own_career"
    """Posts that fit oneself, and what was found about oneself in rankings."""
    RANK_NATIONALLY = "rank_nationally"
    """Rank the anonymous candidates of all institutions, on stated grounds."""
    READ_MOBILITY = "read_mobility"
    """Campaigns that are announced, with their rules, offers and published results."""
    ORGANISE_MOBILITY = "organise_mobility"
    """Lay down, announce, freeze, run and publish campaigns of an institution that may organise them."""
    ADMIT_MOBILITY_ORGANISERS = "admit_mobility_organisers"
    """Say which institutions may organise campaigns; BKN."""
    OFFER_POSTS = "offer_posts"
    """Offer posts of the own institution in campaigns, and see who of it takes part."""
    RELEASE_FOR_MOBILITY = "release_for_mobility"
    """Say how many people each unit lets go, and in what order; the appointing authority."""
    TAKE_PART_IN_MOBILITY = "take_part_in_mobility"
    """List oneself, take part in campaigns, and read one's own points, outcome and certificate."""
    READ_MOBILITY_DEMAND = "read_mobility_demand"
    """Supply and demand over all institutions, in counts."""
    MANAGE_MOBILITY_CASES = "manage_mobility_cases"
    """Ask for somebody, keep the documents of a move, send it to BKN."""
    DECIDE_MOBILITY_CASES = "decide_mobility_cases"
    """Release or refuse for the institution that lets somebody go; the appointing authority."""
    CONSIDER_MOBILITY_CASES = "consider_mobility_cases"
    """Give the technical approval or return a case, as BKN."""
    DECREE_MOBILITY_CASES = "decree_mobility_cases"
    """Put the decree of a move on record: people's, and no system's."""
    MANAGE_SIASN = "manage_siasn"
    """Keep the connection to SIASN, and the accounts and grants with which others ask us as they ask SIASN."""
    SYNC_SIASN = "sync_siasn"
    """Start, pause and read syncs with SIASN, and hand results to it."""
    DECIDE_SIASN_CONFLICTS = "decide_siasn_conflicts"
    """Say whose value counts where SIASN contradicts what was verified here; people only."""
    READ_AS_SIASN = "read_as_siasn"
    """Read profiles and histories in SIASN's own words; systems only."""
    MANAGE_WEBHOOKS = "manage_webhooks"
    """Keep subscriptions to events, replay and read their deliveries."""
    READ_EVENTS = "read_events"
    """The feed of what happened in the own institution, without contents about people."""
    READ_JOBS = "read_jobs"
    """Background work of the own institution."""
    MANAGE_JOBS = "manage_jobs"
    """Cancel background work, or have it done again."""


class Role(StrEnum):
    """A role an identity provider can give."""

    HR_OFFICER = "hr-officer"
    UNIT_VERIFIER = "unit-verifier"
    COMMITTEE_MEMBER = "committee-member"
    COMMITTEE_CHAIR = "committee-chair"
    APPOINTING_AUTHORITY = "appointing-authority"
    """PPK: minister, head of agency, governor, regent or mayor."""
    AUDITOR = "auditor"
    NATIONAL = "national"
    TALENT = "talent"
    DATA_PROTECTION_OFFICER = "data-protection-officer"
    """PPDP (UU 27/2022 art. 53)."""
    ADMINISTRATOR = "administrator"
    """Who connects the institution's systems; sees no people."""
    CLIENT = "client"
    """A registered system of an institution; it may do what its scopes say, which is never a decision."""
    OPERATOR = "operator"
    """Somebody at the command line of the installation, or the service itself; no token carries this role."""


_EVERYBODY = frozenset({Permission.READ_RUBRICS, Permission.READ_INSTITUTIONS, Permission.READ_MOBILITY})
_READER = _EVERYBODY | {
    Permission.READ_TALENTS,
    Permission.READ_TALENT_MAP,
    Permission.READ_CYCLES,
    Permission.READ_POSTS,
    Permission.READ_VACANCIES,
    Permission.READ_CANDIDATES,
    Permission.READ_SUCCESSION,
}
_OFFICER = _READER | {
    Permission.EDIT_RUBRICS,
    Permission.READ_IMPORTS,
    Permission.IMPORT,
    Permission.VERIFY_EVIDENCE,
    Permission.MANAGE_CYCLES,
    Permission.ANSWER_OBJECTIONS,
    Permission.EDIT_INSTITUTION,
    Permission.EXPORT,
    Permission.READ_SPECIFIC_DATA,
    Permission.READ_ASSESSMENTS,
    Permission.READ_CARDS,
    Permission.REQUEST_DISCLOSURE,
    Permission.ANSWER_DATA_REQUESTS,
    Permission.EDIT_POSTS,
    Permission.EDIT_RULE_SETS,
    Permission.MANAGE_VACANCIES,
    Permission.UNMASK_CANDIDATES,
    Permission.MANAGE_SUCCESSION,
    Permission.ORGANISE_MOBILITY,
    Permission.OFFER_POSTS,
    Permission.READ_MOBILITY_DEMAND,
    Permission.MANAGE_MOBILITY_CASES,
    Permission.DECREE_MOBILITY_CASES,
    Permission.SYNC_SIASN,
    Permission.DECIDE_SIASN_CONFLICTS,
    Permission.READ_JOBS,
    Permission.MANAGE_JOBS,
}
_COMMITTEE = _READER | {
    Permission.CALIBRATE,
    Permission.READ_SPECIFIC_DATA,
    Permission.READ_ASSESSMENTS,
    Permission.PROPOSE_SHORTLIST,
}
_ONESELF = _EVERYBODY | {
    Permission.READ_OWN_TALENT,
    Permission.SUBMIT_OWN_EVIDENCE,
    Permission.OBJECT,
    Permission.EXERCISE_RIGHTS,
    Permission.READ_VACANCIES,
    Permission.DECLARE_WILLINGNESS,
    Permission.READ_OWN_CAREER,
    Permission.TAKE_PART_IN_MOBILITY,
}
_DECIDER = frozenset({Permission.ACTIVATE_RUBRIC, Permission.EXPORT, Permission.CONFIRM_POOLS})
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.HR_OFFICER: _OFFICER,
    Role.UNIT_VERIFIER: _EVERYBODY | {Permission.READ_UNIT_TALENTS, Permission.VERIFY_EVIDENCE_OF_UNIT},
    Role.COMMITTEE_MEMBER: _COMMITTEE,
    Role.COMMITTEE_CHAIR: _COMMITTEE | _DECIDER | {Permission.ANSWER_OBJECTIONS},
    Role.APPOINTING_AUTHORITY: (_COMMITTEE - {Permission.PROPOSE_SHORTLIST})
    | _DECIDER
    | {
        Permission.CONFIRM_CYCLE,
        Permission.RELEASE_DISCLOSURE,
        Permission.DECIDE_VACANCY,
        Permission.ORGANISE_MOBILITY,
        Permission.RELEASE_FOR_MOBILITY,
        Permission.READ_MOBILITY_DEMAND,
        Permission.DECIDE_MOBILITY_CASES,
    },
    Role.AUDITOR: _READER
    | {Permission.READ_IMPORTS, Permission.READ_LEDGER, Permission.READ_RECEIPTS, Permission.READ_JOBS},
    Role.NATIONAL: _EVERYBODY
    | {
        Permission.READ_NATIONAL_COUNTS,
        Permission.READ_CARDS,
        Permission.RANK_NATIONALLY,
        Permission.PUBLISH_RETIREMENT_RULES,
        Permission.ADMIT_MOBILITY_ORGANISERS,
        Permission.ORGANISE_MOBILITY,
        Permission.READ_MOBILITY_DEMAND,
        Permission.CONSIDER_MOBILITY_CASES,
        Permission.DECREE_MOBILITY_CASES,
    },
    Role.TALENT: _ONESELF | {Permission.READ_SPECIFIC_DATA, Permission.READ_ASSESSMENTS},
    Role.DATA_PROTECTION_OFFICER: _EVERYBODY
    | {Permission.ANSWER_DATA_REQUESTS, Permission.READ_LEDGER, Permission.READ_RECEIPTS},
    Role.ADMINISTRATOR: _EVERYBODY
    | {
        Permission.MANAGE_CLIENTS,
        Permission.MANAGE_SIASN,
        Permission.MANAGE_WEBHOOKS,
        Permission.READ_EVENTS,
        Permission.READ_JOBS,
        Permission.MANAGE_JOBS,
    },
    Role.CLIENT: _EVERYBODY,
    Role.OPERATOR: _OFFICER
    | {
        Permission.CREATE_INSTITUTION,
        Permission.ACTIVATE_RUBRIC,
        Permission.MANAGE_CLIENTS,
        Permission.MANAGE_SIASN,
        Permission.MANAGE_WEBHOOKS,
    },
}
"""What a role may do. One person may have several roles, and then all that each of them may."""


_ALL = frozenset(Permission)
REACH_OF: dict[Role, frozenset[Permission]] = {
    Role.TALENT: _ONESELF,
}
"""What a role adds beside another: of a talent only what is about oneself, never which fields one sees of others."""


class ClientScope(StrEnum):
    """What an integration client may be allowed, as its `scope` says it (RFC 6749, section 3.3)."""

    TALENTS_READ = "talents:read"
    TALENT_MAP_READ = "talent-map:read"
    EVIDENCE_WRITE = "evidence:write"
    SPECIFIC_DATA_READ = "specific-data:read"
    DISCLOSURES = "disclosures"
    VACANCIES_READ = "vacancies:read"
    MOBILITY = "mobility"
    """Offer posts, read demand, keep cases: everything of mobility that is no decision about somebody."""
    MOBILITY_ORGANISE = "mobility:organise"
    """Campaigns from the draft to the run, at an institution that may organise them."""
    SIASN_READ = "siasn:read"
    """What SIASN would tell, asked for as SIASN is asked."""
    SIASN_SYNC = "siasn:sync"
    EVENTS_READ = "events:read"
    WEBHOOKS = "webhooks"


PERMISSIONS_OF_SCOPES: dict[ClientScope, frozenset[Permission]] = {
    ClientScope.TALENTS_READ: frozenset({Permission.READ_TALENTS, Permission.READ_CYCLES, Permission.EXPORT}),
    ClientScope.TALENT_MAP_READ: frozenset({Permission.READ_TALENT_MAP}),
    ClientScope.EVIDENCE_WRITE: frozenset({Permission.IMPORT, Permission.READ_IMPORTS}),
    ClientScope.SPECIFIC_DATA_READ: frozenset({Permission.READ_SPECIFIC_DATA, Permission.READ_ASSESSMENTS}),
    ClientScope.DISCLOSURES: frozenset({Permission.READ_CARDS, Permission.REQUEST_DISCLOSURE}),
    ClientScope.VACANCIES_READ: frozenset({Permission.READ_POSTS, Permission.READ_VACANCIES}),
    ClientScope.MOBILITY: frozenset(
        {Permission.OFFER_POSTS, Permission.READ_MOBILITY_DEMAND, Permission.MANAGE_MOBILITY_CASES}
    ),
    ClientScope.MOBILITY_ORGANISE: frozenset({Permission.ORGANISE_MOBILITY, Permission.READ_MOBILITY_DEMAND}),
    ClientScope.SIASN_READ: frozenset({Permission.READ_AS_SIASN}),
    ClientScope.SIASN_SYNC: frozenset({Permission.SYNC_SIASN, Permission.READ_JOBS}),
    ClientScope.EVENTS_READ: frozenset({Permission.READ_EVENTS, Permission.READ_JOBS}),
    ClientScope.WEBHOOKS: frozenset({Permission.MANAGE_WEBHOOKS, Permission.READ_EVENTS}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody acting in one institution, in one request.

    `subject` is the identity provider's name for them, or the id of a client; `nip` is given for a talent, `unit_id`
    for a unit verifier. `role` is what they act as and what the ledger keeps; `other_roles` are what else they are.
    What they may do is decided once, when the actor is made. `purpose` is why they look, where they said so.
    `idempotency_key` is the key under which what they write is done at most once.
    """

    institution_id: UUID
    role: Role
    subject: str
    nip: str | None = None
    request_id: str | None = None
    unit_id: str | None = None
    other_roles: frozenset[Role] = frozenset()
    scopes: frozenset[ClientScope] = frozenset()
    purpose: Purpose | None = None
    idempotency_key: str | None = None
    permissions: frozenset[Permission] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        granted = [PERMISSIONS[self.role], *(PERMISSIONS[role] & REACH_OF.get(role, _ALL) for role in self.other_roles)]
        granted += [PERMISSIONS_OF_SCOPES[scope] for scope in self.scopes]
        object.__setattr__(self, "permissions", frozenset().union(*granted))

    @property
    def is_national(self) -> bool:
        """Whether the actor's reach is the nation: aggregates and registers of all institutions, never dossiers."""
        return self.role is Role.NATIONAL

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    def require(self, permission: Permission, *alternatives: Permission) -> None:
        """Refuse with `Forbidden` unless the role includes the permission, or one of the alternatives."""
        if not any(self.may(one) for one in (permission, *alternatives)):
            raise self.refusal(permission, *alternatives)

    def refusal(self, *permissions: Permission) -> Forbidden:
        """What somebody is told who has none of these permissions: what they act as, and who may."""
        who = _who_may(permissions, self.role)
        return Forbidden("forbidden", role=role_in_words(self.role), who=who, permission=permissions[0])


def role_in_words(role: Role) -> Sentence:
    """A role, as it stands in a sentence."""
    return sentence(f"label.role.{role.value}")


def _who_may(permissions: Iterable[Permission], asking: Role) -> Sentence:
    """The roles that have one of these permissions; of systems and operators only where it concerns them."""
    needed = frozenset(permissions)
    people = [role_in_words(role) for role, given in PERMISSIONS.items() if role not in _NO_PEOPLE and given & needed]
    scopes = [f"`{scope}`" for scope, given in PERMISSIONS_OF_SCOPES.items() if given & needed]
    if scopes and (asking is Role.CLIENT or not people):
        people.append(sentence("label.scopes", scopes=", ".join(scopes)))
    told = people or [role_in_words(Role.OPERATOR)]
    return words_in_both((one["id"] for one in told), (one["en"] for one in told))


_NO_PEOPLE = frozenset({Role.CLIENT, Role.OPERATOR})


def as_service(actor: Actor) -> Actor:
    """The service itself, doing what follows from what somebody did in their institution."""
    return Actor(actor.institution_id, Role.OPERATOR, "service", request_id=actor.request_id)
