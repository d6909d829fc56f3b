#!/usr/bin/python3
"""Lets the calls that a program makes fail, one at a time, and judges what it does then.

sweep.py [--most N] [--jobs N] [--seed N] [--only WORD] PROGRAMS INJECT.SO

Every way to call the programs below is run once while its calls are counted, then again for each call
and each error that this call can have. A run must either do the same as the undisturbed one, or end
with status 1 or 75 and one line on standard error, and leave nothing behind that was not there. (A
crash inside another library that leaves nothing behind is counted apart, and so is the loader's own
end of a program.) After an error of the system the status must be 75, and the line must end with that
error's words.
--most: at most so many calls for each error, chosen at random. Prints a table; exit 1 if a run was
wrong.
"""
import argparse
import collections
import errno
import os
import random
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from inputs import make_inputs

ERRORS = {
    "read": [errno.EIO, errno.EINTR, "short", "end"],
    "pread": [errno.EIO, errno.EINTR, "short", "end"],
    "write": [errno.EIO, errno.ENOSPC, errno.EINTR, "short"],
    "pwrite": [errno.EIO, errno.ENOSPC, errno.EINTR, "short"],
    "open": [errno.EMFILE, errno.EACCES, errno.EINTR],
    "close": [errno.EIO, errno.EINTR],
    "fsync": [errno.EIO, errno.EINTR],
    "rename": [errno.EIO, errno.ENOSPC],
    "link": [errno.EIO],
    "unlink": [errno.EIO],
    "lseek": [errno.EIO],
    "ftruncate": [errno.ENOSPC, errno.EINTR],
    "fcntl": [errno.EIO],
    "fchmod": [errno.EIO],
    "memory": [errno.ENOMEM, "all"],
    "thread": [errno.EAGAIN],
}
# What is done again after an interrupted or a short call must come out as if nothing had been.
HARMLESS = (errno.EINTR, "short")
SECONDS = 30


class Mode:
    """A way to call a program. `args` is split at blanks; IN/ stands for the folder of inputs. Standard
    input is a file, or a pipe; -o writes to out/result, which exists before where `replaces`."""

    def __init__(self, args, stdin=None, pipe=None, replaces=False):
        self.args, self.stdin, self.pipe, self.replaces = args, stdin, pipe, replaces

    def name(self):
        return self.args + (f" <{self.stdin}" if self.stdin else f" <(cat {self.pipe})" if self.pipe else "")


def modes():
    yield Mode("tiff2vol IN/cells.tif")
    yield Mode("tiff2vol -j 3 IN/cells.tif -o out/result")
    yield Mode("tiff2vol - -o out/result", pipe="cells.tif")
    for name in "ome.tif", "imagej.tif", "deflate.tif", "lzw.tif", "tiles.tif", "jpeg.tif", "ycbcr.tif", \
            "fax.tif", "packbits.tif", "palette.tif", "float.tif", "hyperstack.tif", "predictor.tif":
        yield Mode(f"tiff2vol --channels all IN/{name}" if name == "hyperstack.tif" else f"tiff2vol IN/{name}")
    yield Mode("tiff2vol -j 2 IN/set_0.ome.tif")
    yield Mode("tiff2vol -j 2 IN/one/p0.tif IN/one/p1.tif IN/one/p2.tif -o out/result", replaces=True)
    yield Mode("tiff2vol --raw -p 1:3 IN/one")
    yield Mode("tiff2vol --rgb IN/ycbcr.tif")
    yield Mode("volinfo IN/ome.tif")
    yield Mode("volinfo --json IN/hyperstack.tif")
    yield Mode("volinfo IN/gray.nrrd")
    yield Mode("volinfo --json", pipe="color.nrrd")
    yield Mode("volgamma -g 0.5 IN/gray.nrrd")
    yield Mode("volgamma -g 0.5 -o out/result", pipe="gray.nrrd")
    yield Mode("volgamma -g 2 -j 3 IN/gray.nrrd -o out/result", replaces=True)
    yield Mode("volgamma -g 0.5 IN/gzip.nrrd")
    yield Mode("volgamma -g 0.5", pipe="gzip.nrrd")
    yield Mode("voleq IN/gray.nrrd -o out/result")
    yield Mode("voleq", pipe="gray.nrrd")
    yield Mode("voleq", pipe="float.nrrd")
    yield Mode("voleq -j 3 IN/float.nrrd")
    yield Mode("voleq --mask IN/mask.nrrd", pipe="gray.nrrd")
    yield Mode("voleq --stats IN/gray.stats IN/gray.nrrd")
    yield Mode("volclip", pipe="gray.nrrd")
    yield Mode("volclip -q 1,99 IN/float.nrrd -o out/result")
    yield Mode("volclip -q 1,99", pipe="float.nrrd")
    yield Mode("volclip -v 0,0.5", stdin="gray.nrrd")
    yield Mode("volclip --stats IN/float.stats IN/float.nrrd")
    yield Mode("volclip --mask IN/mask.nrrd", pipe="gray.nrrd")
    yield Mode("volclip IN/stains.nrrd -o out/result")
    yield Mode("voleq --mask IN/mask.nrrd -o out/result", pipe="stains.nrrd")
    yield Mode("volthreshold --stats IN/stains.stats", pipe="stains.nrrd")
    yield Mode("volclahe -j 2 IN/stains.nrrd -o out/result")
    yield Mode("volmatch --reference IN/stains.nrrd -o out/result", pipe="stains.nrrd")
    yield Mode("volhist --svg", pipe="stains.nrrd")
    yield Mode("volstats IN/stains.nrrd -o out/result")
    yield Mode("volstats --merge IN/stains.stats IN/stains.stats")
    yield Mode("volcrop --channels 1 IN/stains.nrrd -o out/result")
    yield Mode("volhist", pipe="gray.nrrd")
    yield Mode("volhist --json -b 16 -q 1,50,99 IN/float.nrrd -o out/result", replaces=True)
    yield Mode("volhist --svg IN/gray.nrrd")
    yield Mode("volhist --ascii", pipe="float.nrrd")
    yield Mode("volstats -q 1,99", pipe="float.nrrd")
    yield Mode("volstats IN/gray.nrrd -o out/result")
    yield Mode("volstats --merge IN/gray.stats IN/float.stats")
    yield Mode("volhist --from IN/float.stats -q 1,99")
    yield Mode("volcrop -p 5:20 --rows 2:30 IN/gray.nrrd")
    yield Mode("volcrop -p 5:20 --columns 3:40 -o out/result", pipe="color.nrrd")
    yield Mode("vol2png -c 1 -n 2 IN/color.nrrd")
    yield Mode("vol2png -n 3 IN/gray.nrrd -o out/result")
    yield Mode("vol2png -o out/p%d.png IN/gray.nrrd")
    yield Mode("vol2png -m 3x3 -w plane", pipe="gray.nrrd")
    yield Mode("vol2png --views --depth 16 IN/gray.nrrd")
    yield Mode("vol2png -w percentile:1,99 -a row -n 5 -o out/result", pipe="color.nrrd")
    yield Mode("vol2tiff IN/gray.nrrd -o out/result")
    yield Mode("vol2tiff --type uint8 -o out/result", pipe="color.nrrd", replaces=True)
    yield Mode("vol2tiff --compress deflate IN/gray.nrrd -o out/result")
    yield Mode("vol2tiff --compress lzw --type uint16 IN/gray.nrrd -o out/result")
    yield Mode("vol2tiff --compress zstd --dialect ome IN/color.nrrd -o out/result")
    yield Mode("vol2tiff --dialect ome --type uint16 IN/notes.nrrd -o out/result")
    yield Mode("vol2html IN/gray.nrrd -o out/result")
    yield Mode("vol2html -w 0,1 --max-size 1", pipe="color.nrrd")
    yield Mode("volclahe -j 2 IN/gray.nrrd -o out/result")
    yield Mode("volclahe --mask IN/mask.nrrd", pipe="gray.nrrd")
    yield Mode("volclahe -r 0,1", pipe="gray.nrrd")
    yield Mode("volmedian -j 2 IN/gray.nrrd -o out/result")
    yield Mode("volmedian --size 1,5,5 --shape ball", pipe="color.nrrd")
    yield Mode("volgauss --sigma 1 -j 2 IN/gray.nrrd")
    yield Mode("volresample --size 9,20,70 -j 2 IN/gray.nrrd -o out/result")
    yield Mode("volresample --size 5,9,9 --smooth", pipe="color.nrrd")
    yield Mode("voldistance --voxels -j 2 IN/mask.nrrd -o out/result")
    yield Mode("voldistance --voxels --signed --max 3", pipe="mask.nrrd")
    yield Mode("volmorph --open -j 2 IN/gray.nrrd -o out/result")
    yield Mode("volmorph --tophat --size 5 --shape ball", pipe="color.nrrd")
    yield Mode("voladjust --log IN/gray.nrrd -o out/result", replaces=True)
    yield Mode("volmatch --reference IN/float.nrrd", pipe="gray.nrrd")
    yield Mode("volmatch --reference IN/gray.nrrd -o out/result", pipe="float.nrrd")
    yield Mode("volmatch --reference-stats IN/gray.stats IN/gray.nrrd")
    yield Mode("volthreshold IN/gray.nrrd -o out/result")
    yield Mode("volthreshold -m li --print", pipe="float.nrrd")
    yield Mode("volthreshold --mask IN/mask.nrrd", pipe="gray.nrrd")
    yield Mode("volmath a+b*2 IN/gray.nrrd IN/mask.nrrd -o out/result")
    yield Mode("volmath sqrt(a)", pipe="gray.nrrd")
    yield Mode("vollabel IN/mask.nrrd -o out/result")
    yield Mode("vollabel --connectivity 6 --min-size 3 --largest 5", pipe="gray.nrrd")
    yield Mode("vollabel --slab out/objects -o out/result", pipe="mask.nrrd")
    yield Mode("volfill IN/mask.nrrd -o out/result")
    yield Mode("volmeasure IN/mask.nrrd IN/gray.nrrd -o out/result")
    yield Mode("volmeasure --paint mean - IN/gray.nrrd", pipe="mask.nrrd")
    yield Mode("volmeasure --slab IN/mask.nrrd")
    yield Mode("volwatershed --invert --markers IN/mask.nrrd --mask IN/mask.nrrd -o out/result", pipe="gray.nrrd")
    yield Mode("volwatershed --line --markers IN/mask.nrrd --mask - IN/gray.nrrd", pipe="mask.nrrd")
    yield Mode("volpeaks --size 5 --mask IN/mask.nrrd -o out/result", pipe="gray.nrrd")
    yield Mode("volset --spacing 2um IN/gray.nrrd")
    yield Mode("volproject --sd -o out/result", pipe="gray.nrrd")
    yield Mode("volproject --median --axis row IN/gray.nrrd")
    yield Mode("volbin -f 2 --partial", pipe="color.nrrd")
    yield Mode("volbin -f 7,9,11 --by median -o out/result", pipe="gray.nrrd")
    yield Mode("volproject --max --every 7", pipe="gray.nrrd")
    yield Mode("vol2png -w percentile:0.5,99.5 -o out/p%d.png", pipe="gray.nrrd")
    yield Mode("volmatch --reference IN/float.nrrd --mask IN/mask.nrrd", pipe="gray.nrrd")
    yield Mode("volmath a>0.5?a:nan", pipe="float.nrrd")
    yield Mode("vol2tiff --type uint8 --nan 0 -o out/result", pipe="gray.nrrd")
    yield Mode("volcat -a column IN/gray.nrrd IN/gray.nrrd --any-place -o out/result")
    yield Mode("volcat -a channel IN/gray.nrrd IN/gray.nrrd")
    yield Mode("volaxes --order column,row,plane -o out/result", pipe="gray.nrrd")
    yield Mode("volaxes --flip plane", pipe="gray.nrrd")
    yield Mode("volcrop --part 2/3 IN/gray.nrrd")
    yield Mode("volinfo --contrast", pipe="gray.nrrd")
    yield Mode("vol2png -n 2 --scalebar auto --zoom 2 IN/gray.nrrd")
    yield Mode("vol2png -n 2 -w minmax --colours red,green,blue -o out/result", pipe="color.nrrd")


# ---- one run -----------------------------------------------------------------------------------

Outcome = collections.namedtuple("Outcome", "status said stdout files")


class Place:
    """A folder to run in, with what must be unchanged afterwards."""

    def __init__(self, inputs):
        self.folder = tempfile.mkdtemp()
        os.mkdir(f"{self.folder}/tmp")
        os.symlink(inputs, f"{self.folder}/IN")

    def run(self, programs, mode, environment):
        out = f"{self.folder}/out"
        shutil.rmtree(out, ignore_errors=True)
        os.mkdir(out)
        if mode.replaces:
            with open(f"{out}/result", "wb") as file:
                file.write(b"before")
        name, *rest = mode.args.split()
        feeder, stdin = None, subprocess.DEVNULL
        if mode.stdin:
            stdin = open(f"{self.folder}/IN/{mode.stdin}", "rb")
        elif mode.pipe:
            feeder = subprocess.Popen(["cat", f"{self.folder}/IN/{mode.pipe}"], stdout=subprocess.PIPE,
                                      stderr=subprocess.DEVNULL)
            stdin = feeder.stdout
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "TMPDIR": f"{self.folder}/tmp", **environment}
        with open(f"{self.folder}/stdout", "w+b") as stdout, open(f"{self.folder}/stderr", "w+b") as stderr:
            process = subprocess.Popen([os.path.join(programs, name), *rest], cwd=self.folder, env=environment,
                                       stdin=stdin, stdout=stdout, stderr=stderr, close_fds=False)
            try:
                status = process.wait(SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                status = "hangs"
            if stdin != subprocess.DEVNULL:
                stdin.close()
            if feeder:
                feeder.wait()
            stdout.seek(0)
            stderr.seek(0)
            return Outcome(status, stderr.read().decode("utf-8", "replace"), stdout.read(), self.files())

    def files(self):
        found = {}
        for folder in "out", "tmp":
            for name in sorted(os.listdir(f"{self.folder}/{folder}")):
                with open(f"{self.folder}/{folder}/{name}", "rb") as file:
                    found[f"{folder}/{name}"] = file.read()
        return found


def judge(mode, error, clean, outcome):
    """("same" or "clean", whether the reason is the true one), or ("wrong", what is wrong)."""
    same = outcome.stdout == clean.stdout and outcome.files == clean.files
    if outcome.status == 0:
        if not same:
            return "wrong", "another output with status 0"
        return ("same", True) if outcome.said == clean.said else ("wrong", f"says {outcome.said!r}")
    if outcome.status == 99 and outcome.said.startswith("crash in lib") and not outcome.files:
        return "upstream", outcome.said
    # The loader ends a program if it finds no memory for a library.
    if outcome.status == 127 and outcome.said.count("\n") == 1 and "memory" in outcome.said and not outcome.files:
        return "upstream", "the loader: " + outcome.said
    if outcome.status not in (1, 75):
        return "wrong", f"status {outcome.status}: {outcome.said!r}"
    lines = [line for line in outcome.said.splitlines() if line not in clean.said.splitlines()]
    if len(lines) != 1 or not lines[0].startswith(mode.args.split()[0] + ": "):
        return "wrong", f"not one line: {outcome.said!r}"
    if error in HARMLESS:
        return "wrong", f"fails after a call that can be continued: {lines[0]}"
    before = {"out/result": b"before"} if mode.replaces else {}
    # Of several files each is whole by itself.
    pictures = {name: data for name, data in clean.files.items() if "out/p" in name or "out/objects" in name}
    for name, data in outcome.files.items():
        if before.get(name) != data and pictures.get(name) != data and clean.files.get(name) != data:
            return "wrong", f"leaves {name}"
        if name not in pictures and before.get(name) != data and "folder" not in lines[0]:
            return "wrong", f"{name} is there although it failed: {lines[0]}"
    if mode.replaces and "out/result" not in outcome.files:
        return "wrong", "the file that was there is gone"
    if error == "end":
        return "clean", True
    number = errno.ENOMEM if error == "all" else error
    true = os.strerror(number) in lines[0] and (outcome.status == 75 or number == errno.EACCES)
    return "clean", True if true else lines[0]


# ---- all runs ----------------------------------------------------------------------------------

def faults(counts, most, rng):
    for call, errors in ERRORS.items():
        for error in errors:
            numbers = range(1, counts[call] + 1)
            if most and len(numbers) > most:
                numbers = sorted(rng.sample(numbers, most))
            for number in numbers:
                yield call, error, number


def variables(call, error, number, inject):
    repeated = {"FAULT_REPEAT": "1"} if error == "all" else {}
    return {"LD_PRELOAD": inject, "FAULT_CALL": call, "FAULT_AT": str(number),
            "FAULT_ERROR": str(errno.ENOMEM if error == "all" else error), **repeated}


def sweep(mode, options, inputs, rng, upstream):
    place = Place(inputs)
    counts_path = f"{place.folder}/counts"
    clean = place.run(options.programs, mode, {"LD_PRELOAD": options.inject, "FAULT_COUNTS": counts_path})
    if clean.status != 0:
        return mode, collections.Counter(), [f"{mode.name()}: {clean.said!r}"], []
    with open(counts_path) as file:
        counts = {name: int(count) for name, count in map(str.split, file)}
    tally, wrong, untrue = collections.Counter(), [], []
    for call, error, number in faults(counts, options.most, rng):
        outcome = place.run(options.programs, mode, variables(call, error, number, options.inject))
        verdict, detail = judge(mode, error, clean, outcome)
        tally[verdict] += 1
        word = error if isinstance(error, str) else errno.errorcode[error]
        case = f"{mode.name()}: {call} {number} of {counts[call]}: {word}"
        if verdict == "upstream":
            upstream[detail.strip()] += 1
        elif verdict == "wrong":
            wrong.append(f"{case}: {detail}")
        elif verdict == "clean" and error != "end":
            tally["reasons"] += 1
            if detail is not True:
                untrue.append(f"{case}: {detail}")
    shutil.rmtree(place.folder)
    return mode, tally, wrong, untrue


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--most", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    parser.add_argument("--only", default="")
    parser.add_argument("programs")
    parser.add_argument("inject")
    options = parser.parse_args()
    options.programs, options.inject = map(os.path.abspath, (options.programs, options.inject))
    inputs = tempfile.mkdtemp()
    make_inputs(inputs, options.programs)
    wanted = [mode for mode in modes() if options.only in mode.name()]
    total, per_program, wrong, untrue = collections.Counter(), {}, [], []
    upstream = collections.Counter()
    with ThreadPoolExecutor(options.jobs) as pool:
        jobs = [pool.submit(sweep, mode, options, inputs, random.Random(f"{options.seed} {mode.name()}"), upstream)
                for mode in wanted]
        for job in jobs:
            mode, tally, its_wrong, its_untrue = job.result()
            total += tally
            per_program.setdefault(mode.args.split()[0], collections.Counter()).update(tally)
            wrong += its_wrong
            untrue += its_untrue
    shutil.rmtree(inputs)
    print(f"{'program':<10}{'faults':>8}{'same':>8}{'failed':>8}{'upstream':>10}{'wrong':>8}")
    for program, tally in [*per_program.items(), ("all", total)]:
        faults_met = sum(tally.values()) - tally["reasons"]
        print(f"{program:<10}{faults_met:>8}{tally['same']:>8}{tally['clean']:>8}{tally['upstream']:>10}"
              f"{tally['wrong']:>8}")
    print(f"{len(wanted)} ways to call the programs; seed {options.seed}")
    print(f"failures of the system that say their reason: {total['reasons'] - len(untrue)} of {total['reasons']}")
    for words, count in upstream.items():
        print(f"upstream: {count} times: {words}")
    for line in untrue[:200]:
        print("reason:", line)
    for line in wrong:
        print("wrong:", line)
    return 1 if wrong or total["reasons"] and len(untrue) > total["reasons"] // 100 else 0


sys.exit(main())
