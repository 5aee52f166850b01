"""From draft to approved: who is asked, and what waits for whom."""
