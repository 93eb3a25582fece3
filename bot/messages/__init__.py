"""The catalogue of all sentences that people read, and the small translator."""
