"""What the demo says of Hoà Bình: the report's figures, its retirements, and the mergers."""


def _gap(unit_id: str, name: str, from_on: str, days: int, last_official: str) -> dict[str, object]:
    return {
        "unit_id": unit_id,
        "name": name,
        "from_on": from_on,
        "to_on": "2024-06-16",
        "days": days,
        "cause": "retired",
        "last_official": last_official,
    }


HOA_BINH = {
    "hoa_binh_2023": {
        "communes": 151,
        "covered": 151,
        "officials": 141,
        "with_two": 10,
        "visits": 657,
        "reviews": 151,
        "commendations": {
            "count": 129,
            "share_recomputed": "91.49",
            "share_reported": "84.4",
            "differs": True,
        },
        "gaps_after_retirements": [
            _gap("04789", "Phường Thái Bình", "2024-02-01", 137, "can-bo-001"),
            _gap("05356", "Xã Lạc Sỹ", "2024-02-01", 137, "can-bo-001"),
            _gap("04804", "Phường Đồng Tiến", "2024-03-01", 108, "can-bo-006"),
            _gap("04819", "Phường Dân Chủ", "2024-04-01", 77, "can-bo-010"),
        ],
    },
    "hoa_binh_2024": {
        "replacements_granted": ["04834"],
        "covered": {
            "2024-01-31": "151/151",
            "2024-02-01": "149/151",
            "2024-03-01": "148/151",
            "2024-04-01": "147/151",
            "2024-06-17": "151/151",
        },
    },
    "hoa_binh_2025": {
        "before": {"communes": 151, "covered": 151, "officials": 141},
        "after": {"communes": 46, "covered": 46, "officials": 46},
        "carried": 46,
        "to_do": {"allocation": 151, "monitor": 103, "unit": 38},
    },
}
