"""Pictures of what somebody has done, drawn for a phone: ``gallery`` is the door, the only module to import."""
