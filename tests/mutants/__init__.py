"""A mutation tester: plants small faults in the bot, and tells which of them no test notices."""
