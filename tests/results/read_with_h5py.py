"""Prints the mean overall survival time of the drug, in months, from the columns of results.h5."""
import sys

import h5py

with h5py.File(sys.argv[1]) as run:
    outcomes = {name: column[:] for name, column in run["outcomes"].items()}
    names = run["outcomes/strategy"].attrs["levels"].split("\n")
    months = outcomes["os_ticks"] / run["outcomes/os_ticks"].attrs["ticks_per_month"]
    assert len(run["patients/age"]) == 400
    assert run["patients/frail"].attrs["levels"].split("\n") == ["no", "yes"]
print(repr(float(months[outcomes["strategy"] == names.index("drug")].mean())))
