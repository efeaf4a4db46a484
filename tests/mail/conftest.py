from tests.postbox import certificate, mail_server, postbox

__all__ = ["certificate", "mail_server", "postbox"]
