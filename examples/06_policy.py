"""This script reads a policy from a TOML file, and meets a document that the policy refuses.

A refusal is an error that carries the report, and leaves no file. The same policy without its
``refuse`` list lets a clean copy out.
"""

from __future__ import annotations

from pathlib import Path

from safe_release import Policy, Refused, clean

here = Path(__file__).parent
source = here / "crime_statistics.xlsx"
policy = Policy.load(here / "06_policy.toml")

try:
    clean(source, "refused.xlsx", policy)
except Refused as error:
    print(f"refused: {error}")
print(f"a file was written: {Path('refused.xlsx').exists()}")

lenient = policy.model_copy(update={"refuse": ()})
report = clean(source, "released.xlsx", lenient)
print(f"released: {report.released_sha256 is not None}, links: {report.policy.links}")
