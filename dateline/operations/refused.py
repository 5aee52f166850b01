"""The one way an operation says no."""


class Refused(Exception):  # noqa: N818 - a decision, not a defect
    """The operation was not carried out; the message says why and what to do about it."""
