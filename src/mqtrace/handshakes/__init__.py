"""TLS handshakes from whatever recorded them."""
