"""The room where named journalists read an embargoed story ahead of its moment."""
