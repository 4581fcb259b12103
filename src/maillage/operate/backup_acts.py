"""The journal's lines about backups: what the health page reads."""

DONE = "platform.backup"
CHECKED = "platform.restore_check"
RESTORED = "platform.restore"
