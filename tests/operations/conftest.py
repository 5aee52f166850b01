from newsrooms import newsroom, prepared

__all__ = ["newsroom", "prepared"]
