"""Late work that outlives a restart: tried again when the database is back, not for ever."""

from procrastinate import JobContext, RetryStrategy

from maillage.kit.database_errors import LOST

# a job that kills its worker each time must end too
MOST_TRIES = 20
WHEN_THE_DATABASE_IS_BACK = RetryStrategy(
    max_attempts=MOST_TRIES, linear_wait=10, retry_exceptions=set(LOST)
)


def is_given_up(context: JobContext) -> bool:
    """Whether this job was begun so often that it will not end well."""
    return context.job.attempts >= MOST_TRIES
