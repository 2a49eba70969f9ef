"""The signed plan as a document: one HTML file that needs nothing else, the same bytes whenever it is asked for. Pure.

It ends with its own SHA-256 over everything above that line, so that a changed copy is recognised.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from html import escape

from bot.money import SHANGHAI
from bot.negotiation.signing import Signature
from bot.signing import texts
from bot.signing.ports import Sheet

_STYLE = (
    "body{max-width:46rem;margin:2rem auto;padding:0 1rem;color:#17211d;background:#fff;"
    "font:16px/1.7 'PingFang SC','Noto Sans CJK SC','Microsoft YaHei',sans-serif}"
    "h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:1.6rem}table{width:100%;border-collapse:collapse}"
    "th,td{padding:.4rem .5rem;border-bottom:1px solid #ccc;text-align:left;vertical-align:top}"
    ".sums td:last-child,.sums th:last-child{text-align:right;white-space:nowrap}td:first-child{min-width:6em}td{overflow-wrap:anywhere}.mark{color:#4c5953;font-size:.85rem;"
    "overflow-wrap:anywhere}@media print{body{margin:0;max-width:none}tr,h2{break-inside:avoid}}"
)


def document(sheet: Sheet, signature: Signature, name: str) -> bytes:
    """UTF-8 HTML. ``name`` is the masked name of the customer."""
    body = "\n".join(_body(sheet, signature, name))
    above = (
        '<!doctype html>\n<html lang="zh-CN">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>还款方案协议 {escape(sheet.number)}</title><style>{_STYLE}</style></head>\n<body>\n{body}\n"
    )
    mark = sha256(above.encode()).hexdigest()
    end = f'<p class="mark">文件校验码（SHA-256，本行以上全部内容）：{mark}</p>\n</body>\n</html>\n'
    return (above + end).encode()


def _body(sheet: Sheet, signature: Signature, name: str) -> list[str]:
    terms = sheet.terms
    facts = [
        ("方案编号", sheet.number),
        ("借款人", name),
        ("产品", sheet.product),
        (f"截至 {texts.day(terms.priced_on)}共欠", str(terms.owed)),
        *([("减免", str(terms.waived))] if terms.waived else []),
        ("共还", str(terms.total)),
    ]
    signed = [
        ("签署时间", f"{signature.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}（北京时间）"),
        ("签署方式", "在签署页阅读并确认费用明示表和还款计划，经本人手机短信验证码验证后签署"),
        ("签署编号", signature.id),
        ("方案指纹", signature.fingerprint),
    ]
    payments = [(line.label, line.day, line.amount) for line in texts.payments(sheet)]
    costs = [(row.name, row.payee, row.value) for row in sheet.rows]
    return [
        "<h1>还款方案协议</h1>",
        _table((), facts),
        "<h2>还款计划</h2>",
        _table(("期数", "还款日", "金额"), payments),
        "<h2>个人贷款综合融资成本明示表</h2>",
        _table(("项目", "收取方", "金额或费率"), costs),
        *(part for section in texts.sections(sheet) for part in _section(section)),
        "<h2>签署记录</h2>",
        _table((), signed),
    ]


def _section(section: texts.Section) -> list[str]:
    return [f"<h2>{escape(section.title)}</h2>", *(f"<p>{escape(line)}</p>" for line in section.lines)]


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    top = "<tr>" + "".join(f"<th>{escape(one)}</th>" for one in head) + "</tr>" if head else ""
    lines = ("<tr>" + "".join(f"<td>{escape(one)}</td>" for one in row) + "</tr>" for row in rows)
    return ('<table class="sums">' if head else "<table>") + top + "".join(lines) + "</table>"
