"""Search: everything said, found by words however they are written."""
