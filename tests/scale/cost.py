#!/usr/bin/python3
"""What plans for a large volume cost, from what the programs cost: COST.md.

cost.py FOLDER >COST.md   measures on 1 GiB of floats in FOLDER, which needs 14 GiB free (a RAM file
                          system, so that storage is not measured), computes the table, and checks the
                          prediction against a run of chain.mk on 4 GiB with one worker and with two

A worker is a processor: it is pinned to one, and the processes of its pipes share it. Programs are on PATH."""
import os
import resource
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROUNDS = 3
GIB = 2 ** 30
REST = 20 # seconds

# Each program alone, from a file to nowhere; {} is its input.
PROGRAMS = {
    "tiff2vol": ("medium.tif", "tiff2vol {} >/dev/null"),
    "volstats": ("medium.nrrd", "volstats {} >/dev/null"),
    "volgamma": ("medium.nrrd", "volgamma -g 0.5 {} >/dev/null"),
    "voleq --stats": ("medium.nrrd", "voleq --stats raw.stats {} >/dev/null"),
    "volclip --stats": ("medium.nrrd", "volclip --stats raw.stats {} >/dev/null"),
    "volcat": ("medium.nrrd", "volcat {} >/dev/null"),
    "vol2tiff": ("medium.nrrd", "vol2tiff --type uint16 {} -o out.tif"),
}
PIPE = "volset --note a=b medium.nrrd | volset --note a=b >/dev/null"
# As large together as those of the check: a virtual machine gives memory back that is free for some
# seconds, and pays for it again at the first touch.
FILES = "for i in 1 2 3 4 5 6; do volset --note a=b medium.nrrd -o out-$i.nrrd; done"
HEADER = "volset --note a=b medium.nrrd >/dev/null"

# Of each plan: programs, pipes, files written; bytes read and written for each byte of floats.
COUNT = ["tiff2vol", "volstats"]
FILTERS = ["volgamma", "voleq --stats", "volclip --stats"]
PLANS = [
    # count, gamma to a file, count that, equalize, count, clip, join
    ("every step written", COUNT + ["tiff2vol"] + FILTERS + 2 * ["volstats"] + ["volcat"], 2, 4, 6, 4),
    # count three times behind what is done so far, then apply and join
    ("recomputed", COUNT + (["tiff2vol"] + FILTERS[:1] + ["volstats"]) + (["tiff2vol"] + FILTERS[:2] + ["volstats"]) +
     (["tiff2vol"] + FILTERS) + ["volcat"], 1 + 2 + 3 + 3, 2, 4 * 0.5 + 1, 2),
    ("statistics derived, one pass (chain.mk)", COUNT + ["tiff2vol"] + FILTERS + ["volcat"], 1 + 3, 2, 2 * 0.5 + 1, 2),
    ("the same, slabs not joined", COUNT + ["tiff2vol"] + FILTERS, 1 + 3, 1, 2 * 0.5, 1),
]


def cpu(command, folder, processors=(0,)):
    """CPU and wall seconds of a command, pinned."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(["bash", "-e", "-o", "pipefail", "-c", command], cwd=folder, check=True,
                   stdout=subprocess.DEVNULL, preexec_fn=lambda: os.sched_setaffinity(0, processors))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.monotonic() - begun


def median(command, folder):
    return statistics.median(cpu(command, folder)[0] for _ in range(ROUNDS))


def prepare(folder):
    subprocess.run([os.path.join(HERE, "../bench/volumes.py"), folder, "medium"], check=True, stdout=sys.stderr)
    subprocess.run(["bash", "-e", "-c", "volstats medium.nrrd -o raw.stats"], cwd=folder, check=True)


def file_cost(folder):
    """Of a GiB of floats that is written, without the reading."""
    time.sleep(REST)
    written = cpu(FILES, folder)[0] / 6
    subprocess.run("rm -f out-?.nrrd", shell=True, cwd=folder, check=True)
    return written - median(HEADER, folder)


def measure(folder):
    """CPU seconds a GiB of floats: of each program, of a pipe, of a file written."""
    costs = {name: median(command.format(source), folder) for name, (source, command) in PROGRAMS.items()}
    header = median(HEADER, folder)
    costs["a pipe"] = median(PIPE, folder) - 2 * header
    costs["a file, written"] = statistics.median(file_cost(folder) for _ in range(ROUNDS))
    os.unlink(os.path.join(folder, "out.tif"))
    return costs


def cost(plan, costs):
    _, programs, pipes, files, _, _ = plan
    return sum(costs[name] for name in programs) + pipes * costs["a pipe"] + files * costs["a file, written"]


def hours(s):
    return f"{s / 3600:.2g}" if s < 36000 else f"{s / 3600:.0f}"


def table(costs):
    size = 10e12
    yield "| plan | reads + writes, TB | CPU h | 5 GB/s: 1, 10, 100, 1000 workers | 50 GB/s: 100, 1000 |"
    yield "|---|---|---|---|---|"
    for plan in PLANS:
        name, _, _, _, reads, writes = plan
        traffic, work = (reads + writes) * size, cost(plan, costs) * size / GIB
        at = lambda workers, bandwidth: hours(max(work / workers, traffic / bandwidth))
        yield (f"| {name} | {reads * 10:.0f} + {writes * 10:.0f} | {work / 3600:.0f} | "
               + ", ".join(at(n, 5e9) for n in (1, 10, 100, 1000)) + " | "
               + ", ".join(at(n, 50e9) for n in (100, 1000)) + " |")


def limits(costs):
    for plan in PLANS:
        name, _, _, _, reads, writes = plan
        yield f"- {name}: {cost(plan, costs) / GIB * 5e9 / (reads + writes):.0f}"


def check(folder, costs):
    """Predicted and measured wall seconds of chain.mk on 4 GiB, with one worker and two."""
    subprocess.run(["bash", "-e", "-o", "pipefail", "-c", "volcat --any-place medium.nrrd medium.nrrd medium.nrrd "
                    "medium.nrrd | vol2tiff --type uint16 -o large.tif"], cwd=folder, check=True)
    for workers in 1, 2:
        # The system's part changes most from one minute to the next.
        costs = {**costs, "a file, written": file_cost(folder)}
        predicted = 4 * cost(PLANS[2], costs)
        command = f"make -s -j{workers} -f {HERE}/chain.mk IN=large.tif SLABS=8 OUT=chain"
        time.sleep(REST)
        work, wall = cpu(command, folder, tuple(range(workers)))
        subprocess.run(["rm", "-rf", os.path.join(folder, "chain")], check=True)
        serial = 4 * (costs["volcat"] + costs["a file, written"])
        due = (predicted - serial) / workers + serial
        yield f"| {workers} | {predicted:.1f} | {work:.1f} | {due:.1f} | {wall:.1f} | {wall / due:.2f} |"
    os.unlink(os.path.join(folder, "large.tif"))


def main():
    folder = sys.argv[1]
    os.environ["SLURM_CPUS_PER_TASK"] = "1"  # one thread a program
    os.makedirs(folder, exist_ok=True)
    prepare(folder)
    costs = measure(folder)
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "")
    print(f"""# What a large volume costs

Measured by [cost.py](cost.py) on {time.strftime("%Y-%m-%d")}, {model}, files in memory, one thread a
program, medians of {ROUNDS}. The volume: 16 bits, 256 planes of 1024 x 1024, 1 GiB as floats.

CPU seconds for each GiB of floats:

| | s |
|---|---|""")
    for name, s in costs.items():
        print(f"| {name if name.startswith('a ') else '`' + name + '`'} | {s:.2f} |")
    print("""
A written file costs mostly what this virtual machine pays for memory that it has not used for some seconds;
where storage is slower than that, its bandwidth decides, which is in the next table. A pipe is what it costs
beyond reading a file, which is part of each program's figure.

## Plans

The chain gamma, equalize, clip at percentiles over a volume of 10 TB as floats (5 TB at 16 bits), in slabs.
Time is the larger of CPU / workers and traffic / bandwidth of the storage, in hours. A worker is a processor.
""")
    print("\n".join(table(costs)))
    print("""
More workers do not help from here on, for each 5 GB/s of the storage:
""")
    print("\n".join(limits(costs)))
    print("""
## Check

chain.mk on 4 GiB in 8 slabs, in seconds. Joining is one job; the rest is shared by the workers. What a
written file costs is measured again before each run.

| workers | CPU, predicted | measured | wall time, predicted | measured | ratio |
|---|---|---|---|---|---|""")
    print("\n".join(check(folder, costs)))


if __name__ == "__main__":
    main()
