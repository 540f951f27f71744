"""Indicators: the targets of a cohort and year beside what each unit reached of them."""
