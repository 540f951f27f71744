"""Faults of requests: refusals at the level of HTTP, before any command is handled."""

from collections.abc import Sequence
from datetime import datetime

from domain.kernel import Invalid, Refusal
from domain.wording import worded
from service.handle import VIETNAM
from service.validation import Fault


class NotValid(Invalid):
    """What was sent does not follow the description of this operation; see `errors`.

    Nội dung gửi lên không đúng mô tả của thao tác này; xem `errors`.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__()
        self.faults = faults


class NotPossible(NotValid):
    """What was sent follows the description, and cannot be: see `errors` for what contradicts what.

    Nội dung gửi lên đúng mô tả của thao tác nhưng không thể có; xem chỗ mâu thuẫn ở `errors`.
    """


def not_valid(faults: Sequence[Fault]) -> NotValid:
    """The refusal of what has these faults.

    NotPossible only where no fault is one against the description.
    """
    return (NotPossible if all(fault.is_impossible for fault in faults) else NotValid)(faults)


class BodyMissing(Refusal):
    """The request needs a JSON body, and it is empty.

    Yêu cầu phải có nội dung JSON nhưng đang để trống.
    """


class BodyNotJson(Refusal):
    """The body is not JSON: line {line}, column {column}.

    Nội dung không phải JSON: dòng {line}, cột {column}.
    """


class BodyNotUnicode(Refusal):
    """The body is not well-formed Unicode in UTF-8, without a byte order mark.

    Nội dung không phải Unicode hợp lệ theo UTF-8, không có BOM.
    """


class BodyTooDeep(Refusal):
    """The body is nested too deeply.

    Nội dung lồng nhau quá sâu.
    """


class NameRepeated(Refusal):
    """An object in the body has the name {name} twice.

    Một đối tượng trong nội dung có tên {name} hai lần.
    """


class NumberInexact(Refusal):
    """The number {literal} cannot be kept exactly; send it as a string, or with fewer digits.

    Không thể giữ chính xác số {literal}; hãy gửi dạng chuỗi hoặc với ít chữ số hơn.
    """


class BodyTooLarge(Refusal):
    """The body is larger than {limit_bytes} bytes.

    Nội dung lớn hơn {limit_bytes} byte.
    """


class TooManyValues(Refusal):
    """The body has more than {limit} values.

    Nội dung có hơn {limit} giá trị.
    """


class HeadersTooLarge(Refusal):
    """The address and the header fields exceed {limit_bytes} bytes or {limit_fields} fields.

    Địa chỉ và phần đầu yêu cầu vượt quá {limit_bytes} byte hoặc {limit_fields} trường.
    """


class HostNotOne(Refusal):
    """The request needs one Host field (RFC 9112, 3.2).

    Yêu cầu phải có đúng một trường Host (RFC 9112, 3.2).
    """


class TooSlow(Refusal):
    """The request did not arrive in time.

    Yêu cầu không đến kịp thời hạn.
    """


class MediaTypeUnsupported(Refusal):
    """The body must be application/json in UTF-8.

    Nội dung phải có kiểu application/json, mã UTF-8.
    """


class NotAuthenticated(Refusal):
    """A valid token is needed: `Authorization: Bearer gv_…`. It may be unknown, expired or revoked.

    Cần mã truy cập hợp lệ: `Authorization: Bearer gv_…`. Mã có thể sai, hết hạn hoặc bị thu hồi.
    """


class AuthorizationRepeated(NotAuthenticated):
    """The request has the header of its token twice; send one.

    Yêu cầu có hai tiêu đề mang mã truy cập; chỉ gửi một.
    """


class RouteUnknown(Refusal):
    """There is nothing at this address.

    Không có gì ở địa chỉ này.
    """


class MethodNotAllowed(Refusal):
    """This address does not take {method}.

    Địa chỉ này không nhận phương thức {method}.
    """


class KeyUsedOtherwise(Invalid):
    """This Idempotency-Key was used before for another request.

    Idempotency-Key này đã được dùng cho một yêu cầu khác.
    """


class LogFull(Refusal):
    """Too many commands are waiting; nothing was recorded. Send it again shortly.

    Quá nhiều yêu cầu đang chờ; chưa có gì được ghi. Hãy gửi lại sau giây lát.
    """


class TooBusy(Refusal):
    """The service has as many requests as it can hold; nothing was done. Send it again shortly.

    Dịch vụ đang xử lý hết công suất; chưa có gì được thực hiện. Hãy gửi lại sau giây lát.
    """


class OutcomeLost(Refusal):
    """The database was lost before it answered: resend with the same Idempotency-Key to be sure.

    Mất kết nối cơ sở dữ liệu trước khi có trả lời: hãy gửi lại với cùng Idempotency-Key.
    """


class ClocksDisagree(Refusal):
    """Clocks are {difference_seconds} s apart; nothing was recorded. Set them by NTP, send again.

    Đồng hồ của máy chủ, của cơ sở dữ liệu và của bản ghi cuối lệch nhau {difference_seconds} giây
    nên chưa ghi gì. Người vận hành cần chỉnh theo máy chủ thời gian (NTP), rồi hãy gửi lại.
    """


class LedgerAhead(Refusal):
    """This ledger's last event lies {ahead_seconds} s in the future: it is written from {until} on.

    Bản ghi cuối của sổ này có thời điểm ghi sau hiện tại {ahead_seconds} giây vì đồng hồ từng chạy
    sai; sổ chỉ ghi tiếp được từ {until}. Hãy báo người vận hành.
    """

    def detail(self, language: str = "en") -> str:
        """The message, in Vietnamese with the instant as an office writes it."""
        until = self.extensions["until"]
        if language != "vi" or not isinstance(until, datetime):
            return super().detail(language)
        there = until.astimezone(VIETNAM)
        written = f"{there:%H:%M} ngày {worded('until', there.date(), language)}"
        return Refusal.detail(LedgerAhead(**{**self.extensions, "until": written}), language)


class DatabaseUnavailable(Refusal):
    """The database cannot be reached at present.

    Hiện không kết nối được cơ sở dữ liệu.
    """


class ReplicaBehind(Refusal):
    """The replica has not replayed position {position}; it stands at {standing}. Try again.

    Bản sao cơ sở dữ liệu chưa có vị trí {position}; hiện ở vị trí {standing}. Hãy thử lại.
    """


class InternalFault(Refusal):
    """Something is wrong with the service. The operator finds it under the id of this request.

    Dịch vụ gặp lỗi. Người vận hành tra được lỗi theo mã của yêu cầu này.
    """


class NotReady(Refusal):
    """The service cannot take requests now. `/readyz/details` tells an operator what is wrong.

    Dịch vụ chưa thể nhận yêu cầu. Người vận hành xem nguyên nhân ở `/readyz/details`.
    """
