"""What `make lint` checks beside style, types and layers: migrations, translations, generated pages."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Run all checks, also after one failed; exit code 1 when one did."""
    checks = {
        "Migrations are complete": migrations,
        "Translations are complete": lambda: tool("translations.py", "--check"),
        "Generated pages are up to date": lambda: tool("documents.py", "--check"),
    }
    failed = [name for name, check in checks.items() if not _told(name, check())]
    return 1 if failed else 0


def _told(name: str, good: bool) -> bool:
    sys.stdout.write(f"{name}: {'yes' if good else 'NO'}\n")
    sys.stdout.flush()
    return good


def tool(name: str, *arguments: str) -> bool:
    return (
        subprocess.run([sys.executable, str(ROOT / "tools" / name), *arguments], check=False).returncode == 0
    )


def migrations() -> bool:
    """Needs no database: only the models and the migration files are compared."""
    code = (
        "import django; from django.core.management import call_command; django.setup();"
        "call_command('makemigrations', check=True, dry_run=True, verbosity=1)"
    )
    with tempfile.TemporaryDirectory() as data:
        environment = {
            **os.environ,
            "BALIE_DATA": data,
            "DJANGO_SETTINGS_MODULE": "balie.config.settings",
            "PYTHONWARNINGS": "ignore::RuntimeWarning",
        }
        return subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
