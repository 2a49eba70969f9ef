"""What `rasa data validate` does not see: names that must meet between config, domain, data and code."""

from __future__ import annotations

import importlib
import inspect
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "bot" / "data"


def read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return content


@pytest.fixture(scope="module", autouse=True)
def light() -> None:
    """Rasa without TensorFlow, as the program loads it."""
    from bot.engine.prepare import prepare

    prepare()


@pytest.fixture(scope="module")
def domain() -> dict[str, Any]:
    return read(ROOT / "domain.yml")


@pytest.fixture(scope="module")
def actions() -> dict[str, type]:
    """Every concrete action of bot.actions by its name."""
    from rasa_sdk import Action

    found = {}
    for path in (ROOT / "bot" / "actions").glob("*.py"):
        module = importlib.import_module(f"bot.actions.{path.stem}".removesuffix(".__init__"))
        for thing in vars(module).values():
            own = inspect.isclass(thing) and thing.__module__ == module.__name__
            if own and issubclass(thing, Action) and not inspect.isabstract(thing):
                found[thing().name()] = thing
    return found


def rules() -> list[dict[str, Any]]:
    return [rule for path in DATA.glob("*/rules.yml") for rule in read(path)["rules"]]


def responses() -> dict[str, Any]:
    return {
        name: text for path in DATA.glob("*/responses.yml") for name, text in read(path)["responses"].items()
    }


def test_every_component_of_the_pipeline_can_be_imported_and_is_called_bank() -> None:
    """Rasa registers components by their bare class name: ours never take the name of one of Rasa's."""
    for component in read(ROOT / "config.yml")["pipeline"]:
        module, _, name = component["name"].rpartition(".")
        assert hasattr(importlib.import_module(module), name)
        assert name.startswith("Bank")


def test_the_domain_lists_exactly_the_actions_there_are(
    domain: dict[str, Any], actions: dict[str, type]
) -> None:
    assert set(domain["actions"]) == set(actions)


def test_every_intent_has_exactly_one_rule(domain: dict[str, Any]) -> None:
    """A message that is understood is never without an action."""
    ruled = Counter(step["intent"] for rule in rules() for step in rule["steps"] if "intent" in step)
    assert ruled == Counter(domain["intents"])


def test_every_action_is_reached_by_a_rule(domain: dict[str, Any]) -> None:
    ruled = {step["action"] for rule in rules() for step in rule["steps"] if "action" in step}
    assert set(domain["actions"]) <= ruled


def test_no_response_is_written_twice() -> None:
    """Rasa takes the last one without a word."""
    names = Counter(name for path in DATA.glob("*/responses.yml") for name in read(path)["responses"])
    assert [name for name, count in names.items() if count > 1] == []


def test_python_names_exactly_the_responses_that_exist() -> None:
    """Those of the rules aside, which name theirs themselves."""
    from bot.actions.utter import Utter

    ruled = {step["action"] for rule in rules() for step in rule["steps"] if "action" in step}
    assert {one.value for one in Utter} == set(responses()) - {
        name for name in ruled if name.startswith("utter_")
    }


def test_every_response_a_rule_names_exists() -> None:
    ruled = {step["action"] for rule in rules() for step in rule["steps"] if "action" in step}
    assert {name for name in ruled if name.startswith("utter_")} <= set(responses())


def test_every_intent_of_the_data_is_in_the_domain(domain: dict[str, Any]) -> None:
    """And has enough to learn from."""
    taught = {
        one["intent"]: one["examples"].count("- ")
        for path in DATA.glob("*/nlu.yml")
        for one in read(path)["nlu"]
    }
    assert set(taught) <= set(domain["intents"])
    assert min(taught.values()) >= 40
    assert set(domain["intents"]) - set(taught) == {
        "unclear",
        "third_party",
        "safety",
        "more_detail",
        "open_ticket",
        "ticket_state",
        "promise_state",
        "promise_cancel",
    }


def test_every_intent_has_an_answer_and_every_answer_an_intent() -> None:
    from bot.nlu.decision import handling_table

    assert {path.stem for path in (DATA / "knowledge").glob("*.yml")} == set(handling_table())


def test_every_matter_for_a_person_has_a_route() -> None:
    """Escalations and, for now, negotiations."""
    from bot.actions.handover import ROUTES
    from bot.nlu.decision import Handling, handling_table

    wanted = {i for i, h in handling_table().items() if h in (Handling.ESCALATE, Handling.NEGOTIATION)}
    assert wanted == set(ROUTES)


def test_a_session_never_expires_by_itself(domain: dict[str, Any]) -> None:
    """An expired session would drop what is pending."""
    assert domain["session_config"]["session_expiration_time"] == 0


def test_every_word_the_actions_use_is_in_the_word_file() -> None:
    written = read(ROOT / "bot" / "actions" / "words.yml")
    assert all(value for value in written.values())
    for path in (ROOT / "bot" / "actions").glob("*.py"):
        for part in path.read_text("utf-8").split('word("')[1:]:
            assert part.split('"')[0] in written, path.name


def test_nothing_is_in_the_domain_twice(domain: dict[str, Any]) -> None:
    """Rasa throws such a domain away whole and trains on an empty one."""
    for part in ("intents", "entities", "actions"):
        assert [name for name, count in Counter(domain[part]).items() if count > 1] == [], part
