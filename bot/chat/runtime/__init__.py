"""What every feature builds on: the connection, requests, sending, permissions."""
