"""A person at a CRM that delivered twice, another of the same given name, and what is published."""

from pathlib import Path
from typing import Any

import hand_marts
from scene import COMPANIES, Scene

from dagster_project.erasure import erasing
from dagster_project.erasure.erasures import Person

PERSON = Person("crm", "crm_contact", "P1")
NAME, EMAIL = "Zora Quellmüller", "zora.quellmueller@ash.example"
MAY = ("ContactNo,Company,First,Last,Mail,Notes,Since\n"
       f"P1,C1,Zora,Quellmüller,{EMAIL},\"likes, tea\",2026-01-01 00:00:00\n"
       "P2,C1,Zora,Birkner,z.birkner@ash.example,Buyer,2026-01-01 00:00:00\n"
       f"P1,C1,Zora,Quellmüller,{EMAIL},old,yesterday\n")
JUNE = MAY.replace("likes, tea", "moved to Quellmüller and sons")
CALLS = ("Call,Contact,Company,About\nA1,P1,C1,Quellmüller asked for a price\n"
         "A2,P2,C1,Birkner asked for a price\n")
CONTACTS: dict[str, Any] = {**COMPANIES, "extracts": {
    "companies": {"files": "companies_*"}, "contacts": {"files": "contacts_*",
                                                        "encoding": "cp1252"},
    "calls": {"files": "calls_*"}}, "tables": {
    "crm_company": {"from": "companies"},
    "crm_contact": {"from": "contacts", "columns": {
        "contact_id": {"sql": "upper(ContactNo)"}, "company_id": "Company", "first_name": "First",
        "last_name": {"sql": "trim(Last)"}, "email": "Mail", "created_at": "Since"}},
    "crm_activity": {"from": "calls", "columns": {
        "activity_id": "Call", "contact_id": "Contact", "company_id": "Company",
        "subject": "About", "type": {"constant": "call"},
        "at": {"constant": "2026-05-01 00:00:00"}}}}}


def customer(number: str, **stated: Any) -> dict[str, Any]:
    return {"customer_id": number, "group_id": f"G-{number}", "reporting_currency": "EUR",
            "company_key": f"crm/C{number}", **stated}


def marts(run: int) -> hand_marts.Rows:
    """Two customers; the first has the person, and another Zora, in some of its texts."""
    return {
        "customer_360": [
            customer("1", customer_name="Ash", accounts_contact_name=NAME,
                     accounts_contact_email=EMAIL.upper(), owner_name="Zora Birkner",
                     sales_ytd_reporting=run),
            customer("2", customer_name="Birch", accounts_contact_name=NAME,
                     accounts_contact_email="another@birch.example", sales_ytd_reporting=7)],
        "trading_accounts": [],
        "exceptions": [{"customer_id": "1", "exception_id": "1", "amount": 12.5,
                        "what": f"order 7 of Ash: {NAME} has not answered"}],
        "quarantined_rows": [],
        "mart_info": [{"publication_id": str(run)}],
    }


def erase(scene: Scene, person: Person = PERSON) -> dict[str, int]:
    return erasing.erase(scene.configuration, person, why="asked by post", who="ops")


def data(scene: Scene) -> Path:
    return scene.configuration.store.root
