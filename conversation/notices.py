"""The system's own sentences to customers. The bot's answers are in bot/data; these must work without it."""

from __future__ import annotations

from typing import Any

from conversation.desk import Desk
from conversation.escalation import Reason

QUEUED = "已为您转接人工坐席，正在排队，请稍候。您之前说的内容坐席都能看到，不用重复。等待时可以继续补充，也可以发“取消排队”回到智能客服。"
ALREADY_QUEUED = "您已经在排队了，轮到您时坐席会马上接入，请稍候。"
LEFT_QUEUE = "已取消排队，现在由 AI 智能客服为您服务。需要时随时发“转人工”。"
RELEASED = "坐席暂时离开，您已回到原来的排队位置，我们会尽快安排其他坐席接入。"
HANDED_BACK = "人工服务已结束，现在由 AI 智能客服继续为您服务。需要时随时发“转人工”。"
CLOSED = "本次会话已结束，感谢您的咨询。再次发送消息即可开始新的会话。"
GAVE_UP = "抱歉，智能客服刚才没能处理您的问题。您说的内容已完整记录，正在为您转接人工坐席。"
SECRET_WARNING = "为了您的资金安全，请不要发送验证码、密码或卡背面的安全码。刚才那部分内容我们没有保存，工作人员也不会向您索要。"
DONE = "您申请的“{summary}”已生效。{message}"
REFUSED = "您申请的“{summary}”没有办成：{message}"
STUCK_AFTER_CLOSE = "您申请的“{summary}”没有办成，抱歉。请再发一条消息并说“转人工”，坐席会为您跟进。"
STUCK = "您申请的“{summary}”还在处理中，时间比平时长，正在为您转接人工坐席跟进。"

TICKET_OPENED = "已为您登记{kind}，回执号 {number}。我们最晚在 {month} 月 {day} 日前{promise}；凭回执号随时可以在这里问进度。"
TICKET_ADDED = "您补充的内容已记入{kind}工单 {number}，答复期限不变（最晚 {month} 月 {day} 日）。"
LEAVE_CONTACT = "您还没有登录，可以留下手机号或邮箱方便我们答复，号码会加密保存。"
CONTACT_KEPT = "联系方式已加密保存到工单 {number}，只用于答复您。"
RECEIPT_TITLE = "{kind}登记回执"
RECEIPT_NOTE = "期限从您第一次提出的第二天起算。"

#: said at once to who waits for a person and tells of danger (12356 and 96110: as in the bot's own words)
DANGER = {
    Reason.SELF_HARM: "您的安全最要紧，已把您排到最前面，工作人员马上来。现在就可以打全国统一心理援助热线 12356，"
    "一天 24 小时都有人听；已经有危险，请马上打 120 或 110，或者让身边的人陪着您。",
    Reason.FRAUD: "已把您往前排。请先停下：不要再转账，挂断电话，关掉屏幕共享，不要告诉任何人验证码。"
    "已经转出去的马上打 110 报警；拿不准，打全国反诈专线 96110。",
    Reason.CARD_LOSS: "已把您往前排。手机丢了，请让运营商先停用手机卡；有不是您本人的交易，马上打 110。",
}


def joined(agent_name: str) -> str:
    return f"坐席 {agent_name} 已接入，将由人工为您服务。"


def desk_card(desk: Desk) -> dict[str, Any]:
    """The machine-readable part of a desk notice."""
    return {"kind": "desk", "desk": desk.value}
