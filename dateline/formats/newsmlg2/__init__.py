"""NewsML-G2 2.35: news items in XML (IPTC, iptc.org/standards/newsml-g2)."""

CONTENT_TYPE = "application/vnd.iptc.g2.newsitem+xml"
MESSAGE_CONTENT_TYPE = "application/vnd.iptc.g2.newsmessage+xml"
"""A single item's, and that of a message of several (IANA)."""
