"""Offices and topics over time: renamed, closed, split, merged; first shown, then done."""
