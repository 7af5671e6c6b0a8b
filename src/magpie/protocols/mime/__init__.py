"""MIME bodies: multipart read and written as bytes (RFC 2045, 2046, 2387)."""
