"""Benchmarks: ours and theirs side by side, interleaved in one run, on one server that syncs."""
