"""The marts recomputed from the raw extracts in plain Python, as an independent reading of the
rules: it shares no code with the product."""
