"""Help: what a newcomer can try, and what each command is for."""
