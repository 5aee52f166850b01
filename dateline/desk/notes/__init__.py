"""What people at the desk say to each other about a story, and who is asked to do what."""
