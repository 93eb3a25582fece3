"""What is pending in a channel, for its moderators."""
