"""Deliveries: letters and statements as files that people send, and the outbox of what was sent.

The modules take rows of marts and give files: `wording` and `formats` say it in a language,
`papers` makes a paper of rows, `rendering` a Word file and a PDF of a paper, `mail_merge` one table
of all, `outbox` keeps what was released. `templates` holds what a firm may replace.
Not here: which letter is due and what stands in it (dbt), where rows come from (correspondence).
"""
