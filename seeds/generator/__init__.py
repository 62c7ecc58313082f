"""The demo company: a seeded world of companies, ledgers and a CRM, written as raw extracts.

The generator shares no code with the product: it only knows the file formats that its two
ledgers and its CRM would deliver. Run it with `python seeds/generate.py`.
"""
