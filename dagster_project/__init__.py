"""customer360: CRM and ERP extracts become one audited, published mart of the whole customer.

Floors, each importing only what lies below it:
5 `cli` over `listing`, `lookup`, `terminal`; `definitions` · 4 `assets`, `dbt_assets`,
`automation` · 3 `pipeline`, `building`, `doctor`, `integrity`, `erasure`, `correspondence`,
`decisions`, `exports`, which compose the rooms of 2 `sources`, `landing`, `reading`, `mapping`,
`quality`, `identity`, `warehouse`, `publication`, `deliveries`, and `guessing`, which no run needs
· 1 `settings`, `store`, `loads`, `errors`, `faults`, `engine`, `first_rows` · `schemas`.
Only floors 4 and 5 know Dagster, so that everything below is quick to import and to test.
"""
