"""A desk as data: what a vendor's helpdesk is, in one TOML file.

`softwear.toml` and `infobits.toml` describe two existing desks, `example.toml` an invented one. `reading`
turns such a file into a `Preset`, or says everything that is wrong with it, by line and key.
"""
