"""Translating a story at the desk: segments, the page side by side, and what is left to do."""
