from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "balie.mail"
