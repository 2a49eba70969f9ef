"""The published document is true: whatever is sent, the answer is one the document names, never a 5xx."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from starlette.testclient import TestClient

from service import launcher
from service.composition import build_core
from service.demo import PASSWORD
from service.settings import read_settings
from service.web import build_app


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Any:
    for name in ("DATABASE_URL", "REDIS_URL", "DEMO_BANK_URL"):
        os.environ.pop(name, None)
    var: Path = tmp_path_factory.mktemp("var")
    chosen = read_settings({"YIXIAN_VAR": str(var), "MESSAGE_BURST": "100000"})
    launcher.prepare(chosen)
    return build_app(build_core(chosen))


@pytest.fixture(scope="module")
def client(app: Any) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="module")
def document(app: Any) -> Any:
    return schemathesis.openapi.from_asgi("/openapi.json", app)


# logging out would end the session the other operations use
schema = schemathesis.pytest.from_fixture("document").exclude(path_regex="/logout$")


@pytest.fixture(scope="module")
def headers(client: TestClient) -> dict[str, str]:
    """Somebody who may do everything: a customer's token and an agent's session."""
    token = client.post("/api/app/v1/demo/token", json={"customer_id": "C0001"}).json()["token"]
    body = {"username": "xiaolin", "password": PASSWORD}
    csrf = client.post("/api/desk/v1/login", json=body).json()["csrf"]
    return {"authorization": f"Bearer {token}", "x-csrf-token": csrf}


@schema.parametrize()
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_one_the_document_names(
    case: Any, client: TestClient, headers: dict[str, str]
) -> None:
    """No stack trace, no undocumented status, errors in the one shape."""
    if case.operation.path.endswith("/events"):
        case.query = {**(case.query or {}), "wait": "0"}
    case.headers = {**(case.headers or {}), **headers}
    answer = case.call(session=client)
    assert answer.status_code < 500, answer.text
    documented = {int(status) for status in case.operation.definition.raw["responses"]}
    assert answer.status_code in documented | {405}, (case.operation.label, answer.status_code, answer.text)
    if answer.status_code >= 400:
        assert set(answer.json()) == {"error"}
