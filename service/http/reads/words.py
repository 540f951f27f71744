"""Words: what a Vietnamese file calls the values that are words of the API, by field."""

from collections.abc import Mapping

from domain.wording import EVENTS, STATES

CAUSES: Mapping[str, str] = {
    "retirement": "nghỉ chế độ",
    "retired": "nghỉ chế độ",
    "transfer": "chuyển công tác",
    "transferred": "chuyển công tác",
    "dismissal": "bị cách chức",
    "resignation": "từ chức",
    "end_of_term": "hết nhiệm kỳ",
    "death": "từ trần",
    "released": "thôi theo dõi",
    "unit_ended": "đơn vị chấm dứt hoạt động",
    "never_assigned": "chưa từng phân công",
    "new_unit": "đơn vị mới",
}
CADENCES: Mapping[str, str] = {
    "monthly": "hằng tháng",
    "quarterly": "hằng quý",
    "yearly": "hằng năm",
}
THINGS: Mapping[str, str] = {
    "allocation": "phân bổ xã",
    "attendant": "người dự sinh hoạt chi bộ",
    "co_accountability": "cùng chịu trách nhiệm",
    "document": "văn bản",
    "monitor": "người theo dõi",
    "official": "cán bộ",
    "post": "chức danh",
    "task": "việc",
    "tenure": "thời gian giữ chức danh",
    "unit": "đơn vị",
    "province": "tỉnh",
    "district": "huyện",
    "commune": "xã",
    "ward": "phường",
    "town": "thị trấn",
    "special_zone": "đặc khu",
    "department": "sở, ngành",
    "division": "phòng, ban",
    "party_committee": "cấp ủy",
    "standing_committee": "ban thường vụ",
    "party_agency": "cơ quan tham mưu của Đảng",
    "peoples_council": "hội đồng nhân dân",
    "peoples_committee": "ủy ban nhân dân",
    "front": "Mặt trận Tổ quốc",
    "mass_organisation": "tổ chức chính trị - xã hội",
    "central_vertical_agency": "cơ quan ngành dọc của trung ương",
    "public_service": "đơn vị sự nghiệp",
    "enterprise": "doanh nghiệp",
    "party_cell": "chi bộ",
}
RATES: Mapping[str, str] = {
    "assigned_less_transferred_and_cancelled": "số được giao trừ số đã chuyển và hủy bỏ",
    "completed_or_overdue": "số hoàn thành hoặc quá hạn",
}
WORDS: Mapping[str, Mapping[str, str]] = {
    "cadence": CADENCES,
    "cause": CAUSES,
    "of": RATES,
    "field": {
        "completion_rate": "tỷ lệ hoàn thành",
        "deadline": "thời hạn",
        "leader": "người chịu trách nhiệm",
        "monitor": "người theo dõi",
        "state": "trạng thái",
    },
    "how": {
        "added": "được bổ sung",
        "assigned": "được giao",
        "handed_over": "nhận bàn giao",
        "transferred": "việc chuyển đến",
        "vacancy_filled": "giao lại sau khi khuyết",
        "vacated": "để khuyết",
    },
    "kind": THINGS,
    "level": {
        "excellent": "hoàn thành xuất sắc nhiệm vụ",
        "good": "hoàn thành tốt nhiệm vụ",
        "completed": "hoàn thành nhiệm vụ",
        "not_completed": "không hoàn thành nhiệm vụ",
    },
    "link": {"carried_from": "chuyển tiếp từ", "instance_of": "việc của năm thuộc"},
    "match": {"phrase": "cả cụm từ", "prefix": "phần đầu của từ", "words": "từng từ"},
    "measure": {
        "commendation_share": "tỷ lệ được đề nghị biểu dương (%)",
        "commendations_proposed": "số được đề nghị biểu dương",
        "communes": "số xã",
        "covered_communes": "số xã có người theo dõi",
        "covered_share": "tỷ lệ xã có người theo dõi (%)",
        "monitors": "số cán bộ theo dõi",
        "reviews": "số nhận xét",
        "tasks": "số việc được giao trong năm",
        "tasks_done_in_time": "số việc hoàn thành đúng hạn",
        "tasks_done_late": "số việc hoàn thành quá hạn",
        "tasks_done_share": "tỷ lệ hoàn thành trên số việc đến hạn (%)",
        "tasks_open_in_time": "số việc đang thực hiện trong hạn",
        "tasks_open_overdue": "số việc đang thực hiện quá hạn",
        "visits": "số lượt làm việc tại xã",
    },
    "origin": {
        "commissioned": "cơ quan đặt việc",
        "continued": "tiếp nối việc trước",
        "registered": "cán bộ đăng ký",
    },
    "place": {"text": "nội dung", "title": "tên"},
    "role": {"beside": "cùng chịu trách nhiệm", "co": "cùng chịu trách nhiệm", "lead": "chủ trì"},
    "state": {
        **STATES,
        "answered": "đã trả lời",
        "awaited": "chưa đến hạn",
        "commended": "được biểu dương",
        "declined": "không được biểu dương",
        "excused": "không còn phải nộp",
        "granted": "được chấp nhận",
        "in_time": "đúng hạn",
        "late": "chậm",
        "missing": "còn thiếu",
        "open": "chờ trả lời",
        "overdue": "quá hạn",
        "proposed": "đã đề nghị",
        "refused": "không được chấp nhận",
    },
    "term_kind": {"period": "giai đoạn", "year": "năm", "yearly": "hằng năm"},
    "type": EVENTS,
}
TRUTH = ("Không", "Có")
TOTAL: Mapping[str, str] = {"vi": "Tổng cộng", "en": "Total"}
UNREADABLE: Mapping[str, str] = {"vi": "(không đọc được)", "en": "(unreadable)"}
ERASED: Mapping[str, str] = {"vi": "(đã xóa dữ liệu cá nhân)", "en": "(erased)"}
CUT: Mapping[str, str] = {
    "en": " … [cut: CSV and JSON Lines have it whole]",
    "vi": " … [đã cắt: tệp CSV và JSON Lines có đầy đủ]",
}
