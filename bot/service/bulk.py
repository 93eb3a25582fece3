"""Bulk changes: one that is refused does not stop the others."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from bot.domain.errors import NotSaved, UserError

T = TypeVar("T")
Done = TypeVar("Done")


async def for_each(
    work: Callable[[T], Awaitable[Done]], items: Sequence[T]
) -> tuple[list[Done], list[tuple[T, UserError]]]:
    """Do the work for each; return results, and refusals with reasons. Raises the first if all were refused."""
    done: list[Done] = []
    refused: list[tuple[T, UserError]] = []
    for number, item in enumerate(items):
        try:
            done.append(await work(item))
        except NotSaved as error:
            refused += [(other, error) for other in items[number:]]
            break
        except UserError as error:
            refused.append((item, error))
    if refused and not done:
        raise refused[0][1]
    return done, refused
