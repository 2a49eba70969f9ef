"""Every error has a code for programs, a Chinese sentence for people, and shows nothing else."""

from __future__ import annotations

import inspect

import pytest

import conversation.errors as errors
from connectors import http
from connectors.app import channel
from conversation import serving
from conversation.errors import YixianError
from escalation import agents

ALL = sorted(
    {
        found
        for module in (errors, http, channel, serving, agents)
        for _, found in inspect.getmembers(module, inspect.isclass)
        if issubclass(found, YixianError)
    },
    key=lambda found: found.__name__,
)


@pytest.mark.parametrize("error", ALL)
def test_every_error_can_be_told_to_a_person(error: type[YixianError]) -> None:
    told = error(secret="13812345678")
    assert told.message
    assert not told.message.isascii()
    assert "13812345678" not in str(told)
    assert told.code.replace("_", "").isalpha()
    assert 400 <= told.status < 600


def test_codes_are_each_errors_own() -> None:
    codes: dict[str, set[str]] = {}
    for error in ALL:
        codes.setdefault(error.code, set()).add(error.__name__)
    assert {code: names for code, names in codes.items() if len(names) > 1} == {}
