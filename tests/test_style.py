"""How the code of src is written, where the linter has no rule for it."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

SRC = Path(__file__).parents[1] / "src"
MODULES = {path.relative_to(SRC).as_posix(): ast.parse(path.read_text("utf-8")) for path in sorted(SRC.rglob("*.py"))}
# Where sentences of findings, settings and problems are made, as model/text.py makes them.
SAYING = (
    "mqtrace/preflight/",
    *("mqtrace/rules/", "mqtrace/keys/check", "mqtrace/keys/peer_name", "mqtrace/keys/remarks"),
    *("mqtrace/settings/asking", "mqtrace/settings/ledger", "mqtrace/settings/ini_lint"),
    *("mqtrace/settings/connection_string", "mqtrace/decode/cipher_agreement", "mqtrace/evidence/clock_offset"),
)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def nested_choices(tree: ast.AST) -> Iterator[int]:
    """Lines with a conditional expression inside another."""
    for node in ast.walk(tree):
        if isinstance(node, ast.IfExp):
            yield from (inner.lineno for inner in ast.walk(node) if isinstance(inner, ast.IfExp) and inner is not node)


def dense_loops(tree: ast.AST) -> Iterator[int]:
    """Lines with a comprehension of several loops that also chooses, or of more than two loops."""
    for node in ast.walk(tree):
        if isinstance(node, COMPREHENSIONS):
            loops, chooses = len(node.generators), any(loop.ifs for loop in node.generators)
            if loops > 2 or (loops == 2 and chooses):
                yield node.lineno


def sentences_with_values(tree: ast.AST) -> Iterator[int]:
    """Lines with an f-string of several words that is no text of an exception."""
    raised = {id(part) for node in ast.walk(tree) if isinstance(node, ast.Raise) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and id(node) not in raised:
            words = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
            if " " in words.strip():
                yield node.lineno


def public_names(tree: ast.Module) -> list[str]:
    return [node.name for node in tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]


def test_what_is_looked_for_is_seen() -> None:
    assert list(nested_choices(ast.parse("1 if a else 2 if b else 3"))) == [1]
    assert list(nested_choices(ast.parse("(1 if a else 2) + (3 if b else 4)"))) == []
    assert list(dense_loops(ast.parse("[x for a in b for x in a if x]"))) == [1]
    assert list(dense_loops(ast.parse("[x for a in b for x in a]"))) == []
    assert list(dense_loops(ast.parse("[x for x in a if x if y]"))) == []
    assert list(sentences_with_values(ast.parse("f'{a} is not there'"))) == [1]
    assert list(sentences_with_values(ast.parse("f'gap.{a} '; raise ValueError(f'no {a} there')"))) == []


@pytest.mark.parametrize("name", MODULES)
def test_a_conditional_expression_decides_once(name: str) -> None:
    assert list(nested_choices(MODULES[name])) == []


@pytest.mark.parametrize("name", MODULES)
def test_a_comprehension_loops_twice_or_chooses(name: str) -> None:
    assert list(dense_loops(MODULES[name])) == []


@pytest.mark.parametrize("name", [name for name in MODULES if name.startswith(SAYING)])
def test_a_sentence_of_a_finding_keeps_its_values_apart(name: str) -> None:
    assert list(sentences_with_values(MODULES[name])) == []


def test_a_public_class_has_a_name_of_its_own() -> None:
    names = Counter(name for tree in MODULES.values() for name in public_names(tree))
    assert [name for name, count in names.items() if count > 1] == []


def test_a_function_is_named_for_what_it_gives() -> None:
    functions = [
        (name, node.name)
        for name, tree in MODULES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    ]
    assert [(name, function) for name, function in functions if function.strip("_") in ("found", "told")] == []
