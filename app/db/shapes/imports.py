"""What documents about imports can contain."""

from __future__ import annotations

from sqlalchemy import Uuid, and_, bindparam, cast, func, literal_column

from app.db.classes import DataClass, rule_for
from app.db.documents import Items, Object, Pages, Shape, Value
from app.db.shapes.formats import instant
from app.db.shapes.schemas import COUNTS, DATE, ID, INSTANT, INTEGER, NULLABLE_TEXT, TEXT, lists, objects
from app.db.tables.imports import ImportRefusalRow, ImportRow
from app.db.withholding import WITHHELD

_started_at = instant(ImportRow.started_at)
_SENTENCE = objects(id=TEXT, en=TEXT)
_REMARK = objects(file=TEXT, sheet=TEXT, row=INTEGER, column=TEXT, value=NULLABLE_TEXT, code=TEXT, detail=_SENTENCE)
_SHEET = objects(sheet=TEXT, rows=INTEGER, accepted=INTEGER, duplicates=INTEGER, refused=INTEGER)
_figures = objects(
    **dict.fromkeys(("posts", "seats", "held", "vacantSeats", "beyondSeats", "withoutPost", "notDelivered"), INTEGER),
    emptyPosts=COUNTS,
)
_SEATS = {**_figures, "type": ["object", "null"]}
_CELLS = rule_for(DataClass.SPECIFIC)  # a cell may be of any sheet, those of sanctions included

IMPORT = Shape(
    "Import",
    ImportRow.__table__,
    {
        "id": Value(ImportRow.id, ID),
        "asOf": Value(ImportRow.as_of, DATE),
        "startedAt": Value(_started_at, INSTANT),
        "by": Value(ImportRow.subject, TEXT),
        "digest": Value(ImportRow.digest, TEXT),
        "files": Value(ImportRow.report["files"], lists(objects(file=TEXT, sheets=lists(_SHEET)))),
        "notices": Value(ImportRow.report["notices"], {**lists(_REMARK), "type": ["array", "null"]}, _CELLS),
        "unrecognised": Value(ImportRow.report["unrecognised"], lists(objects(file=TEXT, sheet=TEXT))),
        "mapped": Value(ImportRow.report["mapped"], INTEGER),
        "notMapped": Value(ImportRow.report["notMapped"], COUNTS),
        "notDelivered": Value(ImportRow.report["notDelivered"], INTEGER),
        "seats": Value(func.nullif(ImportRow.report["seats"], literal_column("'null'::jsonb")), _SEATS),
        "changes": Value(ImportRow.report["changes"], COUNTS),
        "refusals": Items(
            "Refusal",
            {
                "file": Value(ImportRefusalRow.file, TEXT),
                "sheet": Value(ImportRefusalRow.sheet, TEXT),
                "row": Value(ImportRefusalRow.row, INTEGER),
                "column": Value(ImportRefusalRow.column, TEXT),
                "value": Value(ImportRefusalRow.value, NULLABLE_TEXT, _CELLS),
                "code": Value(ImportRefusalRow.code, TEXT),
                "detail": Object(
                    "Sentence",
                    {"id": Value(ImportRefusalRow.detail_id, TEXT), "en": Value(ImportRefusalRow.detail_en, TEXT)},
                ),
            },
            ImportRefusalRow.__table__,
            and_(
                ImportRefusalRow.institution_id == ImportRow.institution_id, ImportRefusalRow.import_id == ImportRow.id
            ),
            (ImportRefusalRow.ordinal,),
        ),
        "withheld": WITHHELD,
    },
    rooted=lambda actor: ImportRow.institution_id == cast(actor.c.institution, Uuid),
    conditions={"id": ImportRow.id == bindparam("id", type_=Uuid)},
)
_summary = {name: IMPORT.fields[name] for name in ("id", "asOf", "startedAt", "by", "files", "changes")}
IMPORTS = Pages(
    "Import", Shape("Import", IMPORT.source, _summary, IMPORT.rooted, {}), (_started_at, ImportRow.id), descending=True
)
