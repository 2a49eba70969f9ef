"""The signing page's API over the real store: nothing is signed that was not read, checked and proved; once only."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.testclient import TestClient

from bot.money import business_date
from bot.negotiation.plans import PlanState
from bot.negotiation.signing import SigningRules
from bot.signing import store_tables
from bot.signing.service import Signing
from bot.signing.store import SigningStore
from bot.signing.visits import CODE_PAUSE, CODE_TRIES
from connectors.signing.channel import SigningChannel
from conversation.cipher import Cipher
from conversation.clock import FixedClock
from conversation.errors import NotAuthenticated, YixianError
from conversation.identity import GUEST, Identity, Level
from service.limits import TokenBuckets
from service.web import _known
from tests.databases import MovableDatabase
from tests.sheets import CUSTOMER, LINK, OFFER, MemorySheets, Telephone, offered, sheet

READING = SigningRules().reading.total_seconds()
JPEG = b"\xff\xd8\xff\xe0" + b"photo" * 100


class Page:
    """A customer's browser at the page, and what stands behind it."""

    def __init__(
        self, database: MovableDatabase, cipher: Cipher, clock: FixedClock, state: PlanState
    ) -> None:
        self.clock = clock
        self.telephone = Telephone()
        self.sheets = MemorySheets(sheet(offered(business_date(clock.now())), clock.now(), state), clock)
        self.store = SigningStore(database, cipher)
        self.signing = Signing(self.sheets, self.store, self.telephone, lambda id: "王*", clock)
        self.client = self.open()

    def open(self, customer_id: str | None = CUSTOMER) -> TestClient:
        """Another tab; None is a guest."""
        identity = GUEST if customer_id is None else Identity(Level.VERIFIED, customer_id)

        def who(request: Request) -> Identity:
            if "authorization" not in request.headers:
                raise NotAuthenticated()
            return identity

        routes = SigningChannel(self.signing, who, TokenBuckets(10_000, 100)).routes()
        app = Starlette(routes=routes, exception_handlers={YixianError: _known})
        return TestClient(app, headers={"authorization": "Bearer x"}, base_url="http://test")

    def call(self, path: str, json: Any = None, client: TestClient | None = None) -> Any:
        url = f"/api/app/v1/plans/{LINK}{path}"
        return (client or self.client).post(url, json=json)

    def done(self, path: str, json: Any = None) -> Any:
        answer = self.call(path, json)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def refused(self, path: str, json: Any = None) -> str:
        answer = self.call(path, json)
        assert 400 <= answer.status_code < 500, answer.text
        return str(answer.json()["error"]["code"])

    @property
    def mark(self) -> str:
        return self.sheets.kept.fingerprint

    def read(self) -> None:
        self.done("/shown")
        self.clock.advance(READING)
        self.done("/confirm", {"what": "cost_table", "fingerprint": self.mark})
        self.done("/confirm", {"what": "plan", "fingerprint": self.mark})

    def prove(self) -> None:
        self.done("/code")
        self.done("/verify", {"code": self.telephone.codes[-1]})

    def sign(self, client: TestClient | None = None, id: str = "s_12345678") -> Any:
        return self.call("/sign", {"signature_id": id, "fingerprint": self.mark}, client)


@pytest.fixture
def make(database: MovableDatabase, cipher: Cipher, clock: FixedClock) -> Callable[..., Page]:
    return lambda state=PlanState.SIGNING: Page(database, cipher, clock, state)


@pytest.fixture
def page(make: Callable[..., Page]) -> Page:
    return make()


def test_the_whole_way_ends_in_a_signature_and_a_document(page: Page) -> None:
    page.read()
    page.prove()
    signed = page.sign().json()
    assert (signed["state"], signed["state_label"]) == ("effective", "已提交")
    assert signed["pay"]["label"] == "首付"
    document = page.client.get(f"/api/app/v1/plans/{LINK}/document")
    assert document.headers["content-disposition"].startswith("attachment")
    assert signed["total"] in document.text
    assert page.mark in document.text


def test_the_next_payment_is_told_until_the_last_day(page: Page) -> None:
    page.read()
    page.prove()
    page.sign()
    look = f"/api/app/v1/plans/{LINK}"
    page.clock.advance(5 * 86_400)
    assert page.client.get(look).json()["pay"]["label"] == "第 1 期"
    page.clock.advance(500 * 86_400)
    assert page.client.get(look).json()["pay"] is None


def test_each_step_left_out_is_named_and_refused(page: Page) -> None:
    """Not shown, read too briefly, not read back, not proved: each has its code."""

    def refusal() -> str:
        return str(page.sign().json()["error"]["code"])

    assert refusal() == "table_not_shown"
    page.done("/shown")
    table = {"what": "cost_table", "fingerprint": page.mark}
    page.clock.advance(READING - 1)
    assert page.refused("/confirm", table) == "table_read_too_short"
    page.clock.advance(1)
    page.done("/confirm", table)
    assert refusal() == "not_read_back"
    page.done("/confirm", {"what": "plan", "fingerprint": page.mark})
    assert refusal() == "not_verified"
    page.prove()
    page.clock.advance(SigningRules().verification.total_seconds() + 1)
    assert refusal() == "verification_old"
    page.prove()
    assert page.sign().status_code == 200


def test_showing_it_again_does_not_shorten_the_reading(page: Page) -> None:
    page.done("/shown")
    page.clock.advance(READING - 2)
    assert page.done("/shown")["steps"]["reading_left"] == 2


def test_two_tabs_and_many_presses_sign_once(page: Page) -> None:
    """At the same time and again later; everybody is told that it is signed."""
    page.read()
    page.prove()
    tabs = [page.open() for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda tab: page.sign(tab, f"s_{id(tab):016d}"), tabs))
    assert [answer.status_code for answer in answers] == [200] * 4
    again = page.sign(id="s_after_a_reload").json()
    assert again["signed_at"] == answers[0].json()["signed_at"]
    assert page.sheets.signed == 1


def test_the_code_is_never_stored_and_wrong_ones_are_counted(page: Page, database: MovableDatabase) -> None:
    page.read()
    page.done("/code")
    code = page.telephone.codes[-1]
    with database.read() as connection:
        rows = connection.execute(sa.select(store_tables.plan_visits)).all()
    assert code not in str(rows)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(CODE_TRIES - 1):
        assert page.refused("/verify", {"code": wrong}) == "code_wrong"
    assert page.refused("/verify", {"code": wrong}) == "code_used_up"
    assert page.refused("/verify", {"code": code}) == "no_code"
    assert page.refused("/code") == "code_too_soon"
    page.clock.advance(CODE_PAUSE.total_seconds())
    page.prove()


def test_a_code_typed_with_spaces_or_wide_digits_is_the_same_code(page: Page) -> None:
    page.read()
    page.done("/code")
    code = page.telephone.codes[-1]
    wide = "".join(chr(ord("０") + int(digit)) for digit in code)
    assert page.refused("/verify", {"code": "12a"}) == "bad_code"
    assert page.done("/verify", {"code": f" {wide[:3]} {wide[3:]} "})["steps"]["verified"]


def test_wrong_codes_at_the_same_time_are_all_counted(page: Page) -> None:
    page.read()
    page.done("/code")
    wrong = {"code": f"{(int(page.telephone.codes[-1]) + 1) % 1_000_000:06d}"}
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: page.call("/verify", wrong), range(2 * CODE_TRIES)))
    assert page.refused("/verify", {"code": page.telephone.codes[-1]}) == "no_code"


def test_an_expired_offer_says_so_and_takes_nothing(page: Page) -> None:
    page.read()
    page.prove()
    page.clock.advance(5 * 86_400)
    shown = page.client.get(f"/api/app/v1/plans/{LINK}").json()
    assert shown["problem"]["code"] == "offer_expired"
    assert page.sign().json()["error"]["code"] == "offer_expired"
    assert page.refused("/code") == "offer_expired"


def test_a_changed_offer_is_read_anew(page: Page) -> None:
    """The old tab's mark no longer counts, and what was read of the old figures neither."""
    page.read()
    page.prove()
    old = page.mark
    other = sheet(offered(business_date(page.clock.now()), replace(OFFER, waiver=30)), page.clock.now())
    page.sheets.kept = replace(other, plan_id=page.sheets.kept.plan_id)
    answer = page.call("/sign", {"signature_id": "s_12345678", "fingerprint": old})
    assert answer.json()["error"]["code"] == "offer_changed"
    assert page.sign().json()["error"]["code"] == "table_not_shown"
    assert not page.done("/shown")["steps"]["table_confirmed"]


def test_only_the_borrower_logged_in_sees_anything(page: Page) -> None:
    """A stranger's plan does not exist; a guest is told to log in; without a token there is nothing."""
    url = f"/api/app/v1/plans/{LINK}"
    assert page.open("C0001").get(url).status_code == 404
    assert page.open(None).get(url).json()["error"]["code"] == "not_a_customer"
    tokenless = page.open()
    del tokenless.headers["authorization"]
    assert tokenless.get(url).status_code == 401
    assert page.client.get("/api/app/v1/plans/..%2fx").status_code == 404
    assert page.client.get(url + "/document").json()["error"]["code"] == "not_signed"


# papers


def upload(page: Page, content: bytes = JPEG, name: str = "photo.jpg") -> Any:
    return page.client.post(
        f"/api/app/v1/plans/{LINK}/papers", content=content, headers={"x-file-name": name}
    )


def test_papers_are_kept_encrypted_listed_by_name_and_handed_in(
    make: Callable[..., Page], database: MovableDatabase
) -> None:
    """Content and name are nowhere in clear; the customer reads names only; the desk reads them whole."""
    page = make(PlanState.MATERIALS)
    assert page.refused("/hand-in") == "no_papers"
    there = upload(page, name="%E7%97%85%E5%8E%86.jpeg")
    assert there.status_code == 201
    [paper] = there.json()["papers"]["handed_in"]
    assert paper["name"] == "病历.jpg"
    with database.read() as connection:
        [row] = connection.execute(sa.select(store_tables.plan_papers)).all()
    assert b"photo" not in bytes(row.content)
    assert "病历".encode() not in bytes(row.name)
    assert page.store.paper(page.sheets.kept.plan_id, paper["id"])[1] == JPEG
    assert page.done("/hand-in")["state_label"] == "待审批"
    assert page.done("/hand-in")["state_label"] == "待审批"
    assert upload(page).json()["error"]["code"] == "not_for_papers"


def test_the_same_photograph_again_is_one_and_a_wrong_one_can_be_taken_back(
    make: Callable[..., Page],
) -> None:
    page = make(PlanState.MATERIALS)
    upload(page)
    [paper] = upload(page).json()["papers"]["handed_in"]
    url = f"/api/app/v1/plans/{LINK}/papers/{paper['id']}"
    assert page.client.delete(url).json()["papers"]["handed_in"] == []
    assert page.client.delete(url).json()["error"]["code"] == "paper_not_found"


def test_what_is_no_photograph_too_large_or_too_many_is_refused(make: Callable[..., Page]) -> None:
    page = make(PlanState.MATERIALS)
    assert upload(page, b"MZ program", "photo.jpg").json()["error"]["code"] == "paper_kind"
    assert upload(page, JPEG.ljust(8 * 1024 * 1024 + 1, b"\0")).json()["error"]["code"] == "paper_too_large"
    assert upload(page, JPEG.ljust(9 * 1024 * 1024, b"\0")).status_code == 413
    for number in range(10):
        assert upload(page, JPEG + bytes([number])).status_code == 201
    assert upload(page).json()["error"]["code"] == "too_many_papers"
