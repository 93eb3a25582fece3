import ast

from tests.mutants.mutation import mutations

MODULE = """
def answer(x: int = 2) -> bool:
    _log.info("asked", times=3)
    if x < 4 and x:
        send(x, nonce=x)
    return not x
"""


def test_the_mutations() -> None:
    """Comparisons, conditions, constants, calls, arguments and results are mutated one by one; logging is not."""
    assert [(mutation.function, mutation.line, mutation.change) for mutation in mutations("a.py", MODULE)] == [
        ("answer", 2, "2 → 3"),
        ("answer", 2, "2 → 1"),
        ("answer", 4, "x < 4 and x → x < 4 or x"),
        ("answer", 4, "x < 4 and x → not (x < 4 and x)"),
        ("answer", 4, "x < 4 → x <= 4"),
        ("answer", 4, "x < 4 → x >= 4"),
        ("answer", 4, "4 → 5"),
        ("answer", 4, "4 → 3"),
        ("answer", 5, "send(x, nonce=x) → pass"),
        ("answer", 5, "nonce=x → nothing"),
        ("answer", 6, "return not x → return None"),
        ("answer", 6, "not x → x"),
    ]


def test_one_at_a_time() -> None:
    """Each mutant differs from the module, and from every other, by its one change."""
    sources = [mutation.source for mutation in mutations("a.py", MODULE)]
    assert len({*sources, ast.unparse(ast.parse(MODULE))}) == len(sources) + 1
