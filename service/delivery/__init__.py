"""Delivery: the ordered feed of events for integrators, and the same feed live."""
