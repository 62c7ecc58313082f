"""A person's right to be forgotten, in everything that is kept.

`erasures`: what was asked and done · `persons`: where a mapping says that a person stands ·
`traces`: what they are recognised by elsewhere · `forgetting`: landed records · `rewriting`: kept
versions · `run_history`: Dagster's events · `erasing`: all of it, in order.
"""
