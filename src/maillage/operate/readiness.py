"""May this installation be opened to people? Its settings, its migrations."""

from django.conf import settings
from django.core import checks
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from maillage.operate.refused import Refused

# what ends a page that is stuck would end a long migration, or a slow machine's
LIMITS_OF_PAGES = ("statement_timeout", "idle_in_transaction_session_timeout")
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def refuse_public_demonstration(host: str) -> None:
    """The links of invented people open doors: to this machine alone."""
    if settings.DEMONSTRATION and host not in LOOPBACK:
        raise Refused(
            f"Une démonstration ne s'ouvre que sur cette machine (127.0.0.1), pas sur {host}. "
            "Pour un vrai service, retirez MAILLAGE_DEMONSTRATION (docs/operating.md)."
        )


def refuse_unsafe_settings() -> None:
    """Outside demonstration and development, the framework's deployment checks must be clean."""
    is_public = not (settings.DEMONSTRATION or settings.DEBUG)
    level = checks.WARNING if is_public else checks.ERROR
    found = checks.run_checks(include_deployment_checks=is_public)
    serious = [message for message in found if message.level >= level]
    if serious:
        lines = "\n".join(f"  {message.id} : {message.msg}" for message in serious)
        raise Refused(
            f"Réglages à corriger avant d'ouvrir le service (docs/operating.md) :\n{lines}"
        )


def refuse_missing_migrations() -> None:
    """The code and the database must speak of the same tables."""
    try:
        missing = missing_migrations()
    except OperationalError:
        # the pages say that the database is out of reach until it comes back
        return
    if missing:
        raise Refused(
            f"La base attend {len(missing)} mise(s) à jour ({missing[0]}…). "
            "Faites une sauvegarde, puis « maillage migrate »."
        )


def missing_migrations() -> tuple[str, ...]:
    """Migrations of the code that the database has not seen."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return tuple(f"{migration.app_label}.{migration.name}" for migration, _ in plan)


def migrate() -> None:
    """Bring the database to the tables of the code, however long it takes."""
    with connection.cursor() as cursor:
        for limit in LIMITS_OF_PAGES:
            cursor.execute(f"SET {limit} = 0")
    try:
        call_command("migrate", database=DEFAULT_DB_ALIAS, verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
    finally:
        # the next use of this process opens a connection with the limits of pages
        connection.close()
