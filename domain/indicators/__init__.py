"""Indicators: targets of a year for a cohort, in groups, and what each unit reached of them."""
