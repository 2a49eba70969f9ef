"""Two requests in one message: where a message may be cut, and when both pieces are requests of their own.

Pure. Knows how clauses are joined and which intents are sides of one matter (data/one_matter.txt); must not
know the classifier: whoever has it ranks the clauses. Made to be sure rather than to catch all: a second
answer nobody asked for is worse than a second question asked again.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.nlu.decision import Guess, Handling
from bot.nlu.normalise import DATA

SHORTEST = 3  #: letters a request takes
MOST = 5  #: clauses looked at; a longer message is a story
JOINED = 0.45  #: what each side needs when the customer himself says that there is one more thing
NEAR = 3  #: places of the whole's ranking among which a mere follower must be
SURE = 0.60  #: what each side needs when two questions merely follow each other

#: words that announce one more thing; "还有" inside a clause mostly counts ("还有多少没还")
_MORE = re.compile(
    r"(?:还有(?:就是|一(?:个|点|件)(?:事|问题)?|个(?:事|问题))|(?:另外(?!一|的)|此外|其次|再者|另(?=[,: ]))(?:[还再](?=想|要|问|有))?|(?:再|还)(?:想)?(?:请)?(?:问|咨询)"
    r"(?:一?下|一个|个|你)?|顺便(?:再)?(?:问|查|帮|说)?(?:一?下)?|对了|再就是|第[二2](?:个)?(?:问题)?|同时(?:我)?(?:想)?|以及)[,:、 ]?"
)
_HEAD = re.compile(rf"^(?:{_MORE.pattern}|还有[,:、 ]?|[和跟](?=.*[吗么呢?]))+")
_STOPS = re.compile(r"[,。!?;、~…\s]+")
_ASKS = re.compile(
    r"吗|么$|呢|不$|没$|怎|咋|如何|多少|几[号天点期]|什么|啥|哪|多久|何时|为何|多长|多大|是否|(.)[不没]\1"
    r"|能否|可否|有没|可以[用提再]|帮|给我(?![发打扣关停])|麻烦|我(?:要|想)|想(?:要|问|查|办|改|开|换|关|取消|申请)|请|申请"
    r"|^(?:查|办|改|换|取消|开通|关闭|开|关|看|注销|修改|解绑|绑定|更换)"
)
_LEANS = re.compile(r"^(?:这样|那样|那么?|所以|因为|如果|要是|但|可是|不过|结果|而且|就|才|然后(?!想|问|帮))")


@dataclass(frozen=True)
class Clause:
    """A piece of a normalised text; ``joined``: the customer announced it as one more thing.

    ``asks``: it looks like a question or a wish; ``leans``: it goes on from the piece before.
    """

    text: str
    joined: bool
    asks: bool
    leans: bool


def clauses(text: str) -> tuple[Clause, ...]:
    """The clauses of a normalised text; none where it is one clause, or a long story."""
    found: list[Clause] = []
    for piece, asked in _pieces(text):
        head = _HEAD.match(piece)
        body = piece[head.end() :] if head else piece
        if sum(map(str.isalnum, body)) >= SHORTEST:
            asks = asked or bool(_ASKS.search(body))
            found.append(Clause(body, bool(head), asks, bool(_LEANS.match(body))))
    return tuple(found) if 2 <= len(found) <= MOST else ()


def _pieces(text: str) -> list[tuple[str, bool]]:
    """Between stops and in front of words that announce more; whether a question mark follows."""
    found: list[tuple[str, bool]] = []
    at, carried = 0, ""
    for stop in [*_STOPS.finditer(text), None]:
        piece = carried + (text[at : stop.start()] if stop else text[at:])
        at, carried = (stop.end() if stop else at), ""
        if stop and _HEAD.fullmatch(piece):
            carried = piece  # "另外," belongs to what follows
            continue
        cuts = [0, *(m.start() for m in _MORE.finditer(piece) if m.start() >= SHORTEST), len(piece)]
        parts = [piece[a:b] for a, b in itertools.pairwise(cuts) if a < b]
        found += [(part, bool(stop and "?" in stop[0])) for part in parts]
    return found


@lru_cache(maxsize=1)
def _matters() -> tuple[frozenset[str], ...]:
    lines = (DATA / "one_matter.txt").read_text(encoding="utf-8").splitlines()
    return tuple(frozenset(line.split()) for line in lines if line and not line.startswith("#"))


def one_matter(one: str, other: str) -> bool:
    """Whether two intents are sides of one matter: a sentence about both is one request with its story."""
    return one == other or any({one, other} <= matter for matter in _matters())


def two_requests(
    found: Sequence[tuple[Clause, Guess]], whole: Sequence[Guess], handling: Mapping[str, Handling]
) -> tuple[str, str] | None:
    """(the earlier, the last) of two different requests, given each clause's likeliest intent or act.

    ``whole`` ranks the message as one. The last of two questions that merely follow each other must be
    seen there too: "结清证明怎么开，要多久" asks nothing about instalments.
    """
    for place in range(len(found) - 1, 0, -1):
        clause, last = found[place]
        for before, first in reversed(found[:place]):
            seen = clause.joined or any(guess.intent == last.intent for guess in whole[:NEAR])
            if seen and _both(before, first, clause, last) and _servable(first, last, handling):
                return first.intent, last.intent
    return None


def _both(before: Clause, first: Guess, clause: Clause, last: Guess) -> bool:
    if clause.joined:
        return min(first.confidence, last.confidence) >= JOINED
    asked = before.asks and clause.asks and not clause.leans
    return asked and min(first.confidence, last.confidence) >= SURE


def _servable(first: Guess, last: Guess, handling: Mapping[str, Handling]) -> bool:
    """A person who is called hears everything; talk and foreign matters are no request."""
    kinds = {handling.get(guess.intent) for guess in (first, last)}
    ours = kinds <= {Handling.ANSWER, Handling.ACCOUNT, Handling.NEGOTIATION}
    return ours and not one_matter(first.intent, last.intent)
