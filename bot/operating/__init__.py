"""Operating: what whoever runs the bot for others needs beside it."""
