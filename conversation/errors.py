"""The one error tree: a stable code for programs, a Chinese sentence for people.

The class docstring is the default message. Edges map ``status`` to their protocol; customers
never see ``str()`` of anything that is not a ``YixianError``.
"""

from __future__ import annotations


class YixianError(Exception):
    """系统开了个小差，请稍后再试。"""

    code = "internal"
    status = 500

    def __init__(self, message: str | None = None, **fields: object) -> None:
        self.message = message or (type(self).__doc__ or "").strip().splitlines()[0]
        self.fields = fields
        super().__init__(self.message)


class BadRequest(YixianError):
    """请求的内容看不懂，请检查后重试。"""

    code = "bad_request"
    status = 400


class EmptyText(BadRequest):
    """消息是空的，请输入文字后再发送。"""

    code = "empty_text"


class TextTooLong(BadRequest):
    """消息太长了，请控制在 2000 字以内，分几条发送。"""

    code = "text_too_long"
    status = 413


class InvalidText(BadRequest):
    """消息里有无法识别的字符，请重新输入。"""

    code = "invalid_text"


class NotAuthenticated(YixianError):
    """登录已过期，请重新登录。"""

    code = "not_authenticated"
    status = 401


class Forbidden(YixianError):
    """没有权限做这个操作。"""

    code = "forbidden"
    status = 403


class ConversationNotFound(YixianError):
    """找不到这个会话。"""

    code = "conversation_not_found"
    status = 404


class DuplicateWithOtherText(YixianError):
    """同一个消息编号已用于另一条内容，请换一个编号重发。"""

    code = "client_msg_id_reused"
    status = 422


class UnknownPayload(YixianError):
    """这个按钮已失效，请直接用文字告诉我。"""

    code = "unknown_payload"
    status = 422


class ConversationClosed(YixianError):
    """会话已结束，请重新开始。"""

    code = "conversation_closed"
    status = 409


class StaleEpoch(YixianError):
    """这个会话已经不归您处理了，请刷新后查看。"""

    code = "stale_epoch"
    status = 409


class ClaimedByAnother(YixianError):
    """这个会话刚刚被其他坐席接走了。"""

    code = "claimed_by_another"
    status = 409


class IllegalMove(YixianError):
    """当前状态下不能做这个操作。"""

    code = "illegal_move"
    status = 409


class TurnLost(YixianError):
    """这一轮已由其他进程处理。"""

    code = "turn_lost"
    status = 409


class RateLimited(YixianError):
    """发送得太快了，请稍等几秒再试。"""

    code = "rate_limited"
    status = 429


class Unavailable(YixianError):
    """服务暂时繁忙，请稍后再试。"""

    code = "unavailable"
    status = 503
