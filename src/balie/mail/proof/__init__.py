"""Who sent a message, as far as it can be proven: by servers in front of the desk, or by checks of our own."""
