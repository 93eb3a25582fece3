"""Pictures of somebody's focus, drawn for a phone: ``gallery`` is the entry point, the only module to import."""
