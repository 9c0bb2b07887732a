"""Trees told as who stands below whom: what stands below itself."""

from __future__ import annotations

from collections.abc import Mapping


def on_circles(parents: Mapping[str, str]) -> frozenset[str]:
    """The nodes that reach themselves by going up; those that only lead to a circle are not on it."""
    done: set[str] = set()
    circles: set[str] = set()
    for start in parents:
        path: dict[str, int] = {}
        node: str | None = start
        while node is not None and node not in done and node not in path:
            path[node] = len(path)
            node = parents.get(node)
        if node is not None and node in path:
            circles |= {one for one, place in path.items() if place >= path[node]}
        done |= path.keys()
    return frozenset(circles)
