"""A judgement over the invented record of the tests."""

JUDGEMENTS = """\
- id: ferry-slows
  title: The ferry slows
  statement: The ferry likely crosses less often than the office says.
  likelihood: likely
  confidence: moderate
  confidence_why: >-
    The office counts for itself.
  evidence_for:
    - text: An almanac has another number.
      refs: [review:crossings-almanac]
    - text: The crew rows.
      refs:
        - claim:coast-row
        - event:first-snow
  evidence_against:
    - text: The office keeps a ledger.
      refs: [claim:crossings]
  assumptions:
    - The ledger is whole.
  would_change:
    - A second ledger.
  chapter: book/ferry
"""
