"""The floors of the house, and who may not look down which stairs: the rules that test_floors.py holds."""

from collections.abc import Iterator

from tests.architecture.source import Module, calls, imports

FLOORS = {
    "cli": 8, "web": 8,
    "scenario": 7, "practice": 7,
    "desk": 6,
    "briefings": 5, "store": 5,
    "process": 4,
    "registers": 3, "composing": 3, "handover": 3,
    "record": 2, "acts": 2, "forms": 2, "clauses": 2,
    "words": 1,
}  # fmt: skip

# On the second floor the vocabulary has three shelves: clauses, the acts that speak of them, the form of both.
SHELVES = {"acts": {"clauses"}, "forms": {"acts", "clauses"}}
DOORS = {"__main__": "cli"}  # modules that only open another room

PURE = {"process", "composing", "handover"}
WORLD = {
    "asyncio", "fcntl", "getpass", "glob", "http", "io", "locale", "logging", "mmap", "multiprocessing", "os",
    "pathlib", "random", "secrets", "select", "shutil", "signal", "socket", "sqlite3", "ssl", "subprocess", "sys",
    "tempfile", "threading", "time", "urllib", "zoneinfo", "psycopg",
}  # fmt: skip
WORLDLY_CALLS = {"open", "input", "print", "breakpoint"}
WORLDLY_ENDINGS = (
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "uuid1", "uuid4", "default_rng",
)  # fmt: skip
EMPTY_NAMES = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "service", "services", "misc"}


def _target_room(target: str) -> str | None:
    """The room of ours that an import reaches: None for other people's modules and for ``parley`` itself."""
    top, _, rest = target.partition(".")
    room = rest.partition(".")[0]
    return room if top == "parley" and room in FLOORS else None


def wrong_stairs(modules: list[Module]) -> Iterator[str]:
    """Each import that reaches up, or across to a neighbour on the same floor."""
    for module in modules:
        own = DOORS.get(module.room, module.room)
        for found in imports(module):
            room = _target_room(found.target)
            if room is None or room == own or room in SHELVES.get(own, ()) or FLOORS[room] < FLOORS[own]:
                continue
            yield f"{module.name} line {found.line}: {own} may not import {room} ({found.target})"


def unknown_rooms(modules: list[Module]) -> set[str]:
    """Rooms that stand on no floor."""
    return {module.room for module in modules} - FLOORS.keys() - DOORS.keys()


def side_doors(modules: list[Module]) -> Iterator[str]:
    """Each place where a room that must be pure reaches for a clock, for chance, or for anything outside."""
    for module in modules:
        if module.room not in PURE:
            continue
        for found in imports(module):
            if found.target.partition(".")[0] in WORLD:
                yield f"{module.name} line {found.line}: imports {found.target}; take it as an argument"
        for name, line in calls(module):
            if name in WORLDLY_CALLS or name.endswith(WORLDLY_ENDINGS):
                yield f"{module.name} line {line}: calls {name}; take its result as an argument"


def django_outside_its_rooms(modules: list[Module]) -> Iterator[str]:
    """Each import of Django outside the web pages and the office data."""
    for module in modules:
        if module.room == "web" or f"{module.name}.".startswith("store.office."):
            continue
        for found in imports(module):
            if found.target.partition(".")[0] == "django":
                yield f"{module.name} line {found.line}: imports {found.target}"


def beyond_the_vocabulary(modules: list[Module]) -> Iterator[str]:
    """Each import by which the list of acts leans on more than words, clauses and the language itself."""
    language = {"__future__", "collections", "dataclasses", "enum", "types", "typing"}
    for module in modules:
        if module.name != "acts":
            continue
        for found in imports(module):
            top = found.target.partition(".")[0]
            if top not in language and _target_room(found.target) not in {"words", "clauses"}:
                yield f"acts line {found.line}: imports {found.target}"
