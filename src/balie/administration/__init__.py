"""The screens for administrators that Django's administration does not bring: they stand inside it."""
