"""What each role may do in the console beyond serving customers. Pure."""

from __future__ import annotations

from enum import Enum


class Right(str, Enum):
    KNOWLEDGE = "knowledge"  #: propose answers and decide other people's
    BANNERS = "banners"  #: announce, and decide other people's announcements
    SWITCHES = "switches"  #: stop a topic, a channel or negotiation
    APPROVALS = "approvals"  #: decide repayment plans that somebody else proposed


RIGHTS: dict[str, frozenset[Right]] = {
    "agent": frozenset(),
    "editor": frozenset({Right.KNOWLEDGE, Right.BANNERS}),
    "supervisor": frozenset(Right),
}


def rights_of(role: str) -> frozenset[Right]:
    """None for a role nobody described."""
    return RIGHTS.get(role, frozenset())
