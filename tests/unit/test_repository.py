"""What is committed: nothing of one machine, nothing fetched from a named place, nothing big, no secrets."""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
MAX_BYTES = 1024 * 1024

#: hosts that may be written out, and why; everything else is a setting or a relative address
KNOWN_HOSTS: dict[str, str] = {
    "127.0.0.1": "this machine",
    "localhost": "this machine",
    "fake": "a base for URL() in the pages' stand-in server, never resolved",
    "www.w3.org": "names of XML vocabularies, never fetched",
    "keepachangelog.com": "the form of the changelog",
    "semver.org": "the form of the version number",
    "api.weixin.qq.com": "the default of WECHAT_API_BASE",
    "developers.weixin.qq.com": "the page of the protocol",
    "api.weibo.com": "the default of WEIBO_API_BASE",
    "m.api.weibo.com": "the default of WEIBO_API_BASE",
    "open.weibo.com": "the page of the protocol",
    "techdocs.audiocodes.com": "the page of the protocol",
}
#: names reserved for examples (RFC 2606, RFC 6761)
_EXAMPLE = re.compile(r"(?:^|\.)(?:example(?:\.(?:com|net|org))?|test|invalid|localhost)$")

_ADDRESS = re.compile(r"\b(?:https?|wss?|ftp|git|ssh)://([^\s/\"'`<>)\]}，。、]*)")
_PLACEHOLDER = re.compile(r"[{$%]")

_REGISTRIES = re.compile(
    "|".join(
        [
            r"pypi\.org",
            r"pythonhosted",
            r"npmjs\.",
            r"npmmirror",
            r"tuna\.tsinghua",
            r"mirrors?\.(?:aliyun|ustc|tencent|huaweicloud)",
            r"docker\.io",
            r"\bghcr\.io",
            r"\bquay\.io",
            r"\bgcr\.io",
            r"huggingface\.co",
            r"modelscope\.cn",
            r"conda\.anaconda",
            r"deb\.debian\.org",
            r"raw\.githubusercontent",
            r"releases/download",
            r"--(?:extra-)?index-url",
            r"--find-links",
        ]
    ),
    re.IGNORECASE,
)
_MACHINE_PATHS = re.compile(
    r"(?<![\w.$}])/(?:home|root|Users|work|workspace|tmp)/[\w.-]+|\b[A-Z]:\\(?:Users|work)"
)
_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/]{20}")
_SECRET_FILES = re.compile(r"(?:^|/)(?:\.env|id_rsa|.*\.(?:pem|key|p12|pfx|db|sqlite3?|pyc|tar\.gz|log))$")

#: this file names what it looks for
_ITSELF = "tests/unit/test_repository.py"


@lru_cache(maxsize=1)
def tracked() -> tuple[str, ...]:
    """Paths of all committed (or added) files that exist, from the root with forward slashes."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    names = listed.decode().split("\0")
    return tuple(name for name in names if name and (ROOT / name).is_file())


@lru_cache(maxsize=1)
def texts() -> dict[str, str]:
    """Path → content of all text files but this one."""
    found = {}
    for name in tracked():
        content = (ROOT / name).read_bytes()
        if name != _ITSELF and b"\0" not in content:
            found[name] = content.decode("utf-8", "replace")
    return found


def lines_with(pattern: re.Pattern[str], skip: Iterable[str] = ()) -> list[str]:
    return [
        f"{name}:{number}: {match[0]}"
        for name, text in texts().items()
        if name not in skip
        for number, line in enumerate(text.splitlines(), start=1)
        for match in pattern.finditer(line)
    ]


def assert_none(wrong: Iterable[str]) -> None:
    found = sorted(set(wrong))
    assert not found, "\n  " + "\n  ".join(found)


def test_no_path_of_one_machine_is_committed() -> None:
    """The project runs wherever it is cloned."""
    assert_none(lines_with(_MACHINE_PATHS))


def test_no_registry_and_no_download_address_is_committed() -> None:
    """Packages come from wherever pip and npm are set up to look; hashes say which they are."""
    assert_none(lines_with(_REGISTRIES))


def test_every_address_is_one_we_know() -> None:
    """An address in a tracked file is this machine, an example, or in the table with its reason. Tests may
    name strangers: they prove that nobody follows them."""
    wrong = []
    for name, text in texts().items():
        if name == "package-lock.json" or re.search(r"(?:^|/)tests?/", name):
            continue  # the lock's are where authors ask for funding; "resolved" is looked at below
        for match in _ADDRESS.finditer(text):
            host = re.split(r"[:?#]", match[1].rpartition("@")[2].lower())[0]
            known = host in KNOWN_HOSTS or _EXAMPLE.search(host) or _PLACEHOLDER.search(match[1])
            wrong += [f"{name}: {match[0]}"] if host and not known else []
    assert_none(wrong)


def test_no_key_and_no_database_is_committed() -> None:
    """Keys, databases, models and logs are made on the machine that uses them."""
    assert_none(lines_with(_PRIVATE_KEY))
    assert_none(name for name in tracked() if _SECRET_FILES.search(name))


def test_no_file_is_big() -> None:
    """Nothing over 1 MiB: what is generated is not committed, what is data is small."""
    sizes = {name: (ROOT / name).stat().st_size for name in tracked()}
    assert_none(f"{name}: {size} bytes" for name, size in sizes.items() if size > MAX_BYTES)


# ── Locks ────────────────────────────────────────────────────────────────────────────────────────────

_REQUIREMENT = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[a-z0-9,._-]+\])?==([^\s;]+)(?: ;[^\\]*)? \\$")
_HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")


def locks() -> list[Path]:
    return sorted((ROOT / "requirements").glob("*.txt"))


def locked(lock: Path) -> Iterator[tuple[str, int]]:
    """(name, number of hashes) of each pinned package; AssertionError for a line of any other form."""
    name, hashes = "", 0
    for line in lock.read_text("utf-8").splitlines():
        if line.lstrip().startswith("#") or not line.strip():
            continue
        if match := _REQUIREMENT.match(line):
            if name:
                yield name, hashes
            name, hashes = normal(match[1]), 0
        else:
            assert _HASH.match(line), f"{lock.name}: {line!r} is neither a pinned package nor a hash"
            hashes += 1
    yield name, hashes


@pytest.mark.parametrize("lock", locks(), ids=lambda path: path.name)
def test_every_locked_package_has_its_hashes(lock: Path) -> None:
    """name==version and at least one SHA-256 for each, and nothing else: no address, no option."""
    found = list(locked(lock))
    assert found
    assert_none(f"{lock.name}: {name} has no hash" for name, hashes in found if not hashes)
    assert_none(f"{lock.name}: {name} twice" for name, n in Counter(n for n, _ in found).items() if n > 1)


@pytest.mark.parametrize("lock", locks(), ids=lambda path: path.name)
def test_every_wanted_package_is_locked(lock: Path) -> None:
    """What the .in file asks for (and the files it includes) is in the lock: ``make lock`` was run."""
    have = {name for name, _ in locked(lock)}
    assert_none(f"{lock.name}: {name} is not locked" for name in wanted(lock.with_suffix(".in")) - have)


def wanted(file: Path) -> set[str]:
    names = set()
    for line in file.read_text("utf-8").splitlines():
        line = line.partition("#")[0].strip()
        if line.startswith("-r "):
            names |= wanted(file.parent / line[3:].strip())
        elif line:
            names.add(normal(re.split(r"[\[<>=!~; ]", line)[0]))
    return names


def normal(name: str) -> str:
    """A package's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_lock_of_the_program_is_part_of_the_lock_of_the_tests() -> None:
    """Tested is what runs: the same versions in both files."""
    pins = [
        set(re.findall(r"^\S+==\S+", (ROOT / "requirements" / name).read_text("utf-8"), re.MULTILINE))
        for name in ("runtime.txt", "dev.txt")
    ]
    assert_none(f"{pin} only in runtime.txt" for pin in pins[0] - pins[1])


def test_the_lock_of_the_pages_has_hashes_and_no_addresses() -> None:
    """npm asks whatever registry it is set to; ``integrity`` says what must come."""
    packages: dict[str, dict[str, Any]] = json.loads((ROOT / "package-lock.json").read_text("utf-8"))[
        "packages"
    ]
    wrong = []
    for name, entry in packages.items():
        if entry.get("link"):
            wrong += [] if entry["resolved"] in packages else [f"{name} links to nowhere"]
        elif "node_modules/" in name:
            wrong += [f"{name}: resolved {entry['resolved']}"] if "resolved" in entry else []
            wrong += [] if "integrity" in entry else [f"{name}: no integrity"]
    assert_none(wrong)


# ── YAML ─────────────────────────────────────────────────────────────────────────────────────────────


def yaml_files(*patterns: str) -> list[str]:
    return [name for name in tracked() if name.endswith((".yml", ".yaml")) and name.startswith(patterns)]


def keys_twice(node: yaml.Node | None, where: str) -> Iterator[str]:
    """Keys that occur twice in one mapping: YAML readers silently keep the last."""
    waiting = [node] if node is not None else []
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.MappingNode):
            counted = Counter(key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode))
            yield from (f"{where}: {key} twice" for key, count in counted.items() if count > 1)
            waiting += [value for _, value in node.value]
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value


def composed(name: str) -> list[yaml.Node]:
    return list(yaml.compose_all((ROOT / name).read_text("utf-8"), Loader=yaml.CSafeLoader))


def test_no_yaml_mapping_says_a_key_twice() -> None:
    """The second would silently win."""
    assert_none(
        wrong for name in yaml_files("") for node in composed(name) for wrong in keys_twice(node, name)
    )


def test_every_response_is_defined_in_one_place() -> None:
    """``responses:`` may stand in the domain and in every journey's folder; Rasa keeps the last one it reads."""
    places: dict[str, list[str]] = {}
    for name in yaml_files("domain.yml", "bot/data/"):
        for document in composed(name):
            for key in _response_keys(document):
                places.setdefault(key, []).append(name)
    assert_none(f"{key} in {', '.join(files)}" for key, files in places.items() if len(files) > 1)


def _response_keys(document: yaml.Node) -> list[str]:
    if not isinstance(document, yaml.MappingNode):
        return []
    return [
        key.value
        for section, responses in document.value
        if section.value == "responses" and isinstance(responses, yaml.MappingNode)
        for key, _ in responses.value
    ]
