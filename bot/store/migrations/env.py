"""Alembic's entry point: runs the migrations on the connection that ``bot.store.schema`` passes in."""

from alembic import context

from bot.store.tables import metadata

# The transaction is the caller's: on SQLite and PostgreSQL a failed migration leaves nothing behind.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=False,
)
context.run_migrations()
