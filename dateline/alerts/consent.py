"""What somebody agrees to who follows a list, and what is kept because of it.

WORDING changes whenever the text by the button does (alerts/_consent.html), so that every consent
on record says which text it was given to (GDPR, article 7, 1).
"""

from datetime import timedelta

WORDING = "2026-11"
UNCONFIRMED = timedelta(days=3)
"""How long a request waits for its confirmation before it is forgotten."""
