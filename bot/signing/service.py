"""The signing page's service: everything a customer may do behind his plan's link. Thin: rules are in visits.py,
words in texts.py, the record is behind `Sheets`."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.bank.codes import CodeSender, CodeSent
from bot.negotiation.plans import PlanState
from bot.negotiation.signing import Refusal, SigningRules, refusals
from bot.signing import papers, texts, view, visits
from bot.signing.document import document
from bot.signing.errors import NoPapers, NotForPapers, NotForSigning, NotSigned, Refused
from bot.signing.papers import Paper
from bot.signing.ports import Sheet, Sheets
from bot.signing.store import SigningStore
from bot.signing.view import SheetOut
from bot.signing.visits import Visit
from conversation.clock import Clock
from conversation.errors import YixianError
from conversation.state import new_id


@dataclass(frozen=True)
class Signing:
    """``name_of`` gives a customer's masked name. All calls block: they belong in a thread."""

    sheets: Sheets
    store: SigningStore
    codes: CodeSender
    name_of: Callable[[str], str | None]
    clock: Clock
    rules: SigningRules = field(default_factory=SigningRules)

    def look(self, link: str, customer_id: str) -> SheetOut:
        """The page as it stands; nothing is noted."""
        sheet = self._sheet(link, customer_id)
        return self._out(sheet, self._visit(sheet))

    def show(self, link: str, customer_id: str) -> SheetOut:
        """The page is on the screen: the reading time begins, once for these terms."""
        sheet = self._sheet(link, customer_id)
        if sheet.state is not PlanState.SIGNING:
            return self._out(sheet, self._visit(sheet))
        now = self.clock.now()
        visit, _ = self.store.change(
            sheet.plan_id, lambda visit: (visits.shown(visit, sheet.fingerprint, now), None)
        )
        return self._out(sheet, visit)

    def confirm_table(self, link: str, customer_id: str, fingerprint: str) -> SheetOut:
        """The cost table was read; Refused before its time."""
        sheet, now = self._for_signing(link, customer_id, fingerprint), self.clock.now()
        visit, _ = self.store.change(
            sheet.plan_id, lambda visit: (visits.table_confirmed(visit, fingerprint, now, self.rules), None)
        )
        return self._out(sheet, visit)

    def confirm_plan(self, link: str, customer_id: str, fingerprint: str) -> SheetOut:
        """The payments were checked."""
        sheet, now = self._for_signing(link, customer_id, fingerprint), self.clock.now()
        visit, _ = self.store.change(
            sheet.plan_id, lambda visit: (visits.plan_confirmed(visit, fingerprint, now), None)
        )
        return self._out(sheet, visit)

    def send_code(self, link: str, customer_id: str) -> CodeSent:
        """A new code to the customer's telephone; kept as a keyed hash before it leaves."""
        sheet, now = self._for_signing(link, customer_id), self.clock.now()
        code = f"{secrets.randbelow(1_000_000):06d}"
        kept = self.store.code_hash(sheet.plan_id, code)
        self.store.change(sheet.plan_id, lambda visit: (visits.code_sent(visit, kept, now), None))
        return self.codes.send_code(customer_id, code)

    def enter_code(self, link: str, customer_id: str, code: str) -> SheetOut:
        """The code he typed; a wrong entry is counted before it is refused."""
        sheet, now = self._for_signing(link, customer_id), self.clock.now()
        entered = self.store.code_hash(sheet.plan_id, code)

        def step(visit: Visit) -> tuple[Visit, YixianError | None]:
            return visits.code_entered(visit, entered, now)

        visit, wrong = self.store.change(sheet.plan_id, step)
        if wrong is not None:
            raise wrong
        return self._out(sheet, visit)

    def sign(self, link: str, customer_id: str, signature_id: str, fingerprint: str) -> SheetOut:
        """Signs, once: a second press, tab or reload finds it signed. Refused with the first thing to mend."""
        sheet = self._sheet(link, customer_id)
        visit = self._visit(sheet)
        if sheet.signature is None:
            if fingerprint != sheet.fingerprint:
                raise Refused(Refusal.OFFER_CHANGED)
            self._signable(sheet)
            evidence = visits.evidence(visit, customer_id, view.told(sheet))
            now = self.clock.now()
            found = refusals(
                sheet.terms, sheet.fingerprint, customer_id, evidence, now, sheet.card, self.rules
            )
            if found:
                raise Refused(found[0])
            sheet = self.sheets.sign(link, customer_id, signature_id, evidence)
        self._keep_document(sheet)
        return self._out(sheet, visit)

    def document(self, link: str, customer_id: str) -> tuple[str, bytes]:
        """The signed plan's number and its document (HTML, UTF-8); NotSigned."""
        sheet = self._sheet(link, customer_id)
        return sheet.number, self._keep_document(sheet)

    # papers

    def add_paper(self, link: str, customer_id: str, name: str, content: bytes) -> SheetOut:
        """Keeps one paper. Its kind is what its bytes say."""
        sheet = self._for_papers(link, customer_id)
        kind = papers.media_type(content)
        shown = papers.shown_name(name, kind)
        paper = Paper(new_id("pp"), sheet.plan_id, shown, kind, len(content), self.clock.now())
        self.store.add_paper(paper, content)
        return self._out(sheet, self._visit(sheet))

    def remove_paper(self, link: str, customer_id: str, paper_id: str) -> SheetOut:
        """Takes a paper back before it is handed in."""
        sheet = self._for_papers(link, customer_id)
        self.store.remove_paper(sheet.plan_id, paper_id)
        return self._out(sheet, self._visit(sheet))

    def hand_in(self, link: str, customer_id: str) -> SheetOut:
        """The papers go to the approver; a second time finds them there."""
        sheet = self._sheet(link, customer_id)
        if sheet.state is not PlanState.APPROVAL:
            sheet = self._for_papers(link, customer_id)
            if not self.store.papers(sheet.plan_id):
                raise NoPapers()
            sheet = self.sheets.hand_in(link, customer_id)
        return self._out(sheet, self._visit(sheet))

    # inside

    def _sheet(self, link: str, customer_id: str) -> Sheet:
        return self.sheets.of_link(link, customer_id)

    def _for_signing(self, link: str, customer_id: str, fingerprint: str | None = None) -> Sheet:
        sheet = self._sheet(link, customer_id)
        self._signable(sheet)
        if fingerprint is not None and fingerprint != sheet.fingerprint:
            raise Refused(Refusal.OFFER_CHANGED)
        return sheet

    def _signable(self, sheet: Sheet) -> None:
        if sheet.state is PlanState.EXPIRED:
            raise Refused(Refusal.OFFER_EXPIRED)
        if sheet.state is not PlanState.SIGNING:
            raise NotForSigning()
        refusal = view.refusal_of(sheet, self.clock.now(), self.rules)
        if refusal is not None:
            raise Refused(refusal)

    def _for_papers(self, link: str, customer_id: str) -> Sheet:
        sheet = self._sheet(link, customer_id)
        until = texts.deadline(sheet)
        late = until is not None and self.clock.now() > until
        if sheet.state is not PlanState.MATERIALS or late:
            raise NotForPapers()
        return sheet

    def _visit(self, sheet: Sheet) -> Visit:
        """What was noted about these terms; of other terms nothing counts but the codes."""
        visit = self.store.visit(sheet.plan_id)
        if visit.fingerprint == sheet.fingerprint:
            return visit
        return Visit(sheet.plan_id, sheet.fingerprint, code_at=visit.code_at)

    def _keep_document(self, sheet: Sheet) -> bytes:
        """The document as it was first made; made now where the signing was interrupted."""
        if sheet.signature is None:
            raise NotSigned()
        kept = self.store.document(sheet.plan_id)
        if kept is None:
            name = self.name_of(sheet.customer_id) or sheet.customer_id
            self.store.keep_document(sheet.plan_id, document(sheet, sheet.signature, name), self.clock.now())
            kept = self.store.document(sheet.plan_id)
        assert kept is not None
        return kept

    def _out(self, sheet: Sheet, visit: Visit) -> SheetOut:
        there = self.store.papers(sheet.plan_id)
        return view.sheet_out(sheet, visit, there, self.clock.now(), self.rules)
