#!/bin/bash
# parallel.sh IN SLABS OUT FILTER... - a filter that needs statistics, over a volume in slabs, with GNU parallel
#
#   parallel.sh cells.nrrd 16 out voleq --stats       the result is out/whole.nrrd
#
# FILTER is called with the statistics file of the whole volume as its last argument. JOBS: how many at once
# (default: one for each processor; --sshlogin hosts: see parallel(1), on a file system that all of them see).
# Called again, it does what is missing.
set -eu -o pipefail
[ $# -ge 4 ] || { sed -n '2,4s/^# \{0,1\}//p' "$0" >&2; exit 2; }
in=$1 slabs=$2 out=$3
shift 3
filter=$*
mkdir -p "$out"
numbers=$(seq -f %06g "$slabs")

# each NAME COMMAND: the command for each slab that has no file NUMBER.NAME yet; {1} is its number, {2} and
# {3} are IN and OUT, which parallel quotes.
each() {
    local left=() number
    for number in $numbers; do
        [ -e "$out/$number.$1" ] || left+=("$number")
    done
    [ ${#left[@]} -eq 0 ] ||
        parallel --null --will-cite --halt soon,fail=1 ${JOBS:+--jobs "$JOBS"} "set -o pipefail; $2" \
            ::: "${left[@]}" ::: "$in" ::: "$out"
}

export SHELL=/bin/bash
slab="volcrop --part \$((10#{1}))/$slabs {2}"
each stats "$slab | volstats -o {3}/{1}.stats"
volstats --merge "$out"/??????.stats -o "$out/whole.stats"
each nrrd "$slab | $filter {3}/whole.stats -o {3}/{1}.nrrd"
volcat "$out"/??????.nrrd -o "$out/whole.nrrd"
rm -f "$out"/??????.stats "$out"/??????.nrrd
