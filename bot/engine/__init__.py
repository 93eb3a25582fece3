"""Time and delivery: threads count down, the event loop sends, and the outbox makes sure of it."""
