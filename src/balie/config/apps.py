from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "balie.config"

    def ready(self) -> None:
        from balie.config import wiring

        wiring.connect()
