from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "balie.config"

    def ready(self) -> None:
        from balie.config import moments_from_database, wiring

        wiring.connect()
        moments_from_database.connect()
