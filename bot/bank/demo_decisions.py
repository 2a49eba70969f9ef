"""What the demo bank answers to requests: done or refused, with the sentence the customer hears.

Owns the demo's rules of business. Looks things up through the port like anybody; writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Protocol

from bot.bank.agreed import PlanOrder
from bot.bank.errors import BadBankRequest, LoanNotFound
from bot.bank.ledger import Account, LedgerError, agree, settlement
from bot.bank.ports import (
    Application,
    ApplicationState,
    Bank,
    BankRequest,
    BillState,
    Loan,
    RequestKind,
    RequestState,
)
from bot.bank.products import Products
from bot.money import ZERO

DOCUMENTS = {"contract": "借款合同", "statement": "还款流水", "invoice": "利息发票"}
_UNDECIDED = (ApplicationState.REVIEWING, ApplicationState.CALL_PENDING)

Decision = tuple[RequestState, str]


class DemoBooks(Bank, Protocol):
    """The port, and the books behind it."""

    def books_on(self, customer_id: str, loan_id: str, day: date) -> Account:
        """The books a plan priced on `day` is booked on."""


def decide(bank: DemoBooks, products: Products, request: BankRequest, today: date) -> Decision:
    """The answer to a request whose payload has the right form."""
    return _RULES[request.kind](bank, products, request, today)


def _done(message: str) -> Decision:
    return RequestState.DONE, message


def _refused(message: str) -> Decision:
    return RequestState.REFUSED, message


def _certificate(bank: DemoBooks, products: Products, request: BankRequest, today: date) -> Decision:
    loan = _loan(bank, request)
    if loan.settled_on is None:
        left = bank.settlement(request.customer_id, loan.id, today).total
        return _refused(f"这笔借款按今天结清计算还要还 {left}，结清后才能开结清证明。")
    return _done(
        f"结清证明已开具，这笔借款于 {loan.settled_on:%Y-%m-%d} 结清，可以在 App 的“我的证明”里下载。"
    )


def _document(bank: DemoBooks, products: Products, request: BankRequest, today: date) -> Decision:
    name = DOCUMENTS.get(str(request.payload["document"]))
    if name is None:
        raise BadBankRequest()
    loan = _loan(bank, request)
    return _done(f"{loan.drawn_on:%Y-%m-%d} 这笔借款的{name}已生成，可以在 App 的“我的证明”里下载。")


def _auto_debit(bank: DemoBooks, products: Products, request: BankRequest, today: date) -> Decision:
    product, on = str(request.payload["product"]), request.payload["on"]
    held = {each.product: each for each in bank.auto_debit(request.customer_id)}
    if product not in held:
        return _refused(f"您的“{product}”没有绑定扣款账户，请先在 App 里绑定后再设置自动扣款。")
    from_account = f"{held[product].account}（尾号 {held[product].account_tail}）"
    if on:
        return _done(f"“{product}”的自动扣款已开通，还款日从{from_account}扣款。")
    return _done(f"“{product}”的自动扣款已关闭，请记得在还款日前主动还款。")


def _report_loss(bank: DemoBooks, products: Products, request: BankRequest, today: date) -> Decision:
    bank.customer(request.customer_id)
    return _done("卡已挂失，转出和支付已停住。要恢复或补卡，请本人在 App 里核实身份后办理。")


def _stop_payment(bank: DemoBooks, products: Products, request: BankRequest, today: date) -> Decision:
    bank.customer(request.customer_id)
    return _done("转出和支付已全部停住。要恢复，请本人在 App 里核实身份后办理。")


def _cancel(bank: DemoBooks, products: Products, request: BankRequest, today: date) -> Decision:
    if _application(bank, request).state not in _UNDECIDED:
        return _refused("这笔申请已经有结果，不能再撤销。")
    return _done("申请已撤销，不会放款，也不产生费用。")


def _call_again(bank: DemoBooks, products: Products, request: BankRequest, today: date) -> Decision:
    if _application(bank, request).state is not ApplicationState.CALL_PENDING:
        return _refused("这笔申请现在不需要电话核实。")
    return _done("已经重新安排电话核实，请留意来电。")


def _retry_debit(bank: DemoBooks, products: Products, request: BankRequest, today: date) -> Decision:
    loan = _loan(bank, request)
    debit = next((d for d in bank.auto_debit(request.customer_id) if d.product == loan.product), None)
    if loan.debit_suspended:
        return _refused("这笔借款按新方案还款，自动扣款已暂停，请按方案里的日期主动还款。")
    if not loan.to_pay_now:
        return _refused("这笔借款今天没有要扣的钱。")
    if debit is None or not debit.on:
        return _refused("这笔借款没有开通自动扣款，请在 App 里主动还款。")
    held = [d for d in bank.deposits(request.customer_id) if d.account_tail == debit.account_tail]
    if held and held[0].available < loan.to_pay_now:
        return _refused(
            f"扣款账户（尾号 {debit.account_tail}）可用 {held[0].available}，不够要扣的 {loan.to_pay_now}，"
            "请先存入再扣。"
        )
    hours = products.text(f"{loan.product}.代扣时间")
    return _done(f"已安排在下一个扣款时段再扣一次 {loan.to_pay_now}（{hours}），扣款前请不要重复还款。")


def _instalments(bank: DemoBooks, products: Products, request: BankRequest, today: date) -> Decision:
    bills = {bill.id: bill for bill in bank.bills(request.customer_id)}
    bill = bills.get(str(request.payload["bill_id"]))
    if bill is None:
        return _refused("没有查到这张账单。")
    if bill.state is not BillState.OPEN or not bill.left:
        return _refused("这张账单现在不能办理分期：只有已出账、没还清也没有逾期的账单可以分期。")
    if request.payload["terms"] not in products.whole_list(f"{bill.product}.可选期数"):
        raise BadBankRequest()
    if bill.paid:
        return _refused("这张账单已经还过一部分，不能再分期。")
    return _done(f"{bill.left} 已分成 {request.payload['terms']} 期，从下一张账单起每期还。")


def _unbind(bank: DemoBooks, products: Products, request: BankRequest, today: date) -> Decision:
    cards = {card.id: card for card in bank.cards(request.customer_id)}
    card = cards.get(str(request.payload["card_id"]))
    if card is None:
        return _refused("这张卡已经不在您的账户里了。")
    if card.debited:
        return _refused("这张卡还用于自动扣款，请先换一张扣款卡再解绑。")
    return _done(f"{card.bank}（尾号 {card.tail}）已解绑。")


def _close(bank: DemoBooks, products: Products, request: BankRequest, today: date) -> Decision:
    product = str(request.payload["product"])
    limits = [limit for limit in bank.limits(request.customer_id) if limit.product == product]
    if not limits:
        return _refused(f"您没有开通“{product}”，不用关闭。")
    if limits[0].used > ZERO:
        return _refused(f"您的“{product}”还有 {limits[0].used} 没有还清，还清后才能关闭。")
    return _done(f"“{product}”已关闭，额度已取消；以后需要可以重新申请，要重新审核。")


def _change_plan(bank: DemoBooks, products: Products, request: BankRequest, today: date) -> Decision:
    loan = _loan(bank, request)
    if loan.settled_on is not None:
        return _refused("这笔借款已经结清，不用再登记方案。")
    try:
        order = PlanOrder.read(request.payload)
    except ValueError as error:
        raise BadBankRequest() from error
    account = bank.books_on(request.customer_id, loan.id, order.priced_on)
    if order.priced_on > today or order.priced_on < account.entries[-1].day:
        return _refused("方案定价之后这笔借款有新的还款或变动，金额要重新核对后再登记。")
    owed = settlement(account, order.priced_on).total
    if owed != order.owed:
        return _refused(
            f"银行账上 {order.priced_on} 这一天一共欠 {owed}，和方案里的 {order.owed} 不一致，要重新核对。"
        )
    try:
        agree(account, order.priced_on, order.waived, order.agreement)
    except LedgerError:
        return _refused("方案的金额加起来和账上的欠款对不上，要重新核对后再登记。")
    return _done("新的还款计划已登记，以后按签署的日期和金额还款。")


def _suspend_debit(bank: DemoBooks, products: Products, request: BankRequest, today: date) -> Decision:
    _loan(bank, request)
    return _done("这笔借款原来的自动扣款已暂停。")


def _stop_collection(bank: DemoBooks, products: Products, request: BankRequest, today: date) -> Decision:
    _loan(bank, request)
    return _done("这笔借款的催收已停止。")


def _loan(bank: DemoBooks, request: BankRequest) -> Loan:
    for loan in bank.loans(request.customer_id):
        if loan.id == request.payload["loan_id"]:
            return loan
    raise LoanNotFound()


def _application(bank: DemoBooks, request: BankRequest) -> Application:
    for each in bank.applications(request.customer_id):
        if each.id == request.payload["application_id"]:
            return each
    raise BadBankRequest()


_RULES: Mapping[RequestKind, Callable[[DemoBooks, Products, BankRequest, date], Decision]] = {
    RequestKind.ISSUE_CERTIFICATE: _certificate,
    RequestKind.ISSUE_DOCUMENT: _document,
    RequestKind.SET_AUTO_DEBIT: _auto_debit,
    RequestKind.REPORT_LOSS: _report_loss,
    RequestKind.STOP_PAYMENT: _stop_payment,
    RequestKind.CANCEL_APPLICATION: _cancel,
    RequestKind.CALL_AGAIN: _call_again,
    RequestKind.RETRY_DEBIT: _retry_debit,
    RequestKind.BILL_INSTALMENTS: _instalments,
    RequestKind.UNBIND_CARD: _unbind,
    RequestKind.CLOSE_PRODUCT: _close,
    RequestKind.CHANGE_PLAN: _change_plan,
    RequestKind.SUSPEND_DEBIT: _suspend_debit,
    RequestKind.STOP_COLLECTION: _stop_collection,
}
