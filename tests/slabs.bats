# Slabs of a volume, their statistics, and what becomes of them.
load helpers

noise() { # noise PLANES ROWS COLUMNS: as 16 bits give it
    stream "$3 $2 $1" float 'space dimension: 3' 'space directions: (0.3,0,0) (0,0.3,0) (0,0,1.1)' \
        'space origin: (1,2,3.3)' 'space units: "um" "um" "um"' "source type:=uint16" "window:=0 1"
    perl -e 'srand 5; print pack "f<*", map { int(rand() ** 2 * 65535) / 65535 } 1..shift' $(($1 * $2 * $3))
}

whole() { # a volume as our programs write it
    noise "$@" | volgamma -g 1.5
}

@test "slabs are about equal, know their planes, and joined are the very bytes of the whole" {
    whole 11 12 13 >whole
    for count in 1 2 3 7 11; do
        pieces=()
        for ((k = 1; k <= count; k++)); do
            volcrop --part $k/$count whole -o $count-$k
            pieces+=("$count-$k")
        done
        volcat "${pieces[@]}" | cmp - whole
    done
    volinfo --header 3-2 >out
    grep -qx 'part        planes 4:8 of 11' out
    grep -qx 'shape       (4, 12, 13) plane, row, column' out
    grep -qx 'origin      (1, 2, 7.7) x, y, z' out
    lacks 'volcrop' out
    volcrop --part 1/1 whole | cmp - whole
    volcat 3-2 3-3 | volinfo --header | grep -qx 'part        planes 4:11 of 11'
}

@test "a slab of a TIFF stack is that of its volume" {
    tiff2vol -s 2,1,1 -u um "$CELLS" -o whole
    for k in 1 2 3 4; do
        tiff2vol -s 2,1,1 -u um --part $k/4 "$CELLS" -o $k
    done
    volcat 1 2 3 4 | cmp - whole
    volcrop --part 2/4 whole | cmp - 2

}

@test "of a folder of planes a slab opens only its own" {
    unsanitized # strace and leak detection do not go together
    need strace
    mkdir planes
    tiff2vol "$CELLS" -o cells.nrrd
    for plane in {10..39}; do
        volcrop -p $((plane - 10)) cells.nrrd | vol2tiff -o planes/$plane.tif
    done
    strace -f -e trace=openat -o calls tiff2vol --part 4/10 planes -o slab
    opened=$(grep -o '[0-9]*\.tif' calls | sort -u | tr '\n' ' ')
    [ "$opened" = "10.tif 19.tif 20.tif 21.tif " ]
    for k in 1 2 3 4; do
        tiff2vol --part $k/4 planes -o $k
    done
    volcat 1 2 3 4 | cmp - <(tiff2vol planes)
    # Another file has three planes: nothing is taken for granted.
    volcrop -p :3 cells.nrrd | vol2tiff -o planes/50.tif
    for k in 1 2 3 4; do
        tiff2vol --part $k/4 planes -o $k
    done
    volcat 1 2 3 4 | cmp - <(tiff2vol planes)
    volinfo --header 2 | grep -qx 'part        planes 9:17 of 33'
}

@test "the note follows the planes, and goes where they are no longer the volume's" {
    whole 11 12 13 >whole
    volcrop --part 2/3 whole -o slab
    note() { volinfo --header | sed -n 's/^part *//p'; }
    [ "$(volgamma slab | note)" = "planes 4:8 of 11" ]
    [ "$(volmedian slab | note)" = "planes 4:8 of 11" ]
    [ "$(volmorph --tophat slab | note)" = "planes 4:8 of 11" ]
    [ "$(voldistance --voxels --max 9 slab | note)" = "planes 4:8 of 11" ]
    [ "$(volcrop -p 1:3 slab | note)" = "planes 5:7 of 11" ]
    [ "$(volcrop --rows 2:5 slab | note)" = "planes 4:8 of 11" ]
    [ "$(volbin -f 1,2,2 slab 2>/dev/null | note)" = "planes 4:8 of 11" ]
    [ "$(volaxes --flip row slab | note)" = "planes 4:8 of 11" ]
    [ "$(volcrop --part 2/2 slab | note)" = "planes 6:8 of 11" ]
    for other in "volcrop -p ::2" "volbin -f 2" "volproject --max" "volaxes --flip plane" "volaxes --order row,plane,column"; do
        [ -z "$($other slab 2>/dev/null | note)" ] || { echo "$other keeps the note"; return 1; }
    done
}

@test "pictures of a slab have the numbers of its planes" {
    whole 11 12 13 >whole
    volcrop --part 2/3 whole -o slab
    vol2png -o "all%02d.png" -w 0,1 whole
    vol2png -o "some%02d.png" -w 0,1 slab
    [ "$(echo some*.png)" = "some04.png some05.png some06.png some07.png" ]
    for plane in 04 05 06 07; do
        cmp <(pngtopam some$plane.png) <(pngtopam all$plane.png)
    done
}

@test "statistics of slabs, merged, are those of the whole; they apply to each slab" {
    whole 11 12 13 >whole
    volstats whole >stats
    for k in 1 2 3; do
        volcrop --part $k/3 whole -o $k
        volstats $k -o $k.stats
    done
    grep -qx 'samples of a plane: 156' 2.stats
    grep -qx 'planes: 4:8 of 11' 2.stats
    volstats --merge 3.stats 1.stats 2.stats | cmp - stats
    volstats --merge --partial 3.stats 1.stats -o most.stats
    volstats --merge most.stats 2.stats | cmp - stats
    for program in voleq "volclip -q 1,99" "volthreshold -m li"; do
        for k in 1 2 3; do
            $program --stats stats $k -o $k.out
        done
        volcat 1.out 2.out 3.out | cmp - <($program --stats stats whole)
        cmp <(volcat 1.out 2.out 3.out | tail -c 6864) <($program whole | tail -c 6864)
    done
}

@test "what is measured of a slab alone is told" {
    whole 11 12 13 >whole
    volcrop --part 2/3 whole -o slab
    volstats whole >stats
    for program in voleq volclip volthreshold volclahe "volmatch --reference whole"; do
        $program slab 2>&1 >/dev/null | grep -qx '[a-z]*: slab: is planes 4:8 of 11: what is measured is of these alone'
    done
    for program in "voleq --stats stats" "volclip --stats stats" "volclip -v 0,1" "volthreshold -v 0.1" "volgamma"; do
        [ -z "$($program slab 2>&1 >/dev/null)" ]
    done
}

@test "slabs and statistics that are missing, twice, foreign or out of order are refused" {
    whole 11 12 13 >whole
    whole 10 12 13 >other
    volstats whole >stats
    for k in 1 2 3; do
        volcrop --part $k/3 whole -o $k
        volstats $k -o $k.stats
    done
    volcrop --part 2/2 other -o foreign
    volstats foreign -o foreign.stats
    volcrop --rows 2: 2 | volstats -o narrow.stats
    fails 1 "volcat: 3: begins with plane 8, but 1 ends before plane 4: a slab is missing, twice or out of order (--any-place joins them)" volcat 1 3
    fails 1 "volcat: 1: begins with plane 0, but 2 ends before plane 8: *" volcat 2 1 3
    fails 1 "volcat: 2: begins with plane 4, but 2 ends before plane 8: *" volcat 1 2 2 3
    fails 1 "volcat: foreign: is part of 10 planes, but 1 of 11" volcat 1 foreign
    fails 1 "volstats: planes 4:8 of 11 are missing (--partial adds the others)" volstats --merge 1.stats 3.stats
    fails 1 "volstats: 2.stats: planes 4:8 of 11 are there twice" volstats --merge 1.stats 2.stats 2.stats 3.stats
    fails 1 "volstats: foreign.stats: planes of another volume: 10 planes of 156 samples, not 11 of 156" volstats --merge 1.stats foreign.stats
    fails 1 "volstats: narrow.stats: planes of another volume: 11 planes of 130 samples, not 11 of 156" volstats --merge 1.stats narrow.stats
    fails 1 "volstats: stats: is of a whole volume, but what was added before is of slabs" volstats --merge 1.stats stats
    fails 1 "volstats: 1.stats: is of a slab, but what was added before is of a whole volume" volstats --merge stats 1.stats
    fails 1 "voleq: 1.stats: statistics without planes 4:11 of 11: volstats --merge adds those of all slabs" voleq --stats 1.stats 1
    fails 1 "voleq: stats: statistics of 1716 samples, but foreign has 1560" voleq --stats stats foreign
    fails 2 "volstats: --partial goes with --merge" volstats --partial whole
    fails 1 "volstats: none: No such file or directory" volstats --merge none
    sed 's/planes: 0:4 of 11/planes: 0:5 of 11/' 1.stats >wrong.stats
    fails 1 "volstats: wrong.stats: is damaged: *" volstats --merge wrong.stats
}

@test "what can't be asked is refused" {
    whole 3 4 5 >whole
    fails 1 "volcrop: --part: 3 planes make no 4 slabs" volcrop --part 1/4 whole
    fails 2 "volcrop: --part: needs K/N, slab K of 1 to N, not '0/3'" volcrop --part 0/3 whole
    fails 2 "volcrop: --part: needs K/N, slab K of 1 to N, not '4/3'" volcrop --part 4/3 whole
    fails 2 "volcrop: --part: needs K/N, slab K of 1 to N, not '1'" volcrop --part 1 whole
    fails 2 "volcrop: --part and --planes both choose planes" volcrop --part 1/3 -p 0 whole
    fails 2 "tiff2vol: --part and --planes both choose planes" tiff2vol --part 1/3 -p 0 "$CELLS"
}

@test "make: slabs as jobs, a failed one leaves nothing, the result is that of the whole" {
    whole 23 40 50 >whole
    run_make() { env -u MAKEFLAGS -u MAKELEVEL make -s -j3 -f "$ROOT/tests/scale/slabs.mk" IN=whole SLABS=12 "$@"; }
    run_make OUT=eq
    voleq whole | cmp - eq/whole.nrrd
    [ "$(echo eq/*)" = "eq/whole.nrrd eq/whole.stats" ]
    run_make OUT=clip FILTER='volclip -q 2,98 --stats' KEEP=yes
    cmp <(tail -c 184000 clip/whole.nrrd) <(volclip -q 2,98 whole | tail -c 184000)
    # A program that fails on one slab: the others stay, and a second run finishes.
    mkdir bin
    cat >bin/flaky <<'END'
#!/bin/sh
cat >input.$$
if grep -aq 'planes 8:10 of 23' input.$$ && [ ! -e ready ]; then rm input.$$; exit 1; fi
voleq "$@" input.$$; status=$?
rm input.$$
exit $status
END
    chmod +x bin/flaky
    fails_once() { PATH=$PWD/bin:$PATH run_make -k OUT=again FILTER='flaky --stats' 2>/dev/null; }
    ! fails_once || return 1
    [ ! -e again/whole.nrrd ] && [ ! -e again/05.nrrd ] && [ -e again/12.nrrd ]
    touch ready
    fails_once
    voleq whole | cmp - again/whole.nrrd
}

@test "statistics are carried through filters, to the byte of measured ones" {
    tiff2vol "$ROOT/tests/data/nuclei_31x61x57_u16.tif" -o whole
    volstats whole -o before
    carried() { # carried FILTER...: the statistics before, through a filter
        volstats --values before | "$@" | volstats --counts before
    }
    local filter
    for filter in "volgamma -g 0.5" "volgamma -g 0" "voladjust --log" "voladjust --sigmoid" "volclip -v 0.002,0.003" \
        "voleq --stats before" "volclip -q 1,90 --stats before"; do
        # shellcheck disable=SC2086
        carried $filter >after
        # shellcheck disable=SC2086
        $filter whole | volstats | cmp - after || { echo "$filter"; return 1; }
    done
    # NaN stay, and may come
    { stream "6 1 1"; floats -1 nan 0 0.25 0.25 4; } >odd
    volstats odd -o before
    carried volgamma -g 0.5 --negative keep >after
    volgamma -g 0.5 --negative keep odd | volstats | cmp - after
    # of slabs
    volcrop --part 2/3 whole | volstats -o before
    carried volgamma -g 0.5 >after
    volcrop --part 2/3 whole | volgamma -g 0.5 | volstats | cmp - after
}

@test "what is no map of values, or of other statistics, is not carried" {
    { stream "4 2 1"; floats 1 2 3 3 5 6 7 7; } >whole
    { stream "4 2 1"; floats 1 1 2 3 5 6 7 7; } >other
    volstats whole -o stats
    volstats other -o foreign
    volstats --values stats -o values
    local command
    for command in "volaxes --flip column" "volcrop --columns 0:2" "volgauss --sigma 1" "volthreshold -v 3" "volmath a+1"; do
        fails 1 "volstats: *: is not what volstats --values writes, or went through a program that does more than *" \
            sh -c "$command values | volstats --counts stats"
    done
    fails 1 "volstats: values: holds the values of other statistics than foreign" volstats --counts foreign values
    fails 1 "volstats: whole: is not what volstats --values writes, or *" volstats --counts stats whole
    fails 1 "voleq: values: has each value of a volume once, and not its samples: give --stats" voleq values
    fails 1 "volclip: *give --stats" sh -c 'volclip <values'
    { stream "1 1 1"; floats nan; } | volstats -o nothing
    fails 1 "volstats: nothing: no sample is a number" volstats --values nothing
    { stream "70000 1 1"; perl -e 'print pack "f<*", 1 .. 70000'; } | volstats -o many
    fails 1 "volstats: many: there were more than 65536 values*" volstats --values many
}

# chain OPTION...: tests/scale/chain.mk
chain() {
    env -u MAKEFLAGS -u MAKELEVEL make -s -j3 -f "$ROOT/tests/scale/chain.mk" IN=stack.tif SLABS=5 OUT=chain "$@"
}

@test "make: a chain of filters in slabs, two passes, the bytes of one pipe" {
    cp "$ROOT/tests/data/nuclei_31x61x57_u16.tif" stack.tif
    chain
    tiff2vol stack.tif | volgamma -g 0.5 | voleq | volclip -q 0.5,99.5 >whole
    cmp <(tail -c 431148 whole) <(tail -c 431148 chain/whole.nrrd)
    touch stack.tif
    chain -n | grep -c 'volstats -o' | grep -qx 5
}

@test "make: names with blanks and all that the shell takes for its own; what make can't hold is refused" {
    tiff2vol "$DATA/nuclei_31x61x57_u16.tif" -p :9 >whole
    voleq whole >equalized
    named() { # named FILE [FOLDER]: of a volume of this name, into a folder of that
        cp whole "$1"
        env -u MAKEFLAGS -u MAKELEVEL make -s -j3 -f "$ROOT/tests/scale/slabs.mk" IN="$1" OUT="${2:-slabs}" SLABS=3
        cmp equalized "${2:-slabs}/whole.nrrd"
        rm -r "${2:-slabs}"
    }
    local name
    for name in 'a b' 'x;touch Y;z' "it's" 'a"b' 'a$b' '$(touch Y)' 'a`touch Y`b' 'a:b' 'a%b' 'a=b' 'a#b' 'a&touch Y&'; do
        named "$name.nrrd"
        case $name in *[\ %]*) continue ;; esac
        named in.nrrd "$name"
    done
    cp "$DATA/nuclei_31x61x57_u16.tif" 'x;touch Y;$z.tif'
    chain IN='x;touch Y;$z.tif' OUT='o$'"'u;t"
    tiff2vol "$DATA/nuclei_31x61x57_u16.tif" | volgamma -g 0.5 | voleq | volclip -q 0.5,99.5 >whole
    cmp <(tail -c 431148 whole) <(tail -c 431148 'o$'"'u;t/whole.nrrd")
    [ ! -e Y ]
    local workflow
    for workflow in slabs chain; do
        for name in 'a|b' $'a\nb' 'a*b' 'a\b'; do
            ! env -u MAKEFLAGS -u MAKELEVEL make -s -f "$ROOT/tests/scale/$workflow.mk" IN="$name" 2>said || return 1
            grep -q "IN: make can't hold the name 'a" said
        done
        ! env -u MAKEFLAGS -u MAKELEVEL make -s -f "$ROOT/tests/scale/$workflow.mk" OUT='a b' 2>said || return 1
        grep -q "OUT: make can't hold the name 'a b'" said
    done
}

@test "GNU parallel: slabs, and again after a failure" {
    need parallel
    tiff2vol "$CELLS" -p 0:11 -o cells.nrrd
    printf '#!/bin/sh\n[ -e ready ] || exit 1\nexec voleq "$@"\n' >filter
    chmod +x filter
    ! "$ROOT/tests/scale/parallel.sh" cells.nrrd 3 out ./filter --stats 2>said || return 1
    [ ! -e out/whole.nrrd ] && [ -e out/000003.stats ]
    touch ready
    "$ROOT/tests/scale/parallel.sh" cells.nrrd 3 out ./filter --stats
    volstats cells.nrrd -o stats
    voleq --stats stats cells.nrrd | cmp - out/whole.nrrd
}

@test "GNU parallel: names with blanks and all that the shell and parallel take for their own" {
    need parallel
    tiff2vol "$DATA/nuclei_31x61x57_u16.tif" -p :9 >whole
    voleq whole >equalized
    local name
    for name in 'a b' "x;touch Y;\$z'" 'a{}b{.}{1}' $'a\nb' 'a"`touch Y`%' '{= system("touch Y") =}'; do
        cp whole "$name.nrrd"
        "$ROOT/tests/scale/parallel.sh" "$name.nrrd" 3 "$name" voleq --stats
        cmp equalized "$name/whole.nrrd"
    done
    [ ! -e Y ]
}

@test "Snakemake: slabs, and many stacks with a broken one" {
    need snakemake
    tiff2vol "$CELLS" -p 0:11 -o cells.nrrd
    snakemake -s "$ROOT/tests/scale/slabs.smk" --cores 2 --quiet --config in=cells.nrrd slabs=3 out=out >said 2>&1 || { cat said; return 1; }
    volstats cells.nrrd -o stats
    voleq --stats stats cells.nrrd | cmp - out/whole.nrrd
    mkdir stacks
    cp "$CELLS" stacks/one.tif
    echo 'no TIFF' >stacks/two.tif
    ! snakemake -s "$ROOT/tests/scale/stacks.smk" --cores 2 --quiet --keep-going >said 2>&1 || return 1
    [ -s done/one.html ] && [ ! -e done/two.nrrd ]
    cp "$CELLS" stacks/two.tif
    snakemake -s "$ROOT/tests/scale/stacks.smk" --cores 2 --quiet >said 2>&1 || { cat said; return 1; }
    cmp <(samples <done/one.nrrd) <(samples <done/two.nrrd)
}
