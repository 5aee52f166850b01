"""A Django app of its own for the peer in `with_wagtail`; nothing else imports it."""
