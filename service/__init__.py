"""The service: everything that touches the world. It imports projections and domain."""
