from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    """What the constraints and the searches of the apps stand on."""

    dependencies = [("kit", "0001_initial")]
    operations = [BtreeGistExtension(), TrigramExtension()]
