"""What comes when: a calendar at the desk, and the same for one's own calendar program."""
