"""A message read: from raw bytes to who wrote what. Nothing here knows a database; nothing here raises."""
