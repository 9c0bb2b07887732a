"""Bytes of a table to columns: loops that stop at the first value that is not as the format says."""

from __future__ import annotations

import string

import numpy as np

from app.verifier.columns import NONE, Bytes, Flags, Ints, Lots, Places, Refs, compiled

COMMA, LINE_END, QUOTE, RETURN, MINUS, ZERO, BEYOND_ASCII = 44, 10, 34, 13, 45, 48, 128
CUT_SHORT, WRONG_COLUMNS, FORBIDDEN = 1, 2, 3
"""What may be wrong with a line."""
LONGEST_ID = 36
ID_LETTERS = np.isin(np.arange(256), list((string.ascii_letters + string.digits + "-_").encode()))
MOST = np.uint64(2**64 - 1)
TEN = np.uint64(10)
BASIS, PRIME, HALF = np.uint64(14695981039346656037), np.uint64(1099511628211), np.uint64(32)  # FNV-1a


@compiled
def divide(text: Bytes, begin: int, columns: int, places: Places) -> tuple[int, int, int, bool]:
    """Fill in where each value begins, and one more place behind the last, as far as there is room.

    Gives the lines from `begin` on, the first faulty one or NONE, its fault, and whether all is ASCII.
    """
    lines, values, is_plain = 0, 0, True
    bad, fault = NONE, 0
    found = 1
    places[0] = begin
    for at in range(begin, len(text)):
        byte = text[at]
        if byte in (COMMA, LINE_END):
            values += 1
            if found < len(places):
                places[found] = at + 1
                found += 1
            if byte == LINE_END:
                if values != columns and bad == NONE:
                    bad, fault = lines, WRONG_COLUMNS
                lines, values = lines + 1, 0
        elif byte in (QUOTE, RETURN):
            if bad == NONE:
                bad, fault = lines, FORBIDDEN
        elif byte >= BEYOND_ASCII:
            is_plain = False
    if bad == NONE and len(text) > begin and text[-1] != LINE_END:
        bad, fault = lines, CUT_SHORT
    return lines, bad, fault, is_plain


@compiled
def magnitude(text: Bytes, begin: int, end: int) -> tuple[bool, np.uint64]:
    """Whether these bytes are a number from 0 to 2^64-1 as `str` writes it, and which."""
    total = np.uint64(0)
    if end <= begin or end - begin > 20 or (text[begin] == ZERO and end - begin > 1):
        return False, total
    for at in range(begin, end):
        byte = text[at]
        if byte < ZERO or byte > ZERO + 9:
            return False, total
        digit = np.uint64(byte - ZERO)
        if total > (MOST - digit) // TEN:
            return False, total
        total = total * TEN + digit
    return True, total


@compiled
def numbers(text: Bytes, places: Places, step: int, low: int, high: int, out: Ints) -> int:
    """Fill in the numbers that are there; the first row with anything else or NONE. Empty ones are left alone.

    `places` are those of the first value and all that follow it; `step` leads to the next row.
    """
    for row in range(len(out)):
        begin, end = int(places[row * step]), int(places[row * step + 1]) - 1
        if begin == end:
            continue
        is_negative = text[begin] == MINUS
        is_number, size = magnitude(text, begin + int(is_negative), end)
        if not is_number or size >= np.uint64(10**18) or (is_negative and size == np.uint64(0)):
            return row
        value = -np.int64(size) if is_negative else np.int64(size)
        if value < low or value > high:
            return row
        out[row] = value
    return NONE


@compiled
def lots(text: Bytes, places: Places, step: int, out: Lots, known: Flags) -> int:
    """As `numbers`, of lots; `known` tells which are not empty."""
    for row in range(len(out)):
        begin, end = int(places[row * step]), int(places[row * step + 1]) - 1
        known[row] = begin != end
        if begin != end:
            is_number, out[row] = magnitude(text, begin, end)
            if not is_number:
                return row
    return NONE


@compiled
def blank(places: Places, step: int, rows: int) -> int:
    """The first row without a value, or NONE."""
    for row in range(rows):
        if places[row * step] + 1 == places[row * step + 1]:
            return row
    return NONE


@compiled
def measure_ids(text: Bytes, places: Places, step: int, bounds: Ints) -> int:
    """Fill in where each id would begin if they stood side by side; the first row without a proper id, or NONE."""
    for row in range(len(bounds) - 1):
        begin, end = int(places[row * step]), int(places[row * step + 1]) - 1
        if begin == end or end - begin > LONGEST_ID:
            return row
        for at in range(begin, end):
            if not ID_LETTERS[text[at]]:
                return row
        bounds[row + 1] = bounds[row] + end - begin
    return NONE


@compiled
def copy_ids(text: Bytes, places: Places, step: int, bounds: Ints, out: Bytes) -> None:
    """Put the ids side by side."""
    for row in range(len(bounds) - 1):
        begin = int(places[row * step])
        for at in range(bounds[row], bounds[row + 1]):
            out[at] = text[begin + at - bounds[row]]


@compiled
def first_not_ascending(text: Bytes, bounds: Ints) -> tuple[int, bool]:
    """The first id that does not come after the one before it, bytewise, or NONE; and whether it is the same."""
    for row in range(1, len(bounds) - 1):
        old, new = bounds[row - 1], bounds[row]
        while old < bounds[row] and new < bounds[row + 1] and text[old] == text[new]:
            old, new = old + 1, new + 1
        if new == bounds[row + 1]:
            return row, old == bounds[row]
        if old < bounds[row] and text[old] > text[new]:
            return row, False
    return NONE, False


@compiled
def slot_of(text: Bytes, begin: int, end: int, slots: int) -> np.int64:
    """Where to look first for a value among a power of two of slots."""
    total = BASIS
    for at in range(begin, end):
        total = (total ^ np.uint64(text[at])) * PRIME
    total ^= total >> HALF
    return np.int64(total & np.uint64(slots - 1))


@compiled
def is_same(one: Bytes, begin: int, end: int, other: Bytes, at: int, until: int) -> bool:
    """Whether two stretches of bytes are equal."""
    if end - begin != until - at:
        return False
    while begin < end and one[begin] == other[at]:
        begin, at = begin + 1, at + 1
    return begin == end


@compiled
def fill_slots(text: Bytes, bounds: Ints, slots: Refs) -> None:
    """Put the index of every id into the first free slot from its own on."""
    for index in range(len(bounds) - 1):
        slot = slot_of(text, bounds[index], bounds[index + 1], len(slots))
        while slots[slot] != NONE:
            slot = (slot + 1) & (len(slots) - 1)
        slots[slot] = index


@compiled
def refer(text: Bytes, places: Places, step: int, ids: Bytes, bounds: Ints, slots: Refs, out: Refs) -> int:
    """Fill in the index of every id that is there; the first row with one that nobody has, or NONE."""
    for row in range(len(out)):
        begin, end = int(places[row * step]), int(places[row * step + 1]) - 1
        if begin == end:
            continue
        if row > 0 and out[row - 1] != NONE:  # rows of one person stand together
            index = int(out[row - 1])
            if is_same(text, begin, end, ids, bounds[index], bounds[index + 1]):
                out[row] = index
                continue
        slot = slot_of(text, begin, end, len(slots))
        while slots[slot] != NONE:
            index = int(slots[slot])
            if is_same(text, begin, end, ids, bounds[index], bounds[index + 1]):
                out[row] = index
                break
            slot = (slot + 1) & (len(slots) - 1)
        if slots[slot] == NONE:
            return row
    return NONE


@compiled
def number_words(text: Bytes, places: Places, step: int, slots: Refs, firsts: Ints, out: Refs) -> int:
    """Number the different values as they appear; `firsts` is where each stands first.

    Gives how many there are, or NONE where `firsts` has no room for them.
    """
    found = 0
    for row in range(len(out)):
        begin, end = int(places[row * step]), int(places[row * step + 1]) - 1
        slot = slot_of(text, begin, end, len(slots))
        while slots[slot] != NONE:
            first = firsts[slots[slot]]
            if is_same(text, begin, end, text, int(places[first * step]), int(places[first * step + 1]) - 1):
                break
            slot = (slot + 1) & (len(slots) - 1)
        if slots[slot] == NONE:
            if found == len(firsts):
                return NONE
            slots[slot], firsts[found] = found, row
            found += 1
        out[row] = slots[slot]
    return found
