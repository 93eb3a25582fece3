"""What people type: one cog a feature."""
