"""What the catalogue of the nine boxes can contain: what each stands for, what it recommends, which pools it feeds."""

from __future__ import annotations

from sqlalchemy import Integer, Text, column, func, literal_column, select, true, values

from app.db.documents import Column, Items, JsonSchema, Object, Shape, Value
from app.db.shapes.schemas import INTEGER, TEXT, TEXTS
from app.db.shapes.sentences import said
from app.domain.messages import sentence
from app.domain.nine_box import BOXES, CATEGORIES, Axis
from app.domain.recommendations import ACTIONS_OF, Action, categories_of, pools_of

CATEGORY: JsonSchema = {"type": "string", "enum": [category.value for category in CATEGORIES]}
ACTION: JsonSchema = {"type": "string", "enum": [action.value for action in Action]}

_box = values(
    column("number", Integer),
    column("performance", Text),
    column("potential", Text),
    column("pools", Text),
    name="box",
    literal_binds=True,
).data([(box, *(one.value for one in categories_of(box)), ",".join(pools_of(box))) for box in BOXES])
_action = values(
    column("number", Integer),
    column("place", Integer),
    column("code", Text),
    column("id", Text),
    column("en", Text),
    name="action",
    literal_binds=True,
).data(
    [
        (box, place, action.value, *sentence(action.sentence_code).values())
        for box in BOXES
        for place, action in enumerate(ACTIONS_OF[box])
    ]
)


def actions_of(box: Column) -> Items:
    """What a box recommends, in the order of the regulation's appendix; nothing where there is no box."""
    label = Object("Sentence", {"id": Value(_action.c.id, TEXT), "en": Value(_action.c.en, TEXT)})
    return Items(
        "RecommendedAction",
        {"code": Value(_action.c.code, ACTION), "label": label},
        _action,
        _action.c.number == box,
        (_action.c.place,),
    )


def pools_of_box(box: Column) -> Value:
    """The pools that a box feeds; none where there is no box."""
    pools = select(_box.c.pools).where(_box.c.number == box).correlate_except(_box).scalar_subquery()
    return Value(func.string_to_array(func.coalesce(pools, ""), ","), TEXTS)


def _category(axis: Axis) -> Object:
    code = _box.c[axis.value]
    labels = {category.value: f"category.{axis.value}.{category.value}" for category in CATEGORIES}
    return Object("BoxCategory", {"code": Value(code, CATEGORY), "label": said(labels, code)})


# The boxes are national constants: whoever is signed in may read them.
BOX_CATALOGUE = Shape(
    "BoxCatalogue",
    select(literal_column("1").label("one")).subquery("catalogue"),
    {
        "boxes": Items(
            "Box",
            {
                "number": Value(_box.c.number, INTEGER),
                "performance": _category(Axis.PERFORMANCE),
                "potential": _category(Axis.POTENTIAL),
                "actions": actions_of(_box.c.number),
                "pools": Value(func.string_to_array(_box.c.pools, ","), TEXTS),
            },
            _box,
            true(),
            (_box.c.number,),
        )
    },
    rooted=lambda actor: actor.c.institution.is_not(None),
    conditions={},
)
