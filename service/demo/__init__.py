"""The demo: two sample provinces, loaded through the service's own API, and what it then says."""
