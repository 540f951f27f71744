"""The face: REST over HTTP. Everything refused is a problem document (RFC 9457)."""
