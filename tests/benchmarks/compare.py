#!/usr/bin/env python3
"""Times npcsim against a NumPy program and a hand-written C++ loop for the same model, in turns.

usage: compare.py STUDY_RATE THREE_STATE_LOOP [--patients N] [--rounds N] [--large]

CPU seconds (user and system, all threads); the smallest of all rounds counts, because other programs on the machine
can only add to it. The programs take turns, so that a busy minute hits all of them.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parents[1]


def run(*command):
    # One thread for everybody: NumPy's linear algebra would otherwise start its own.
    environment = dict(os.environ, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, env=environment)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stderr}")
    return json.loads(done.stdout)


def best(results):
    return max(results, key=lambda result: result["lifetimes_per_cpu_second"])


def million(result):
    return result["lifetimes_per_cpu_second"] / 1e6


def main():
    parser = argparse.ArgumentParser(usage=__doc__, add_help=True)
    parser.add_argument("study_rate")
    parser.add_argument("loop")
    parser.add_argument("--patients", type=int, default=1000000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--large", action="store_true", help="also cost and memory at 10^4 to 10^8 patients")
    options = parser.parse_args()
    three_state = SOURCE / "configs/studies/three_state.yaml"
    lrrt = HERE / "dmnpc_lrrt.yaml"
    rows = {"npcsim": [], "plain": [], "tuned": [], "loop": [], "dmnpc": []}
    for _ in range(options.rounds):
        rows["npcsim"].append(run(options.study_rate, three_state, options.patients))
        rows["plain"].append(run(sys.executable, HERE / "three_state_plain.py", options.patients))
        rows["tuned"].append(run(sys.executable, HERE / "three_state.py", options.patients))
        rows["loop"].append(run(options.loop, options.patients))
        rows["dmnpc"].append(run(options.study_rate, lrrt, options.patients // 10))
    fastest = {name: best(results) for name, results in rows.items()}
    ours = million(fastest["npcsim"])
    print("million lifetimes per CPU second, one thread")
    print(f"  three_state, npcsim                  {ours:7.2f}")
    for name, text in (("plain", "NumPy, plain"), ("tuned", "NumPy, tuned"), ("loop", "C++ loop by hand")):
        other = million(fastest[name])
        print(f"  three_state, {text:<23} {other:7.2f}   npcsim is {ours / other:.2f} times as fast")
    print(f"  dmnpc under gp_pd1_lrrt              {million(fastest['dmnpc']):7.3f}")

    one = min((run(options.study_rate, three_state, options.patients, 1) for _ in range(3)),
              key=lambda result: result["wall_seconds"])
    two = min((run(options.study_rate, three_state, options.patients, 2) for _ in range(3)),
              key=lambda result: result["wall_seconds"])
    if one["tally"] != two["tally"]:
        sys.exit("one and two threads gave different results")
    print(f"two threads are {one['wall_seconds'] / two['wall_seconds']:.2f} times as fast as one (wall time)")
    if not options.large:
        return
    print("patients     CPU ns per lifetime   peak MB")
    for patients in (10**4, 10**5, 10**6, 10**7, 10**8):
        result = run(options.study_rate, three_state, patients)
        print(f"{patients:>9} {1e9 * result['cpu_seconds'] / (3 * patients):>17.1f} {result['peak_megabytes']:>15.1f}")


if __name__ == "__main__":
    main()
