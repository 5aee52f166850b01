"""Who gets through which door of the desk."""
