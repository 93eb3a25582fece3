"""The durable state: tables, statements on them by subject, and migrations."""
