"""A rule as it is read, as it is written: a version that was read can be published again as the next one."""

from __future__ import annotations

LONGEST_NUMBER = 20  # digits
OPTIONAL = ("years", "full", "proof", "source", "of", "inField")
"""What a reading says also where the written rule says nothing: null; of a requirement an empty list, or no."""


def rule_as_written(told: object) -> object:
    """A requirement or criterion without what says nothing, its `thresholds` as the `threshold`; else as it stands.

    Where both are there, `thresholds` is left for what reads it to name.
    """
    if not isinstance(told, dict):
        return told
    is_read = "thresholds" in told
    written = {n: value for n, value in told.items() if n not in OPTIONAL or not _is_nothing(value, is_read=is_read)}
    source = written.get("source")
    if isinstance(source, dict) and source.get("note", "") is None:
        written["source"] = {name: value for name, value in source.items() if name != "note"}
    thresholds = written.get("thresholds")
    if "threshold" not in written and isinstance(thresholds, list):
        del written["thresholds"]
        if thresholds:
            several = [_number_or_word(one) for one in thresholds]
            alone = len(several) == 1 and written.get("comparison") != "oneOf"
            written["threshold"] = several[0] if alone else several
    return written


def _is_nothing(told: object, *, is_read: bool) -> bool:
    return told is None or (is_read and (told is False or told == []))


def _number_or_word(told: object) -> object:
    is_number = isinstance(told, str) and told.isascii() and told.isdigit() and len(told) < LONGEST_NUMBER
    return int(str(told)) if is_number else told
