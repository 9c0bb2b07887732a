"""Whom an inauguration put in a post that Data ASN does not name yet: until it does, the registry of posts counts."""

from __future__ import annotations


def is_news(holder: str, post: str, talent: str) -> str:
    """Whether a seat was taken over by a vacancy, and the talent's record names another post; over these tables."""
    return (
        f"{holder}.vacancy_id IS NOT NULL AND ({talent}.unit_id, name_key({talent}.position)) "
        f"IS DISTINCT FROM ({post}.unit_id, {post}.name_key)"
    )
