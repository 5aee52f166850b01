"""CSL-JSON: references for citation processors (citationstyles.org)."""

CONTENT_TYPE = "application/vnd.citationstyles.csl+json"
