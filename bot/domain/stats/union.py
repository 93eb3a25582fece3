"""The union of somebody's focus: where entries overlap, each second counts once, for one of them."""

import heapq
from collections.abc import Sequence

from bot.domain.time.spans import Seconds


def union(claims: Sequence[Seconds]) -> list[Seconds]:
    """Give each second to the highest of its claims, which ascend in rank; return what each has."""
    edges: dict[int, list[tuple[int, int]]] = {}
    for rank, claim in enumerate(claims):
        for begins, ends in claim:
            edges.setdefault(begins, []).append((rank, ends))
            edges.setdefault(ends, [])
    won: list[list[tuple[int, int]]] = [[] for _ in claims]
    # Those that claim the current second, the highest rank first: each as its rank, negated, and its end.
    claiming: list[tuple[int, int]] = []
    before = 0
    for at in sorted(edges):
        while claiming:
            rank, ends = -claiming[0][0], claiming[0][1]
            if ends > before:
                spans = won[rank]
                begins = spans.pop()[0] if spans and spans[-1][1] == before else before
                spans.append((begins, at))
                break
            heapq.heappop(claiming)
        for rank, ends in edges[at]:
            heapq.heappush(claiming, (-rank, ends))
        before = at
    return [tuple(spans) for spans in won]


def length(spans: Seconds) -> int:
    """Return the number of seconds."""
    return sum(ends - begins for begins, ends in spans)
