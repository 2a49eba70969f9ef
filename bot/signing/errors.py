"""What a customer can meet on the signing page: a code for programs, a sentence that says what to do next."""

from __future__ import annotations

from bot.negotiation.signing import Refusal
from conversation.errors import YixianError


class Refused(YixianError):
    """这份方案现在不能签署。"""

    status = 409

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.sentence)
        self.code = refusal.value


class NotForSigning(YixianError):
    """这份方案现在不在签署阶段，请刷新页面查看最新状态。"""

    code = "not_for_signing"
    status = 409


class NotSigned(YixianError):
    """方案签署之后才有协议可以下载。"""

    code = "not_signed"
    status = 409


class CodeTooSoon(YixianError):
    """验证码刚刚发过，请稍等一分钟再获取。"""

    code = "code_too_soon"
    status = 429


class TooManyCodes(YixianError):
    """今天获取验证码的次数已用完。请明天再试，或联系人工。"""

    code = "too_many_codes"
    status = 429


class NoCode(YixianError):
    """请先获取验证码。"""

    code = "no_code"
    status = 409


class CodeExpired(YixianError):
    """验证码已过期，请重新获取。"""

    code = "code_expired"
    status = 409


class CodeWrong(YixianError):
    """验证码不对，请核对短信后再输入。"""

    code = "code_wrong"
    status = 422


class CodeUsedUp(YixianError):
    """验证码输错次数太多，已作废，请重新获取。"""

    code = "code_used_up"
    status = 409


class NotForPapers(YixianError):
    """这份方案现在不需要上传材料，请刷新页面查看最新状态。"""

    code = "not_for_papers"
    status = 409


class PaperKindUnknown(YixianError):
    """只能上传照片（JPG、PNG、WebP、HEIC）或 PDF，请换一个文件。"""

    code = "paper_kind"
    status = 415


class PaperTooLarge(YixianError):
    """文件太大了，单个文件不能超过 8 MB。可以重新拍一张，或截图后上传。"""

    code = "paper_too_large"
    status = 413


class PaperEmpty(YixianError):
    """文件是空的，请重新选择。"""

    code = "paper_empty"
    status = 422


class TooManyPapers(YixianError):
    """最多上传 10 个文件。请先删掉不需要的。"""

    code = "too_many_papers"
    status = 409


class NoPapers(YixianError):
    """还没有上传材料，请至少上传一个文件再提交。"""

    code = "no_papers"
    status = 422


class PaperUnknown(YixianError):
    """没有找到这个文件，可能已经删掉了。"""

    code = "paper_not_found"
    status = 404
