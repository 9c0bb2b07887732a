"""A round worked out with pencil and paper from the document that describes the files.

K1 may hold the two people it has. P1 would move inside it, to an empty seat, P3 would come in with more points for the
seat P1 would leave. As P3 goes before P1, P3 fills K1, and P1 back home pushes P3 out: both stay. Where `ownCellFirst`
is set P1 goes before P3 and moves. P4, from the pool, and P5 want the same empty seat; P5 has more points.
"""

from __future__ import annotations

from tests.unit.verifier import oracle

LOT_OF_P1, LOT_OF_P5 = 5475513003740778591, 12758215607428288578  # by openssl dgst -sha256 -mac HMAC
SNAPSHOT = {
    "cells.csv": """\
cell,parent,level,ceiling
K,,province,
K1,K,regency,2
""",
    "posts.csv": """\
post,cell,seats,urgency
a,K1,1,2
b,K1,2,2
c,,1,2
d,,1,1
e,,1,3
pool,,1,
""",
    "participants.csv": """\
participant,home
P1,a
P2,b
P3,c
P4,pool
P5,e
""",
    "wishes.csv": """\
participant,rank,post,points,bar
P1,1,b,10,
P2,1,a,60,NOT_RELEASED
P3,1,a,50,
P4,1,d,5,
P4,2,c,7,NOT_ELIGIBLE:grade
P5,1,d,9,
P5,2,c,1,
""",
}
PLAIN = SNAPSHOT | {
    "outcomes.csv": """\
participant,post,rank
P1,a,
P2,b,
P3,c,
P4,pool,
P5,d,1
""",
    "answers.csv": f"""\
participant,rank,code,cell,depth,urgency,points,lot
P1,1,CEILING_OWN_CELL,K1,,,,
P2,1,NOT_RELEASED,,,,,
P3,1,INCUMBENT_STAYED,,,,,
P4,1,BELOW_CUTOFF,,,1,9,{LOT_OF_P5}
P4,2,NOT_ELIGIBLE:grade,,,,,
P5,1,RECEIVED,,,,,
P5,2,NOT_NEEDED,,,,,
""",
    "post-results.csv": f"""\
post,seats,filled,empty,incumbents,depth,points,lot
a,1,1,0,1,,,
b,2,1,1,1,,,
c,1,1,0,1,,,
d,1,1,0,0,,9,{LOT_OF_P5}
e,1,0,1,0,,,
pool,1,1,0,1,,,
""",
    "cell-results.csv": """\
cell,ceiling,before,after,depth,urgency,points,lot
K,,2,2,,,,
K1,2,2,2,,,,
""",
    "moves.csv": """\
unit,step,participant,from,to
1,1,P5,e,d
""",
}
OWN_CELL_FIRST = SNAPSHOT | {
    "outcomes.csv": """\
participant,post,rank
P1,b,1
P2,b,
P3,c,
P4,pool,
P5,d,1
""",
    "answers.csv": f"""\
participant,rank,code,cell,depth,urgency,points,lot
P1,1,RECEIVED,,,,,
P2,1,NOT_RELEASED,,,,,
P3,1,CEILING,K1,2,2,10,{LOT_OF_P1}
P4,1,BELOW_CUTOFF,,0,1,9,{LOT_OF_P5}
P4,2,NOT_ELIGIBLE:grade,,,,,
P5,1,RECEIVED,,,,,
P5,2,NOT_NEEDED,,,,,
""",
    "post-results.csv": f"""\
post,seats,filled,empty,incumbents,depth,points,lot
a,1,0,1,0,,,
b,2,2,0,1,2,10,{LOT_OF_P1}
c,1,1,0,1,,,
d,1,1,0,0,0,9,{LOT_OF_P5}
e,1,0,1,0,,,
pool,1,1,0,1,,,
""",
    "cell-results.csv": f"""\
cell,ceiling,before,after,depth,urgency,points,lot
K,,2,2,,,,
K1,2,2,2,2,2,10,{LOT_OF_P1}
""",
    "moves.csv": """\
unit,step,participant,from,to
1,1,P1,a,b
2,1,P5,e,d
""",
}


def files_of(tables: dict[str, str]) -> dict[str, bytes]:
    return {name: tables[name].encode() for name in oracle.HEADERS}
