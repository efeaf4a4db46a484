"""A desk full of invented shops to try Balie on.

`data` reads what is written about them, `people` makes the rows of everybody, `stories` decides what they ask and what
happens then (pure, the same for one desk and day), `telling` lets it happen through `tickets.actions`, and `filling` is
how that is begun and carried on. Nothing of it leaves the house: `desk.is_demo` keeps all mail in the mail folder.
"""
