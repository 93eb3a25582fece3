"""Pictures of somebody's focus, drawn for a phone: ``drawing`` is the entry point, the only module to import."""
