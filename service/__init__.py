"""The service: everything that does input and output. It imports projections and domain."""
