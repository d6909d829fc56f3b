#!/bin/bash
# valgrind.sh PROGRAMS: programs on small volumes under valgrind, which sees memory that is used before
# it is written, also where another library uses it. Ends with status 1 if it finds any.
set -eu
programs=$1
here=$(cd "$(dirname "$0")" && pwd)
command -v valgrind >/dev/null || { echo "valgrind is not installed" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
runs=0
checked() { # checked PROGRAM ARGUMENT...
    local program=$1
    shift
    runs=$((runs + 1))
    valgrind -q --error-exitcode=9 "$programs/$program" -j 2 "$@" >"$work/out" 2>"$work/said" && return
    [ $? -ne 9 ] || { echo "$program $*"; cat "$work/said"; exit 1; }
}
"$programs/tiff2vol" -p 0:6 "$here/data/cells_nuclei_30x126x126_u8.tif" >"$work/in.nrrd"
for file in "$here"/data/*.tif "$here"/data/reports/*.tif "$here"/fuzz/corpus/tiff/*; do
    checked tiff2vol --plain -p 0:2 "$file"
    checked tiff2vol --channels all --frame 0 -p 0:2 "$file"
done
for file in "$work/in.nrrd" "$here"/data/reports/*.nrrd "$here"/fuzz/corpus/nrrd/*; do
    checked volgamma -g 0.5 "$file"
    checked voleq "$file"
    checked volclip -q 1,99 "$file"
    checked volhist --json -q 1,99 "$file"
    checked volstats "$file"
    checked volcrop -p ::2 "$file"
    checked vol2png --views "$file"
    checked vol2tiff --compress deflate "$file" -o "$work/out.tif"
    checked vol2html "$file"
    checked volinfo --json "$file"
    checked volclahe -r 0,1 "$file"
    checked volmedian "$file"
    checked volresample --size 5,20,30 "$file"
    checked voldistance --voxels --max 5 "$file"
    checked volmorph --tophat --size 5 "$file"
    checked volmorph --open --shape ball "$file"
    checked volproject --median "$file"
    checked volaxes --order column,row,plane "$file"
done
echo "$runs runs"
