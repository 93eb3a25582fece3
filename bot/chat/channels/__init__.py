"""What goes on in a channel, for its moderators."""
