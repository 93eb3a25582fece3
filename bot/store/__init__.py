"""Everything durable: tables, the statements on them by subject, and migrations."""
