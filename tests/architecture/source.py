"""Reads the source of the project itself as text: its modules, what they import, how long their functions are."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PACKAGE = CHECKOUT / "src" / "parley"
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One module of the package: its dotted name without the leading ``parley.``, and its syntax tree."""

    name: str
    tree: ast.Module
    is_package: bool = False

    @property
    def room(self) -> str:
        """The first part of the name: ``record`` for ``record.canonical``, ``words`` for ``words``."""
        return self.name.partition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One import, wherever it stands in its module: ``target`` is the full dotted name, ``line`` counts from one."""

    target: str
    line: int


def package_modules() -> list[Module]:
    """Every module of the package as it stands in the checkout."""
    return [
        Module(name=name, tree=ast.parse(path.read_bytes(), str(path)), is_package=path.name == "__init__.py")
        for path in sorted(PACKAGE.rglob("*.py"))
        if (name := _dotted(path.relative_to(PACKAGE)))
    ]


def modules_from(texts: Mapping[str, str]) -> list[Module]:
    """Modules made of texts by name, so that the house rules themselves can be tested on small examples."""
    return [Module(name=name, tree=ast.parse(text)) for name, text in texts.items()]


def _dotted(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(module: Module) -> Iterator[Import]:
    """Every import of a module, also inside functions, for the type checker only, relative, or by name at run time."""
    for node in ast.walk(module.tree):
        match node:
            case ast.Import(names=names):
                yield from (Import(target=alias.name, line=node.lineno) for alias in names)
            case ast.ImportFrom(names=names):
                base = _base(module, node)
                # `from parley import record` and `from parley.record import keys` both name what comes behind.
                yield from (Import(target=f"{base}.{alias.name}", line=node.lineno) for alias in names)
            case ast.Call(func=func, args=[ast.Constant(value=str(target)), *_]) if _called(func) in LOADERS:
                yield Import(target=target, line=node.lineno)


LOADERS = {"import_module", "importlib.import_module", "__import__"}


def _base(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    here = ["parley", *module.name.split(".")]
    parents = here[: len(here) - node.level + module.is_package]
    return ".".join([*parents, node.module] if node.module else parents)


def calls(module: Module) -> Iterator[tuple[str, int]]:
    """Every call whose function is a plain dotted name, with its line: ``("datetime.now", 12)``."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and (name := _called(node.func)):
            yield name, node.lineno


def _called(func: ast.expr) -> str:
    match func:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attr) if inner := _called(value):
            return f"{inner}.{attr}"
    return ""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Length:
    """How many lines a function takes, its decorators and its docstring included."""

    lines: int
    module: str
    function: str
    at: int


def function_lengths(modules: list[Module]) -> list[Length]:
    """Every function of the modules, the longest first."""
    found = [
        Length(lines=_end(node) - node.lineno + 1, module=module.name, function=node.name, at=node.lineno)
        for module in modules
        for node in ast.walk(module.tree)
        if isinstance(node, FunctionNode)
    ]
    return sorted(found, reverse=True)


def _end(node: FunctionNode) -> int:
    assert node.end_lineno is not None
    return node.end_lineno
