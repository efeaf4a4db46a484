"""What the privacy law asks: give a person what we know of it, forget a person, keep nothing for longer than needed."""
