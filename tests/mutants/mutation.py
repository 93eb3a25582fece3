"""Mutations: the small faults that can be planted in a module."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_FLIPS: dict[type[ast.cmpop], Sequence[type[ast.cmpop]]] = {
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.Lt: [ast.LtE, ast.GtE],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Gt: [ast.GtE, ast.LtE],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Mod: ast.Mult,
}
_NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}
# A number from here on is a measure, such as a length of time, that is not exact to the last digit.
_MEASURE = 10
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True, slots=True)
class Mutation:
    """One fault: where it is, what it changes, and what the whole module reads then.

    ``line`` is that of the innermost statement around it.
    """

    path: str
    function: str
    line: int
    change: str
    source: str


def mutations(path: str, text: str) -> Iterator[Mutation]:
    """Return every fault that can be planted in a module; log lines and annotations are left alone."""
    tree = ast.parse(text)
    for function, line, parent, field, index, new in _spots(tree, "", 0):
        value = getattr(parent, field)
        old = value if index is None else value[index]
        if index is None:
            setattr(parent, field, new[0])
        else:
            setattr(parent, field, [*value[:index], *new, *value[index + 1 :]])
        change = f"{_short([old])} → {_short(new)}"
        yield Mutation(path, function, line, change, ast.unparse(ast.fix_missing_locations(tree)))
        setattr(parent, field, value)


def _short(nodes: Sequence[ast.AST]) -> str:
    text = " ⏎ ".join(line.strip() for node in nodes for line in ast.unparse(node).splitlines()) or "nothing"
    return text if len(text) <= 90 else f"{text[:89]}…"


def _spots(
    parent: ast.AST, function: str, line: int
) -> Iterator[tuple[str, int, ast.AST, str, int | None, list[ast.AST]]]:
    for field, value in ast.iter_fields(parent):
        if field in {"annotation", "returns", "decorator_list"}:
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(child, ast.AST) or isinstance(child, ast.Assert) or _is_for_logs(parent, child):
                continue
            inside = f"{function}.{child.name}".lstrip(".") if isinstance(child, _DEFINITIONS) else function
            at = child.lineno if isinstance(child, ast.stmt) else line
            for new in _variants(parent, field, child):
                yield inside, at, parent, field, index, new
            yield from _spots(child, inside, at)


def _is_for_logs(parent: ast.AST, child: ast.AST) -> bool:
    """Return whether something only serves readers of the log: a line of it, the name of a task or thread."""
    match child:
        case ast.Expr(ast.Call(ast.Attribute(ast.Name("_log")))):
            return True
        case ast.keyword("name"):
            return isinstance(parent, ast.Call) and ast.unparse(parent.func).endswith(("create_task", "Thread"))
    return False


def _variants(parent: ast.AST, field: str, child: ast.AST) -> Iterator[list[ast.AST]]:
    """Return the faulty replacements for a node; none if it is one of several."""
    yield from _of_expression(child)
    yield from _of_statement(child)
    is_flipped = isinstance(child, ast.Compare) or (
        isinstance(child, ast.UnaryOp) and isinstance(child.op, ast.Not)
    )
    if field == "test" and isinstance(child, ast.expr) and not is_flipped:
        yield [ast.UnaryOp(ast.Not(), child)]
    if field in {"ifs", "keywords"}:
        yield []
    if field == "args" and isinstance(parent, ast.Call) and len(parent.args) > 1 and _is_condition(parent.func):
        yield []


def _is_condition(function: ast.expr) -> bool:
    return ast.unparse(function).rpartition(".")[2] in {"where", "and_", "or_"}


def _of_expression(child: ast.AST) -> Iterator[list[ast.AST]]:
    match child:
        case ast.Compare(left, [operator], [right]):
            for flip in _FLIPS[type(operator)]:
                yield [ast.Compare(left, [flip()], [right])]
        case ast.BoolOp(operator, values):
            yield [ast.BoolOp(ast.Or() if isinstance(operator, ast.And) else ast.And(), values)]
        case ast.UnaryOp(ast.Not(), operand):
            yield [operand]
        case ast.BinOp(left, operator, right) if other := _ARITHMETIC.get(type(operator)):
            yield [ast.BinOp(left, other(), right)]
        case ast.Constant(bool() as value):
            yield [ast.Constant(not value)]
        case ast.Constant(int() | float() as value) if abs(value) < _MEASURE:
            yield [ast.Constant(value + 1)]
            yield [ast.Constant(value - 1)]
        case ast.Constant(int() | float() as value):
            yield [ast.Constant(value * 10)]
        case ast.Name(name) if name in _NAMES:
            yield [ast.Name(_NAMES[name])]


def _of_statement(child: ast.AST) -> Iterator[list[ast.AST]]:
    match child:
        case ast.Expr(ast.Await(awaited)):
            yield [ast.Pass()]
            yield [ast.Expr(awaited)]
        case ast.Return(value) if value and not (isinstance(value, ast.Constant) and value.value is None):
            yield [ast.Return(ast.Constant(None))]
        case (
            ast.Expr(ast.Call())
            | (ast.Raise() | ast.Continue() | ast.Break() | ast.AugAssign() | ast.Delete())
            | ast.Assign([ast.Attribute() | ast.Subscript()])
        ):
            yield [ast.Pass()]
        case ast.With(items, body) | ast.AsyncWith(items, body) if not any(item.optional_vars for item in items):
            yield list(body)
        case ast.Try(body, handlers, orelse, finalbody):
            for handler in handlers:
                others = [other for other in handlers if other is not handler]
                yield _try(body, others, orelse, finalbody)
            if finalbody:
                yield _try(body, handlers, orelse, [])


def _try(
    body: list[ast.stmt], handlers: list[ast.ExceptHandler], orelse: list[ast.stmt], finalbody: list[ast.stmt]
) -> list[ast.AST]:
    if handlers:
        return [ast.Try(body, handlers, orelse, finalbody)]
    return [ast.Try([*body, *orelse], [], [], finalbody)] if finalbody else [*body, *orelse]
