"""Alembic's entrance: runs the migrations on the connection that ``bot.store.schema`` hands in."""

from alembic import context

from bot.store.tables import metadata

# The transaction is the caller's: on SQLite and PostgreSQL a migration that fails leaves nothing behind.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=False,
)
context.run_migrations()
