"""Time and delivery: threads count down, the event loop speaks, and an outbox gets it said."""
