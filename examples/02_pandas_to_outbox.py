"""This script publishes a pandas frame: the last line of a reporting job, changed in one place.

``outbox`` hands out a binary file. When the block ends, what was written there is cleaned,
verified and published; when the block raises, nothing is.
"""

from __future__ import annotations

import pandas as pd

from safe_release import outbox

incidents = pd.DataFrame(
    {
        "district": ["Harbour", "Harbour", "Old Town", "Westway", "Old Town", "Harbour"],
        "offence": ["Theft", "Burglary", "Theft", "Theft", "Burglary", "Theft"],
        "person": [f"Person {number:04}" for number in range(1, 7)],
    }
)
table = incidents.pivot_table(
    index="district", columns="offence", values="person", aggfunc="count", fill_value=0
)

with outbox("offences_by_district.xlsx") as file:
    table.to_excel(file, sheet_name="Offences")

print(pd.read_excel("offences_by_district.xlsx", index_col=0))
