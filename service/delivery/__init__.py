"""Delivery: the ordered feed of events for integrators, in pages and as a live stream."""
