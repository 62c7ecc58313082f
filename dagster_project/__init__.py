"""customer360: CRM and ERP extracts become one audited, published mart of the whole customer.

Floors, each importing only what lies below it:
4 `cli`, `definitions` · 3 `assets`, `automation` · 2 `sources`, `landing`, `mapping`, `quality`,
`identity`, `warehouse`, `publication` · 1 `settings`, `store`, `errors`, `faults` · `schemas`.
Only floor 3 and above know Dagster, so that everything below is quick to import and to test.
"""
