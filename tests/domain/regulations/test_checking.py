"""Checking: a clerk is told every fault of a file at once, with what to write instead."""

import pytest

from domain.regulations.policies import checked
from domain.regulations.vocabulary_1.policy import Policy
from tests.domain.regulations.spoilt import SAMPLE, lines, policy, spoilt


def test_the_sample_is_a_policy_and_is_told_what_its_lowest_level_means() -> None:
    found = checked(SAMPLE)
    assert isinstance(found.policy, Policy)
    (advice,) = found.faults
    assert advice.line("mau-01.yaml").startswith("mau-01.yaml:24:5: levels.3: lưu ý: NOT_COMPLETED")


def test_the_canonical_policy_is_the_policy_however_the_file_is_written() -> None:
    adopted = policy()
    assert Policy.of(adopted.canonical()) == adopted
    again = policy(("most: 30", "most: 30.00"), ("rounding: {to: 0.01,", 'rounding: {to: "0.01",'))
    assert again.canonical() == adopted.canonical()
    assert policy(("at_most: 20%}]", "at_most: 21%}]")).canonical() != adopted.canonical()


def test_all_faults_of_shape_are_told_at_once() -> None:
    bad = spoilt(
        ("title:", "titel:"),
        ("cycles: [quarter, year]", "cycles: no"),
        ("at_most: 20%}]", "at_most: 0.2}]"),
        ("at_least: 30%", "at_lest: 30%"),
        ("of: rated_good ", "of: rated_god "),
        ("day: 25", "day: 31"),
        ("communes_per_official:", "communes_per_officials:"),
    )
    assert lines(bad) == [
        "bad.yaml:1:1: title: còn thiếu mục này",
        "bad.yaml:3:1: titel: không có mục này trong từ vựng; có phải «title»?",
        "bad.yaml:8:1: cycles: phải là danh sách",
        (
            "bad.yaml:21:118: levels.0.require.1.at_lest: không có mục này trong từ vựng; có phải "
            "«at_least»?"
        ),
        "bad.yaml:23:78: levels.2.require.0.at_most: viết tỷ lệ có dấu %, ví dụ 20%",
        (
            "bad.yaml:31:3: cap.of: phải là một trong: 'rated_good', 'rated_good_or_better' hoặc "
            "'all_rated'"
        ),
        (
            "bad.yaml:36:5: duties.0: không phải tháng nào cũng có ngày 31; viết last nếu là ngày "
            "cuối tháng"
        ),
        (
            "bad.yaml:40:1: communes_per_officials: không có mục này trong từ vựng; có phải "
            "«communes_per_official»?"
        ),
    ]
    assert (
        "bad.yaml:31:3: cap.of: Input should be 'rated_good', 'rated_good_or_better' or 'all_rated'"
    ) in lines(bad, "en")
    assert lines(bad, "en")[6] == (
        "bad.yaml:36:5: duties.0: not every such month has a day 31; write last for the last day"
    )


def test_what_the_parts_mean_together_is_told_at_once_even_beside_a_fault_of_shape() -> None:
    bad = spoilt(
        ("cycles: [quarter, year]", "cycles: no"),
        ("most: 30", "most: 25"),
        ("quality, progress]}", "qualty, progress]}"),
        ("points: 70,", "points: 95,"),
        ("measure: exceeded,", "measure: exceded,"),
        ("no_better_than: COMPLETED", "no_better_than: EXCELLENT"),
    )
    assert [line for line in lines(bad) if "lưu ý" not in line] == [
        "bad.yaml:8:1: cycles: phải là danh sách",
        "bad.yaml:17:1: points: tổng điểm tối đa phải là 100 (hiện là 95)",
        "bad.yaml:19:51: points.1.mean_of.1: không có phép đo «qualty»; có phải «quality»?",
        (
            "bad.yaml:21:99: levels.0.require.1.measure: không có phép đo «exceded»; có phải "
            "«exceeded»?"
        ),
        (
            "bad.yaml:22:19: levels.1.points: ngưỡng điểm phải giảm dần: 95 không nhỏ hơn 90 của "
            "EXCELLENT"
        ),
        "bad.yaml:27:5: overrides.1: không bao giờ có tác dụng: EXCELLENT là mức cao nhất",
    ]


LOWEST = '{level: NOT_COMPLETED, article: "8.4"}'


def test_a_hole_between_levels_is_found_and_otherwise_closes_it() -> None:
    below = (LOWEST, '{level: NOT_COMPLETED, below: 50, article: "8.4"}')
    (fault,) = lines(spoilt(below))
    assert fault.startswith("bad.yaml:20:1: levels: có trường hợp không mức nào đạt (điểm trên 90;")
    assert "late trên 20%" in fault
    assert fault.endswith("thêm otherwise: {by: decision}")
    decided = ("overrides:", "otherwise: {by: decision}\noverrides:")
    assert lines(spoilt(below, decided)) == []
    # Without the requirements every number of points has its level.
    whole = [
        (", require: [{measure: on_time, at_least: 100%}, {measure: exceeded, at_least: 30%}]", ""),
        (", require: [{measure: on_time, at_least: 100%}]", ""),
        (", require: [{measure: late, at_most: 20%}]", ""),
    ]
    assert [line for line in lines(spoilt(below, *whole)) if "lưu ý" not in line] == []
    ajar = (LOWEST, '{level: NOT_COMPLETED, below: 49.99, article: "8.4"}')
    (hole,) = [line for line in lines(spoilt(ajar, *whole)) if "lưu ý" not in line]
    assert "(điểm dưới 50)" in hole


CASES = [
    (("minus: 25%, per: returned", "minus: 25, per: returned"), "viết tỷ lệ có dấu %, ví dụ 20%"),
    (("minus: 25%, per: returned_claim", "minus: 25%"), "minus và per phải đi cùng nhau"),
    (("at_least: 30%", "at_least: '0,3%'"), "phần thập phân viết sau dấu chấm: 0.3%"),
    (("at_least: 30%", "at_least: 130%"), "tỷ lệ không quá 100%"),
    (("at_least: 30%", "more_than: 100%"), "không ai đạt được điều kiện này"),
    (("at_least: 30%", "above: late, by: 0.8"), "viết có dấu % (so với tỷ lệ kia) hoặc pp"),
    (("at_least: 30%", "above: exceeded, by: 8pp"), "không so phép đo với chính nó"),
    (("at_least: 30%", "at_least: 30%, only_for: [head]"), "không có nhóm đối tượng «head»"),
    (("most: 30,", "most: 30%,"), "viết số điểm, không có dấu %"),
    (("given_by: council", "mean_of: []"), "cần ít nhất một phép đo"),
    (("given_by: council", "given_by: council, mean_of: [late]"), "cần nêu đúng một trong"),
    (("sample: true", "sample: yes"), "viết true hoặc false"),
    (("effective_on: 2026-01-15", "effective_on: 15/01/2026"), "phải là ngày, dạng 2021-05-31"),
    (("points: 90,", "points: 900,"), "ngưỡng cao hơn tổng điểm tối đa"),
    (("level: GOOD,", "level: EXCELLENT,"), "các mức phải theo thứ tự"),
    (('points: 70, article: "8.2"', 'article: "8.2"'), ""),
    (("cohorts: [unit_heads, deputies]", "groups: [a]"), "có xếp loại thì phải nêu cohorts"),
    (("level: EXCELLENT\n", "level: GOOD\n"), "rated_good chỉ dùng cho mức EXCELLENT"),
    (("at_most: 20%\n", "share_among: party\n"), "không có nhóm «party»"),
    (("within: [agency, duty_group]", "within: []"), "cần ít nhất một cách chia nhóm"),
    (("each: year, day: 14, month: 12", "each: year, day: 14"), "việc hằng năm cần nêu month"),
    (("paper: rating, each: year, day: 14", "paper: self_assessment, each: year, day: 14"), "hai"),
    (("former_agency: sends_scores", "gives_opinion_after_months: 0"), "phải từ 1 trở lên"),
    (("communes_per_official: 1", "communes_per_official: một"), "phải là số nguyên"),
    (("when: disciplined", "when: sick"), "phải là một trong: 'disciplined', 'degraded'"),
    (
        ("when: unit_not_completed, no_better_than: COMPLETED", "when: disciplined, level: GOOD"),
        "không bao giờ có tác dụng: điều kiện này đã có",
    ),
    (("count: late, of: assigned", "count: late, of: late"), "count và of giống nhau"),
]


@pytest.mark.parametrize(("change", "says"), CASES)
def test_a_spoilt_copy_is_answered_in_words(change: tuple[str, str], says: str) -> None:
    told = lines(spoilt(change))
    if not says:
        assert [line for line in told if "lưu ý" not in line] == []
        return
    assert any(says in line for line in told), told
    assert checked(spoilt(change)).policy is None
