#!/usr/bin/env python3
"""Counts the instructions of a lifetime under callgrind and compares them with the bounds in instructions.txt.

usage: instructions.py STUDY_RATE [--update]

Instruction counts do not depend on how busy the machine is, so they can gate a change where seconds cannot. Only the
simulation of blocks and the tallies are counted: reading and compiling documents is the same for any number of
patients.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
BOUNDS = HERE / "instructions.txt"
PATIENTS = 20000
ROOM = 1.1  # a bound is what was measured times this
COUNTED = ("npcsim::BlockSimulator::run(*", "npcsim::Tally::add(npcsim::OutcomeBlock*")


def count(program, study):
    """Instructions for one lifetime of a study."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", "--collect-atstart=no"]
        command += [f"--toggle-collect={function}" for function in COUNTED]
        command += [program, str(HERE.parents[1] / study), str(PATIENTS)]
        run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{run.stderr}")
    collected = re.search(r"Collected : (\d+)", run.stderr)
    strategies = re.search(r'"strategies": (\d+)', run.stdout)
    return int(collected[1]) / (PATIENTS * int(strategies[1]))


def main():
    if len(sys.argv) < 2 or sys.argv[1] in ("-h", "--help"):
        sys.exit(__doc__)
    update = "--update" in sys.argv[2:]
    lines = BOUNDS.read_text().splitlines()
    failed = False
    for at, line in enumerate(lines):
        if not line or line.startswith("#"):
            continue
        study, bound = line.split()
        found = count(sys.argv[1], study)
        if found < 1:
            sys.exit(f"{study}: nothing was counted; have the functions {COUNTED} another name?")
        fits = found <= float(bound)
        print(f"{study}: {found:.0f} instructions for one lifetime, bound {bound}{'' if fits else ': TOO MANY'}")
        if update:
            lines[at] = f"{study} {found * ROOM:.0f}"
        elif not fits:
            failed = True
    if update:
        BOUNDS.write_text("\n".join(lines) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
