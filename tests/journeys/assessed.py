"""What the demo says of Vĩnh Phúc and Hà Nội: who was assessed by what, and what was reached."""

ASSESSED = {
    "vinh_phuc_2021": {
        "groups": 3,
        "units": {"districts": 9, "agencies": 13, "departments": 6},
        "indicator_groups": 4,
        "indicators": 18,
        "tam_dao": {
            "met": 18,
            "exceeded": 4,
            "over": {
                "admitted": {"excess": "15", "percent": "15.00"},
                "disbursed": {"excess": "0.3", "percent": "0.33"},
                "old_violations": {"excess": "0.8", "percent": "1.00"},
                "peak": {"excess": "2", "percent": "20.00"},
            },
            "rated": {"bi-thu-tam-dao": "EXCELLENT", "chu-tich-tam-dao": "GOOD"},
        },
    },
    "vinh_phuc_2022": {
        "groups": 4,
        "quotas": {"state_agencies": 5, "party_agencies": 3, "front_and_unions": 3},
        "tasks_of_each": {"front_and_unions": [3], "party_agencies": [3], "state_agencies": [5]},
        "added": ["growth"],
        "unchanged_2021": True,
        "carried_over": [
            "2021-chu-tich-binh-xuyen-1-2022",
            "2021-chu-tich-song-lo-1-2022",
            "2021-chu-tich-yen-lac-1-2022",
        ],
        "admitted": {"actual": "2101", "target": "2000", "percent": "105.05"},
    },
    "ha_noi_2023": {
        "projects": {"cases": 712, "processed": 419, "left": 293, "percent": "58.85"},
        "monthly_duty": {"day": 25, "in_time": 5, "late": 1, "missing": ["2023-07"]},
        "targets": {"indicators": 23, "met": 18, "exceeded": 3, "not_met": 5},
        "manifestations": 25,
    },
}
