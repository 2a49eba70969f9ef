"""The adapter to a real bank: typed errors, timeouts, the idempotency header. No network."""

from __future__ import annotations

import json

import httpx
import pytest

from bot.bank.codes import CodeSent
from bot.bank.errors import (
    BadBankRequest,
    BankError,
    BankUnavailable,
    CustomerNotFound,
    IdempotencyConflict,
    LoanNotFound,
)
from bot.bank.http_bank import TIMEOUT, HttpBank
from bot.bank.ports import BankRequest, RequestKind, RequestState

ACKNOWLEDGED = {"state": "accepted", "reference": "R1", "message": "已提交", "at": "2026-03-12T01:02:03Z"}


@pytest.fixture
def bank_that():
    """A bank answering every call with the given function of the request."""
    banks = []

    def make(answer) -> HttpBank:
        bank = HttpBank("https://bank.example/api", "secret", httpx.MockTransport(answer))
        banks.append(bank)
        return bank

    yield make
    for bank in banks:
        bank.close()


def test_a_code_is_carried_to_the_bank_and_never_shown(bank_that):
    """Even where a bank's gateway should give it back."""
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append((request.url.path, json.loads(request.content)))
        return httpx.Response(200, json={"phone_tail": "6688", "shown": "123456"})

    assert bank_that(answer).send_code("C1", "123456") == CodeSent("6688")
    assert asked == [("/api/customers/C1/codes", {"code": "123456"})]


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (404, "customer_not_found", CustomerNotFound),
        (404, "loan_not_found", LoanNotFound),
        (409, "idempotency_conflict", IdempotencyConflict),
        (422, "bad_bank_request", BadBankRequest),
        (401, "token_expired", BankError),
        (302, "", BankError),
        (429, "", BankUnavailable),
        (500, "loan_not_found", BankUnavailable),
        (503, "", BankUnavailable),
    ],
)
def test_an_error_has_its_type_and_a_sentence_of_ours(bank_that, status, code, error):
    """The bank's own words never reach a customer."""
    bank = bank_that(
        lambda request: httpx.Response(status, json={"error": {"code": code, "message": "ORA-00942"}})
    )
    with pytest.raises(error) as raised:
        bank.loans("C1")
    assert type(raised.value) is error
    assert "ORA" not in raised.value.message
    assert raised.value.message == error.__doc__.strip()


@pytest.mark.parametrize("failure", [httpx.ConnectTimeout, httpx.ReadTimeout, httpx.ConnectError])
def test_a_bank_that_does_not_answer_is_unavailable(bank_that, failure):
    """Worth trying again, with the same key."""

    def fail(request):
        raise failure("no answer", request=request)

    with pytest.raises(BankUnavailable):
        bank_that(fail).customer("C1")


@pytest.mark.parametrize("body", [b"<html>", b"{}", b'{"id": 1}', b"[]"])
def test_an_answer_that_cannot_be_read_is_an_error_not_a_guess(bank_that, body):
    """Also with status 200."""
    with pytest.raises(BankError):
        bank_that(lambda request: httpx.Response(200, content=body)).customer("C1")


def test_an_error_page_of_a_gateway_is_still_typed(bank_that):
    """No JSON in it: the status decides."""
    with pytest.raises(BankUnavailable):
        bank_that(lambda request: httpx.Response(502, text="Bad Gateway")).bills("C1")


def test_a_request_carries_its_key_and_who_asks(bank_that):
    """The header makes a repeated request one request at the bank."""
    seen = []

    def answer(request):
        seen.append(request)
        return httpx.Response(200, json=ACKNOWLEDGED)

    asked = BankRequest(RequestKind.SET_AUTO_DEBIT, "C1", {"product": "随心借", "on": True}, "turn-7:0")
    given = bank_that(answer).request(asked)
    assert (given.state, given.reference) == (RequestState.ACCEPTED, "R1")
    assert seen[0].headers["Idempotency-Key"] == "turn-7:0"
    assert seen[0].headers["Authorization"] == "Bearer secret"
    assert seen[0].url.path == "/api/requests"


def test_ids_cannot_leave_their_place_in_the_path(bank_that):
    """An id with a slash in it is one segment."""
    paths = []

    def answer(request):
        paths.append(request.url.raw_path.decode())
        return httpx.Response(200, json=[])

    bank_that(answer).ledger("C1/../C2", "L?x=1")
    assert paths == ["/api/customers/C1%2F..%2FC2/loans/L%3Fx%3D1/ledger"]


def test_a_look_up_gives_up_before_the_turn_does():
    """A turn has ten seconds; one slow look-up must leave time to say so."""
    assert TIMEOUT.read + TIMEOUT.connect < 10
