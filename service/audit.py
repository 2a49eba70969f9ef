"""``python -m service.audit NEGOTIATION_ID``: a negotiation as JSON lines, played again from its record.

Exit code 0: everything is as the rules give it; 1: something differs, the lines say where; 2: there is no such
negotiation or it cannot be read; 3: it was bargained by another mandate or model than the files given, so nothing was
played (``--mandate``, ``--model``: the files of that version).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from bot.actions import authority
from bot.bank.products import Products
from bot.negotiation.debtors import Debtors, read_model
from bot.negotiation.mandate import Mandate
from bot.negotiation.mandate_file import MANDATE_FILE, MandateFaulty, load_mandate
from bot.negotiation.pricing import PricedOffer
from bot.negotiation.values import Debt, Offer
from bot.plans import replaying
from bot.plans.errors import NegotiationNotFound
from bot.plans.records import Negotiation
from bot.plans.store import PlanStore
from conversation.store.database import Database
from service.settings import WrongSetting, read_settings

SAME, DIFFERS, UNKNOWN, OTHER_VERSION = 0, 1, 2, 3
RESULTS = {SAME: "一致", DIFFERS: "有不一致", OTHER_VERSION: "版本不同，没有重演"}


def audit(book: PlanStore, id: str, mandate: Mandate | None, model: Debtors) -> Iterator[dict[str, Any]]:
    """The lines of one negotiation; the last one is the result. NegotiationNotFound."""
    found = book.negotiation(id)
    yield replaying.header(found)
    other = replaying.differing_versions(found, mandate, model)
    same = True
    if mandate is not None and not other:
        for line in replaying.played(found, _rules(found, mandate, model)):
            same = same and line["same"]
            yield line
    yield from replaying.consents_out(book.consents(id))
    for record in book.plans_of(found.customer_id):
        if record.negotiation_id == id:
            line = replaying.plan_out(record, book.moves(record.plan.id), found.offers)
            same = same and line["same"]
            yield line
    code = OTHER_VERSION if other else SAME if same else DIFFERS
    yield {"kind": "result", "code": code, "result": RESULTS[code], "because": other}


def _rules(found: Negotiation, mandate: Mandate, model: Debtors) -> replaying.Rules:
    opening = next((step.reply for step in found.steps if step.number == 0), {})
    multiple = str(opening.get("penalty_multiple", "1.5"))
    contract = authority.contract_of(Products.load(), mandate, multiple)
    due_day = replaying.due_day_of(found)

    def price(debt: Debt, offer: Offer, day: date) -> PricedOffer:
        return authority.price(debt, offer, day, due_day, contract)

    return replaying.Rules(mandate, model, price, authority.amounts)


def write(environment: Mapping[str, str], arguments: Sequence[str], out: TextIO) -> int:
    """Writes the lines; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m service.audit")
    parser.add_argument("negotiation_id")
    parser.add_argument("--mandate", type=Path, default=MANDATE_FILE, help="mandate.yml of the time")
    parser.add_argument("--model", type=Path, default=authority.MODEL_FILE, help="debtors.json of the time")
    wanted = parser.parse_args(arguments)
    model = read_model(wanted.model.read_bytes())
    database = Database(read_settings(environment).database_url)
    try:
        book = PlanStore(database)
        mandate = _mandate(book.negotiation(wanted.negotiation_id).day, wanted.mandate)
        code = SAME
        for line in audit(book, wanted.negotiation_id, mandate, model):
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
            code = line.get("code", code)
        return code
    finally:
        database.dispose()


def _mandate(day: date, path: Path) -> Mandate | None:
    try:
        return load_mandate((authority.LOAN,), day, path)
    except MandateFaulty:
        return None


def main() -> int:
    try:
        return write(os.environ, sys.argv[1:], sys.stdout)
    except (NegotiationNotFound, WrongSetting, OSError) as error:
        print(f"无法审计：{error}", file=sys.stderr)
        return UNKNOWN


if __name__ == "__main__":
    sys.exit(main())
