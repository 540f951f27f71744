"""REST over HTTP. Every refusal is a problem document (RFC 9457)."""
