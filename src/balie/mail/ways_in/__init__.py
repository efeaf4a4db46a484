"""The ways in: mailboxes that are emptied, mail that a server hands over by LMTP, files that an administrator sends.

All of them end in `balie.mail.intake`, and tell the other side that a message is safe only after its commit.
"""
