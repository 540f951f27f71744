"""The demo: two sample provinces, loaded and queried through the service's own API."""
