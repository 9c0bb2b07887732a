"""Succession plans: what is found today, and by which policy."""

from __future__ import annotations

import json

from alembic import op

from app.db.policies import APPLICATION_ROLE

revision = "20261122_0550"
down_revision = "20261122_0540"
branch_labels = None
depends_on = None

ACTING = "SE BKN 1/SE/I/2021: pejabat setingkat atau satu tingkat di bawahnya; paling lama 3 bulan, dapat diperpanjang"
BOXES = "PermenPANRB 3/2020, lampiran"
CAREER = "PP 11/2017 pasal 54 dan 107; jenjang fungsional disamakan: ahli madya administrator, ahli muda pengawas"
SOURCES = {
    "institutionBoxes": (BOXES, "confirmed"),
    "nationalBoxes": (BOXES, "confirmed"),
    "termMonths": ("Tidak diatur; satu siklus pemetaan dua tahunan", "unsure"),
    "soonMonths": ("Tidak diatur; kebiasaan rencana suksesi: siap sekarang, 1 sampai 2 tahun, lebih lama", "unsure"),
    "actingMonths": (ACTING, "likely"),
    "cover": (f"{ACTING}; pejabat fungsional tidak diperhitungkan", "likely"),
    "levelsAhead": (CAREER, "likely"),
    "meritWeights": ("Tidak diatur; PermenPANRB 40/2018 hanya menyebut isinya", "unsure"),
    "meritAspectWeight": ("PermenPANRB 40/2018: pengembangan karier 30 persen", "confirmed"),
}
COVER = {
    "jpt_utama": ["jpt_utama", "jpt_madya"],
    "jpt_madya": ["jpt_madya", "jpt_pratama"],
    "jpt_pratama": ["jpt_pratama", "administrator"],
    "administrator": ["administrator", "pengawas"],
    "pengawas": ["pengawas", "pelaksana"],
}
AHEAD = {
    "jpt_utama": ["jpt_utama"],
    "jpt_madya": ["jpt_utama", "jpt_madya"],
    "jpt_pratama": ["jpt_madya", "jpt_pratama"],
    "administrator": ["jpt_pratama", "administrator"],
    "pengawas": ["administrator", "pengawas"],
    "jf_ahli_utama": ["jpt_utama", "jpt_madya", "jpt_pratama"],
    "jf_ahli_madya": ["jpt_pratama", "administrator"],
    "jf_ahli_muda": ["administrator", "pengawas"],
    "jf_ahli_pertama": ["pengawas"],
    "jf_penyelia": ["pengawas"],
    "jf_mahir": ["pengawas"],
    "jf_terampil": ["pengawas"],
    "jf_pemula": ["pengawas"],
    "pelaksana": ["pengawas"],
}
WEIGHTS = {
    "committee": 10,
    "regulation": 10,
    "talentMap": 20,
    "targetPosts": 10,
    "pool": 20,
    "plans": 20,
    "bench": 10,
}
BASIS = "PermenPANRB 3/2020; PermenPANRB 40/2018; SE BKN 1/SE/I/2021"
CREATE = """CREATE TABLE shipped_succession_policy (
        version INTEGER NOT NULL,
        institution_boxes SMALLINT[] NOT NULL,
        national_boxes SMALLINT[] NOT NULL,
        term_months SMALLINT NOT NULL,
        soon_months SMALLINT NOT NULL,
        acting_months SMALLINT NOT NULL,
        cover JSONB NOT NULL,
        levels_ahead JSONB NOT NULL,
        merit_weights JSONB NOT NULL,
        merit_aspect_weight SMALLINT NOT NULL,
        sources JSONB NOT NULL,
        legal_basis TEXT NOT NULL,
        published_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_shipped_succession_policy PRIMARY KEY (version)
    )"""


def _json(value: object) -> str:
    return "'" + json.dumps(value).replace("'", "''") + "'::jsonb"


def _sources() -> str:
    return _json({name: {"legalBasis": basis, "confidence": sure} for name, (basis, sure) in SOURCES.items()})


SHIP = f"""INSERT INTO shipped_succession_policy VALUES (
        1, '{{7,8,9}}', '{{9}}', 24, 24, 3, {_json(COVER)}, {_json(AHEAD)}, {_json(WEIGHTS)}, 30, {_sources()},
        '{BASIS}', '2026-11-22T00:00:00Z')"""  # noqa: S608 - our own words
OF_THE_OWN = (
    f"ADD COLUMN levels_ahead JSONB NOT NULL DEFAULT {_json(AHEAD)}",
    "ADD COLUMN acting_months SMALLINT NOT NULL DEFAULT 3",
    "ADD COLUMN merit_aspect_weight SMALLINT NOT NULL DEFAULT 30",
    "ADD COLUMN sources JSONB NOT NULL DEFAULT '{}'",
    "ADD CONSTRAINT ck_succession_policy_acting CHECK (acting_months BETWEEN 1 AND 24)",
    "ADD CONSTRAINT ck_succession_policy_aspect CHECK (merit_aspect_weight BETWEEN 1 AND 100)",
    *(f"ALTER COLUMN {name} DROP DEFAULT"
      for name in ("levels_ahead", "acting_months", "merit_aspect_weight", "sources")),
)  # fmt: skip
BY_POLICY = ("pool_member", "succession_plan")
# version 0 used to be what is shipped: the owner sees the rows of every institution only while its policies are not
# forced on it, and says nothing to the ledger, as nothing is decided anew
SPLIT = (
    "ALTER TABLE {0} ADD COLUMN policy_code TEXT NOT NULL DEFAULT 'own'",
    "ALTER TABLE {0} NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE {0} DISABLE TRIGGER USER",
    "UPDATE {0} SET policy_code = 'shipped', policy_version = 1 WHERE policy_version = 0",
    "ALTER TABLE {0} ENABLE TRIGGER USER",
    "ALTER TABLE {0} FORCE ROW LEVEL SECURITY",
    "ALTER TABLE {0} ALTER COLUMN policy_code DROP DEFAULT",
)
JOIN = (
    "ALTER TABLE {0} NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE {0} DISABLE TRIGGER USER",
    "UPDATE {0} SET policy_version = 0 WHERE policy_code = 'shipped'",
    "ALTER TABLE {0} ENABLE TRIGGER USER",
    "ALTER TABLE {0} FORCE ROW LEVEL SECURITY",
    "ALTER TABLE {0} DROP COLUMN policy_code",
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in (CREATE, SHIP, f"GRANT SELECT ON shipped_succession_policy TO {APPLICATION_ROLE}"):
        op.execute(statement)
    for change in OF_THE_OWN:
        op.execute(f"ALTER TABLE succession_policy {change}")
    for table in BY_POLICY:
        for statement in SPLIT:
            op.execute(statement.format(table))
    for column in ("stands_until DATE", "judged_facts TEXT", "judged_post TEXT"):
        op.execute(f"ALTER TABLE successor ADD COLUMN {column}")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for column in ("judged_post", "judged_facts", "stands_until"):
        op.drop_column("successor", column)
    for table in BY_POLICY:
        for statement in JOIN:
            op.execute(statement.format(table))
    for column in ("sources", "merit_aspect_weight", "acting_months", "levels_ahead"):
        op.drop_column("succession_policy", column)
    op.drop_table("shipped_succession_policy")
