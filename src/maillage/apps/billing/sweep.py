"""What an issue killed between its files and its rows left in the store."""

from django.core.files.storage import default_storage

from maillage.apps.billing.models import Document
from maillage.apps.people.models import Organisation


def sweep(operator: Organisation) -> tuple[str, ...]:
    """Remove the folders whose number a document keeps in another one; returns them, in order.

    A number that no document bears yet may be that of an issue under way, or all that is left of
    a document when a base older than its files was restored: its folder stays.
    """
    root = f"billing/{operator.pk}"
    rows = Document.objects.filter(operator=operator)
    kept = dict(rows.values_list("folder", "number"))
    taken = set(kept.values())
    left = [
        f"{root}/{name}"
        for name in _folders(root)
        if f"{root}/{name}" not in kept and name.rpartition("-")[0] in taken
    ]
    for folder in left:
        for name in default_storage.listdir(folder)[1]:
            default_storage.delete(f"{folder}/{name}")
        # a store of objects has no folders: there, this does nothing
        default_storage.delete(folder)
    return tuple(left)


def _folders(root: str) -> list[str]:
    try:
        return sorted(default_storage.listdir(root)[0])
    except FileNotFoundError:
        return []
