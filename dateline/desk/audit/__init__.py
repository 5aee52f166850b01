"""Who did what and when: Wagtail's log, made complete and exportable."""
