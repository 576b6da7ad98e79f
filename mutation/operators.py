"""Which small defects are planted: a comparison changed, a condition turned round, a statement left out, and the like.

What no test could see is left alone: texts, annotations, docstrings, arms that are unreachable by type (`assert_never`).
"""

import ast
from collections.abc import Callable, Iterator
from copy import copy
from typing import Final

COMPARISONS: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
ARITHMETIC: Final[dict[type[ast.operator], type[ast.operator]]] = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult}
CALLS: Final = {"min": "max", "max": "min", "any": "all", "all": "any"}
EVENTS: Final = "tuple[Event, ...]"

Change = tuple[str, Callable[[], ast.AST]]  # what is changed, and the node that takes the place of the old one


def changes(node: ast.AST, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Change]:
    """Every defect that can be planted at this node of `function`."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in COMPARISONS:
            yield f"other comparison than in {_said(node)}", lambda: _with(node, ops=[COMPARISONS[type(op)]()])
        case ast.BoolOp(op=ast.And()):
            yield f"or instead of and in {_said(node)}", lambda: _with(node, op=ast.Or())
        case ast.BoolOp(op=ast.Or()):
            yield f"and instead of or in {_said(node)}", lambda: _with(node, op=ast.And())
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield f"without not: {_said(node)}", lambda: operand
        case ast.BinOp(op=ast.BitOr(), left=left):
            yield f"only the left side of {_said(node)}", lambda: left
        case ast.BinOp(op=op) if type(op) in ARITHMETIC:
            yield f"other operator than in {_said(node)}", lambda: _with(node, op=ARITHMETIC[type(op)]())
        case ast.Constant(value=bool() as value):
            yield f"{not value} instead of {value}", lambda: ast.Constant(not value)
        case ast.Constant(value=int() as value):
            yield f"{value + 1} instead of {value}", lambda: ast.Constant(value + 1)
        case ast.IfExp():
            yield f"branches exchanged in {_said(node)}", lambda: _with(node, body=node.orelse, orelse=node.body)
        case ast.comprehension(ifs=[_, *_]):
            yield f"without the filter {_said(node.ifs[0])}", lambda: _with(node, ifs=node.ifs[1:])
        case ast.match_case(guard=ast.expr() as guard):
            yield f"without the guard {_said(guard)}", lambda: _with(node, guard=None)
        case ast.Call():
            yield from _of_call(node)
        case ast.stmt():
            yield from _of_statement(node, function)
        case _:
            pass


def _of_call(node: ast.Call) -> Iterator[Change]:
    match node.func:
        case ast.Name(id=name) if name in CALLS:
            yield f"{CALLS[name]} instead of {name} in {_said(node)}", lambda: _with(node, func=ast.Name(CALLS[name], ast.Load()))
        case ast.Name(id="replace"):
            for number, keyword in enumerate(node.keywords):
                rest = [*node.keywords[:number], *node.keywords[number + 1 :]]
                yield f"without {keyword.arg} in {_said(node)}", lambda rest=rest: _with(node, keywords=rest)
        case _:
            pass


def _of_statement(node: ast.stmt, function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Change]:
    match node:
        case ast.Raise():
            yield f"without {_said(node)}", ast.Pass
        case ast.Expr(value=ast.Call()) if "assert_never" not in ast.unparse(node):
            yield f"without {_said(node)}", ast.Pass
        case ast.If():
            yield f"condition turned round: {_said(node.test)}", lambda: _with(node, test=ast.UnaryOp(ast.Not(), node.test))
        case ast.Return(value=ast.expr() as value) if (
            ast.unparse(value) != "()" and function.returns and ast.unparse(function.returns) == EVENTS
        ):
            yield f"no events instead of {_said(value)}", lambda: ast.Return(ast.Tuple([], ast.Load()))
        case _:
            pass


def _with(node: ast.AST, **fields: object) -> ast.AST:
    changed = copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _said(node: ast.AST, most: int = 70) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= most else f"{text[: most - 1]}…"
