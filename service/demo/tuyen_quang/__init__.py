"""The sample province: Tuyên Quang's figures of 2019 to 2021, loaded through the service's own API.

Posts, places and counts are those of two published reports (Nhân Dân, 2021, and Báo Tuyên Quang,
2 October 2020). Persons are placeholders such as "Cán bộ 017". Where the reports give a number
only, which office stands behind it, the day of the month and the document's number are samples.
"""
