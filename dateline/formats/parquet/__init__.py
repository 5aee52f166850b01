"""Parquet (parquet.apache.org): typed columns for analysis."""

CONTENT_TYPE = "application/vnd.apache.parquet"
