"""/openapi.json, made from the same msgspec shapes that requests are parsed with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import msgspec

from bot.bank.codes import CodeSent
from bot.signing.view import SheetOut
from connectors.app import parse, send
from connectors.app.channel import PREFIX
from connectors.signing import parse as signing
from connectors.signing.channel import PREFIX as PLAN
from escalation.console import parse as desk
from escalation.console.api import PREFIX as DESK


class ErrorBody(msgspec.Struct, frozen=True):
    code: str
    message: str


class ErrorOut(msgspec.Struct, frozen=True):
    """Every error: a stable code, and a Chinese sentence a person can act on."""

    error: ErrorBody


class TokenOut(msgspec.Struct, frozen=True):
    token: str


class ConversationOut(msgspec.Struct, frozen=True):
    id: str
    resumed: bool


class SeqOut(msgspec.Struct, frozen=True):
    seq: int


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    summary: str
    status: int
    returns: Any = None
    takes: Any = None
    errors: tuple[int, ...] = ()
    security: str | None = None
    query: tuple[str, ...] = ()


_ONE = PREFIX + "/conversations/{id}"
_DESK = DESK + "/conversations/{id}"
_COMMON = (400, 401, 404)

OPERATIONS = (
    Operation("post", PREFIX + "/guest", "访客令牌", 200, TokenOut, errors=(429,)),
    Operation(
        "get", PREFIX + "/demo/customers", "演示客户（仅演示环境）", 200, dict[str, Any], errors=(404,)
    ),
    Operation(
        "post", PREFIX + "/demo/token", "演示客户令牌", 200, TokenOut, parse.DemoTokenIn, (400, 404, 413)
    ),
    Operation(
        "post",
        PREFIX + "/conversations",
        "开始或继续会话",
        201,
        ConversationOut,
        errors=(401, 429),
        security="app",
    ),
    Operation(
        "post",
        _ONE + "/messages",
        "发送消息",
        202,
        SeqOut,
        parse.MessageIn,
        (400, 401, 404, 409, 413, 422, 429, 503),
        "app",
    ),
    Operation(
        "get",
        _ONE + "/events",
        "读取消息（长轮询）",
        200,
        send.EventsOut,
        errors=_COMMON,
        security="app",
        query=("after", "wait"),
    ),
    *(
        Operation(
            method, PLAN + path, summary, status, returns, takes, (400, 401, 403, 404, 409, *more, 429), "app"
        )
        for method, path, summary, status, returns, takes, more in (
            ("get", "", "还款方案", 200, SheetOut, None, ()),
            ("post", "/shown", "方案已展示，开始计阅读时间", 200, SheetOut, None, ()),
            ("post", "/confirm", "确认费用表或还款计划", 200, SheetOut, signing.ConfirmIn, (413,)),
            ("post", "/code", "获取短信验证码", 200, CodeSent, None, (503,)),
            ("post", "/verify", "提交验证码", 200, SheetOut, signing.CodeIn, (413, 422)),
            ("post", "/sign", "签署", 200, SheetOut, signing.SignIn, (413, 422)),
            ("get", "/document", "下载协议（HTML）", 200, None, None, ()),
            ("post", "/papers", "上传一份材料（请求体就是文件）", 201, SheetOut, None, (413, 415, 422)),
            ("delete", "/papers/{paper}", "删除一份材料", 200, SheetOut, None, ()),
            ("post", "/hand-in", "提交材料审核", 200, SheetOut, None, (422,)),
        )
    ),
    Operation(
        "post", DESK + "/login", "坐席登录", 200, dict[str, Any], desk.LoginIn, (400, 401, 403, 413, 429, 503)
    ),
    Operation("post", DESK + "/logout", "退出登录", 204, errors=(401, 403), security="desk"),
    Operation("get", DESK + "/me", "当前坐席", 200, dict[str, Any], errors=(401,), security="desk"),
    Operation(
        "put",
        DESK + "/presence",
        "设置状态",
        200,
        dict[str, Any],
        desk.PresenceIn,
        (400, 401, 403, 413),
        "desk",
    ),
    Operation(
        "get",
        DESK + "/conversations",
        "会话列表",
        200,
        dict[str, Any],
        errors=(400, 401),
        security="desk",
        query=("tab", "limit", "before"),
    ),
    Operation(
        "post",
        DESK + "/claim-next",
        "接入下一位",
        200,
        dict[str, Any],
        errors=(401, 403, 404),
        security="desk",
    ),
    Operation("get", _DESK, "会话详情", 200, dict[str, Any], errors=(401, 404), security="desk"),
    Operation(
        "get",
        _DESK + "/events",
        "读取消息",
        200,
        dict[str, Any],
        errors=_COMMON,
        security="desk",
        query=("after",),
    ),
    Operation(
        "post",
        _DESK + "/claim",
        "接入会话",
        200,
        dict[str, Any],
        errors=(401, 403, 404, 409),
        security="desk",
    ),
    Operation(
        "post",
        _DESK + "/messages",
        "回复客户",
        202,
        SeqOut,
        desk.ReplyIn,
        (400, 401, 403, 404, 409, 413, 422),
        "desk",
    ),
    *(
        Operation(
            "post",
            f"{_DESK}/{verb}",
            summary,
            200,
            dict[str, Any],
            desk.EpochIn,
            (400, 401, 403, 404, 409, 413),
            "desk",
        )
        for verb, summary in (("handback", "转回机器人"), ("close", "结束会话"), ("release", "退回排队"))
    ),
    Operation(
        "post",
        _DESK + "/notes",
        "添加内部备注",
        201,
        dict[str, Any],
        desk.NoteIn,
        (400, 401, 403, 404, 413),
        "desk",
    ),
    Operation(
        "post", _DESK + "/typing", "正在输入", 204, None, desk.TypingIn, (400, 401, 403, 404, 413), "desk"
    ),
    Operation("get", PREFIX + "/notice", "公告", 200, send.NoticeOut),
    *(
        Operation(
            method,
            DESK + path,
            summary,
            status,
            dict[str, Any],
            takes,
            (400, 401, 403, 404, *more),
            "desk",
            query,
        )
        for method, path, summary, status, takes, more, query in (
            ("get", "/suggestions", "推荐答案", 200, None, (), ("q",)),
            ("get", "/knowledge", "知识列表", 200, None, (), ()),
            ("get", "/knowledge/{intent}", "一个答案与历史", 200, None, (), ()),
            ("post", "/knowledge/{intent}/check", "检查答案", 200, desk.AnswerIn, (413,), ()),
            ("post", "/knowledge/{intent}/revisions", "提交修改", 201, desk.RevisionIn, (409, 413, 422), ()),
            ("post", "/knowledge/{intent}/rollback", "恢复旧版本", 201, desk.RollbackIn, (409, 413, 422), ()),
            ("get", "/revisions/{id}", "一份修改与差异", 200, None, (), ()),
            ("post", "/revisions/{id}/{move}", "审核修改", 200, desk.CommentIn, (409, 413, 422), ()),
            ("get", "/controls", "公告与开关", 200, None, (), ()),
            ("post", "/banners", "发布公告", 201, desk.BannerIn, (413,), ()),
            ("post", "/banners/{id}/{move}", "审核或撤下公告", 200, desk.CommentIn, (409, 413), ()),
            ("get", "/conversations/{id}/negotiations", "协商、报价和方案", 200, None, (), ()),
            ("post", "/negotiations/{id}/quote", "试算一个方案", 200, desk.OfferIn, (413, 502, 503), ()),
            (
                "post",
                "/negotiations/{id}/offers",
                "发送方案或提交审批",
                201,
                desk.SendOfferIn,
                (409, 413, 422, 502, 503),
                (),
            ),
            ("get", "/approvals", "待审批的方案", 200, None, (), ()),
            ("post", "/plans/{id}/withdraw", "撤回方案", 200, desk.CommentIn, (409, 413, 422), ()),
            ("get", "/plans/{id}/papers/{paper}", "客户交的材料", 200, None, (), ()),
            ("post", "/plans/{id}/{decision}", "审批方案", 200, desk.CommentIn, (409, 413, 422), ()),
            ("put", "/switches", "停用或恢复", 200, desk.SwitchIn, (413,), ()),
        )
    ),
    Operation("get", "/healthz", "存活检查", 200, dict[str, Any]),
    Operation("get", "/readyz", "就绪检查", 200, dict[str, Any], errors=(503,)),
)


def openapi() -> dict[str, Any]:
    """The document, OpenAPI 3.1."""
    shapes = [shape for op in OPERATIONS for shape in (op.takes, op.returns) if shape] + [ErrorOut]
    schemas, components = msgspec.json.schema_components(shapes, ref_template="#/components/schemas/{name}")
    named = iter(schemas)
    paths: dict[str, Any] = {}
    for op in OPERATIONS:
        takes = next(named) if op.takes else None
        returns = next(named) if op.returns else None
        paths.setdefault(op.path, {})[op.method] = _operation(op, takes, returns)
    return {
        "openapi": "3.1.0",
        "info": {"title": "一线 Yixian", "version": "1"},
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "app": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "desk": {"type": "apiKey", "in": "cookie", "name": "yixian_desk"},
            },
        },
    }


def _operation(op: Operation, takes: Any, returns: Any) -> dict[str, Any]:
    error = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorOut"}}}
    success: dict[str, Any] = {"description": op.summary}
    if returns is not None:
        success["content"] = {"application/json": {"schema": returns}}
    responses = {str(op.status): success}
    if op.path.endswith("/conversations") and op.method == "post":
        responses["200"] = success
    responses |= {str(status): {"description": "错误", "content": error} for status in op.errors}
    document: dict[str, Any] = {"summary": op.summary, "responses": responses}
    parameters = [_parameter(name, "path") for name in re.findall(r"\{(\w+)\}", op.path)]
    parameters += [_parameter(name, "query") for name in op.query]
    if parameters:
        document["parameters"] = parameters
    if takes is not None:
        document["requestBody"] = {"required": True, "content": {"application/json": {"schema": takes}}}
    if op.security:
        document["security"] = [{op.security: []}]
    return document


def _parameter(name: str, place: str) -> dict[str, Any]:
    return {"name": name, "in": place, "required": place == "path", "schema": {"type": "string"}}
