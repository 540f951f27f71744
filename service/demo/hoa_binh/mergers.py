"""Mergers: what became of Hoà Bình's 151 communes on 1 July 2025, in the new province Phú Thọ.

The source is the statistics office's conversion table of that day. A star marks a commune of which
only a part went there. Where that table spells an old name otherwise than the list of 2023 (Mỵ Hòa
for Mi Hòa, Xăm Khòe for Săm Khóe), the list's spelling is used.
"""

from typing import NamedTuple

EFFECTIVE_ON = "2025-07-01"
PROVINCE_CODE, PROVINCE_NAME = "25", "Tỉnh Phú Thọ"


class Successor(NamedTuple):
    """A new commune or ward, and the codes of those that went into it, whole or in part."""

    code: str
    name: str
    whole: tuple[str, ...]
    part: tuple[str, ...]


_LISTED = """
04828 Phường Thống Nhất: 04789 04819 04828 04891*
04792 Phường Tân Hòa: 04792 04813 04825
04795 Phường Hòa Bình: 04795 04798 04801 04804 04807 04816 04918
04831 Xã Đà Bắc: 04831 04867 04879 04885
04846 Xã Đức Nhàn: 04834 04846
04849 Xã Tân Pheo: 04840 04849 04852
04876 Xã Cao Sơn: 04855 04876
04873 Xã Quy Đức: 04858 04861 04870 04873
05206 Xã Tân Mai: 04882 05206
04891 Xã Tiền Phong: 04888 04891*
04894 Phường Kỳ Sơn: 04894 04912 04921
04897 Xã Thịnh Minh: 04897 04903 04906
04924 Xã Lương Sơn: 04924 04942 04945 04951 04954 04957*
04960 Xã Liên Sơn: 04957* 04960 04969
04978 Xã Kim Bôi: 04978 05026 05065
05395 Xã An Nghĩa: 04981 05395 05398
04990 Xã Nật Sơn: 04984 04987 04990 05017
05014 Xã Mường Động: 04999 05005 05014 05038
05047 Xã Cao Dương: 05008 05041 05047
05068 Xã Hợp Kim: 05035 05068 05080
05086 Xã Dũng Tiến: 05077 05083 05086
05089 Xã Cao Phong: 05089 05101 05104
05092 Xã Thung Nai: 05092 05095 05098
05116 Xã Mường Thàng: 05110 05116 05119 05125
05128 Xã Tân Lạc: 05128 05164 05167 05170 05173
05134 Xã Mường Hoa: 05134 05137
05158 Xã Mường Bi: 05140 05143 05158
05152 Xã Vân Sơn: 05152 05176 05194
05191 Xã Toàn Thắng: 05182 05191 05197
05200 Xã Mai Châu: 05200 05221* 05233 05242 05254
05212 Xã Pà Cò: 05209 05212 05221* 05224
05245 Xã Bao La: 05227 05245 05257
05251 Xã Mai Hạ: 05248 05251 05263
05266 Xã Lạc Sơn: 05266 05332 05335
05287 Xã Mường Vang: 05269 05278 05287
05293 Xã Thượng Cốc: 05272 05284 05293
05290 Xã Nhân Nghĩa: 05275 05281 05290
05323 Xã Quyết Thắng: 05299 05320 05323
05305 Xã Yên Phú: 05302 05305 05308
05329 Xã Ngọc Sơn: 05329 05338 05350
05347 Xã Đại Đồng: 05341 05344 05347
05353 Xã Yên Thủy: 05353 05374 05383
05362 Xã Lạc Lương: 05356 05362 05365 05368
05386 Xã Yên Trị: 05371 05380 05386 05389
05392 Xã Lạc Thủy: 05392 05413 05419 05422
05425 Xã An Bình: 05404 05425 05428
"""


def _successor(line: str) -> Successor:
    named, _, codes = line.partition(": ")
    code, _, name = named.partition(" ")
    whole = tuple(code for code in codes.split() if not code.endswith("*"))
    part = tuple(code.removesuffix("*") for code in codes.split() if code.endswith("*"))
    return Successor(code, name, whole, part)


SUCCESSORS = tuple(_successor(line) for line in _LISTED.replace("\n    ", " ").strip().splitlines())
