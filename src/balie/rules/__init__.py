"""What the business decides.

Pure: the standard library only, no Django, no clock, no I/O. Moments and holiday dates come in as
arguments; decisions go out as frozen values, refusals as named errors.
"""
