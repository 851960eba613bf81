"""Small cases that many tests share."""

from __future__ import annotations

from typing import Any

import pytest

CEASEFIRE = """\
detente: 1                       # format version
title: A ceasefire line
as_of: 2026-11-01
handling: Mediator only          # printed on every page made from this case
parties:
  north: {name: The North, walk_away: 55, discount: 0.9, turnover: 0.05}   # per year
  south: {name: The South}       # walk_away defaults to the value of the status quo
  guarantor: {name: The Guarantor, signs: false}   # affected, but its consent is not needed
issues:
  troops:
    name: Forward troops
    control: north               # may change it alone
    options: {deployed: All deployed, thinned: Half withdrawn, withdrawn: Withdrawn behind the line}
    undo: 3                      # periods until it is back at the status quo after a collapse
  arms:
    name: Heavy weapons
    control: north
    options: [held, cantoned, destroyed]
    undo: {cantoned: 1, destroyed: never}    # never: irreversible, it cannot be left
    takes: {destroyed: 12}       # periods before the next step can follow
  embargo:
    name: Trade embargo
    control: south
    options: [full, partial, lifted]
    undo: 1
  treaty:
    name: Peace treaty
    joint: [north, south]        # to advance takes all of them; any one may withdraw
    options: [none, signed]
  access:
    name: Inspectors' access
    control: north
    options: [none, declared, anywhere]
status_quo: {troops: deployed, arms: held, embargo: full, treaty: none, access: none}
rules:
  - never: treaty == signed and troops == deployed
    because: The treaty defines the line.
  - if: arms >= cantoned
    then: access != none
concerns:                        # what a party must or wants to have; needs no numbers
  south:
    - {name: No guns in range of the capital, met: troops == withdrawn and arms >= cantoned, must: true, source: speech_2}
  north:
    - {name: Not to disarm first, met: arms != destroyed or embargo == lifted, must: true}
    - {name: Recognition, met: treaty == signed}
values:
  north:
    weights: {troops: 20, arms: 30, embargo: 30, treaty: 15, access: 5}
    scores:                      # 0 worst to 100 best for this party
      troops: {deployed: 100, thinned: 60, withdrawn: 0}
      arms: {held: 100, cantoned: {low: 30, likely: 55, high: 70, source: interview_3}, destroyed: 0}
      embargo: {full: 0, partial: 50, lifted: 100}
      treaty: {none: 0, signed: 100}
      access: {none: 100, declared: 60, anywhere: 0}
    adjustments:
      - {when: embargo == lifted and treaty == signed, add: 5, because: Lifting without recognition is half a win.}
  south:
    weights: {troops: 30, arms: 30, embargo: 15, treaty: 10, access: 15}
    scores:
      troops: {deployed: 0, thinned: 40, withdrawn: 100}
      arms: {held: 0, cantoned: 70, destroyed: 100}
      embargo: {full: 100, partial: 70, lifted: 0}
      treaty: {none: 20, signed: 100}
      access: {none: 0, declared: 50, anywhere: 100}
agreement: unanimity             # or {quota: 4, veto: [north, south]} or {weights: {…}, quota: 0.6}
packages:                        # drafts, to analyse and compare
  southern_draft:
    outcome: {troops: withdrawn, arms: cantoned, embargo: partial, treaty: signed, access: declared}
    commitments:                 # the text behind the outcome; optional
      - id: c1
        who: north
        does: arms == cantoned
        text: The North shall place its heavy weapons in four cantonments.
        terms: {heavy weapons: calibre above 100 mm, cantonments: open}
        by: 6                    # periods after signature, or a date
        checked_by: [inspectors]
        level: working           # leader | working | technical
        if_not: The South may restore the embargo.
        status: [{date: 2027-01-15, kept: 2, source: report_1}]             # 0 none … 3 complete
verification:
  period: month
  lag: 1                         # periods from finding to acting
  second_look: {keeps_true: 0.98, keeps_false: 0.05}
  measures:
    satellites: {name: Satellite imagery, detects: {troops: 0.5, arms: {held: 0.1, cantoned: 0.02}}, false_alarm: 0.01, cost: 1}
    inspectors: {name: Resident inspectors, detects: {troops: 0.7, arms: 0.6, hidden_depot: 0.05}, false_alarm: 0.02, cost: 6, requires: access == anywhere}
  punishment: forever            # or a number of periods
violations:                      # ways to cheat that are no option on the table
  hidden_depot: {party: north, when: arms >= cantoned, gain: 4, breakout: {takes: 6, prize: 30}}
guarantees:
  patrol: {by: guarantor, against: south, amount: 10, when: treaty == signed}
drivers:
  oil_price: {name: Oil price, range: [40, 120], likely: 70,
              shifts: [{party: north, issue: embargo, weight: 0.1}, {party: north, walk_away: -0.2}]}
sources:
  interview_3: {title: Interview with a former negotiator, date: 2024-05-02}
  speech_2: {title: Speech to parliament, date: 2026-03-11}
  report_1: {title: Monitors' first report, date: 2027-01-20}
"""
"""A case with every section: the example of the format's description."""


@pytest.fixture
def ceasefire_text() -> str:
    """The text of a case with every section."""
    return CEASEFIRE


@pytest.fixture
def table() -> dict[str, Any]:
    """A minimal case with values as a dictionary, to be changed by a test."""
    return {
        "detente": 1,
        "title": "Two issues",
        "parties": {"north": {}, "south": {}},
        "issues": {
            "arms": {"options": ["held", "cantoned", "destroyed"]},
            "embargo": {"options": ["full", "lifted"]},
        },
        "status_quo": {"arms": "held", "embargo": "full"},
        "values": {
            "north": {
                "scores": {
                    "arms": {"held": 50, "cantoned": 30, "destroyed": 0},
                    "embargo": {"full": 0, "lifted": 40},
                }
            },
            "south": {
                "scores": {
                    "arms": {"held": 0, "cantoned": 30, "destroyed": 50},
                    "embargo": {"full": 10, "lifted": 0},
                }
            },
        },
    }
