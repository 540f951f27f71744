"""The domain: pure decisions and folds. No I/O, no clock, no framework but slices and pydantic."""
