"""The leaves of a rubric as rows: what the trace of a placement is named by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from app.domain.rubric import Given, Leaf, Mean
from app.domain.rubric_document import Json, leaf_documents, parse_rubric


def leaf_rows(document: Json) -> list[dict[str, object]]:
    """The leaves of every tree of a rubric, numbered from 1 in the order of a placement's arrays."""
    rubric = parse_rubric(document)
    trees = zip(rubric.trees, leaf_documents(document), strict=True)
    return [
        {"rubric_code": rubric.code, "rubric_version": rubric.version, "variant": variant, **_named(leaf, written)}
        | {"ordinal": ordinal}
        for variant, (tree, documents) in enumerate(trees)
        for ordinal, (leaf, written) in enumerate(zip(tree.leaves, documents, strict=True), start=1)
    ]


def _named(leaf: Leaf, written: Json) -> dict[str, object]:
    label = cast("Mapping[str, str]", written["label"])
    return {
        "axis": leaf.axis.value,
        "component": leaf.component,
        "indicator": leaf.indicator,
        "leaf": leaf.code,
        "label_id": label["id"],
        "label_en": label["en"],
        "weight": float(leaf.weight),
        "item": leaf.item,
        "kind": None if isinstance(leaf.measure, Given | Mean) else leaf.measure.kind.value,
    }
