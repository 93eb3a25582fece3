"""A Discord bot that keeps time for people: named countdowns that outlive crashes and deploys."""
