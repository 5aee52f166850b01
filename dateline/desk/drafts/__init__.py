"""Finding drafts by their words: what no index of readers may hold."""
