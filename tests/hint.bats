# Order statistics that voleq notes and volclip proves while samples go by: never wrong, and without a
# pass of their own.
load helpers

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    tiff2vol "$ROOT/tests/data/nuclei_31x61x57_u16.tif" | voleq -o equalized
}

unu() {
    if command -v teem-unu >/dev/null; then teem-unu "$@"; else command unu "$@"; fi
}

need_unu() {
    command -v teem-unu >/dev/null || command -v unu >/dev/null || skip "unu is not installed"
}

noted() {
    sed '/^$/q' "$1" | grep -aq '^order statistics:='
}

# unnoted [FILE]: without the note, which --measure drops.
unnoted() { sed '1,/^$/{/^order statistics:=/d;}' "$@"; }

@test "with the note and without: the same bytes, at any percentile, level of vectors and number of threads" {
    noted equalized
    local q level
    for q in 0.5,99.5 0,100 0.1,99.9 1,99 2,98 5,95 0,0 5,5 100,100 0.5,98 0.1,95; do
        volclip -q $q --measure equalized -o measured
        volclip -q $q equalized | unnoted | cmp - measured
        cat equalized | volclip -q $q | unnoted | cmp - measured
    done
    volclip --measure equalized -o measured
    for level in $(cpu_levels); do
        VOL_CPU=$level volclip equalized | unnoted | cmp - measured
    done
    volclip -j 1 equalized | unnoted | cmp - measured
    # a percentile that has no note is measured
    volclip -q 3,97.3 equalized | unnoted | cmp - <(volclip -q 3,97.3 --measure equalized)
    [[ "$(volclip -q 3,97.3 equalized | sed '/^$/q')" == *"volclip -q 3,97.3 # -v "* ]]
}

@test "only volclip believes it: pictures and files of planes have names before the last sample is read" {
    local window=percentile:0.5,99.5
    sed '1,/^$/s/ 538:[^ ]*/ 538:0.25/' equalized >edited # untrue
    mkdir from-edited from-equalized
    vol2png -w $window -o from-edited/%02d.png edited
    vol2png -w $window -o from-equalized/%02d.png equalized
    diff -r from-edited from-equalized
    vol2tiff --type uint8 -w $window equalized -o equalized.tif
    vol2tiff --type uint8 -w $window edited -o edited.tif
    cmp <(tiff2vol edited.tif | samples) <(tiff2vol equalized.tif | samples)
    fails 2 "vol2png: unknown option '--measure'*" vol2png --measure equalized
    fails 2 "volclip: --values leaves nothing for --measure to tell" volclip --measure -v 0,1 equalized
}

@test "no temporary file is needed" {
    local q
    for q in 0.5,99.5 0,100 0.1,99.9 1,99 2,98; do
        cat equalized | TMPDIR=/nowhere volclip -q $q | unnoted | cmp - <(volclip -q $q --measure equalized)
    done
    fails 1 "volclip: *can't be kept in /nowhere*" sh -c 'cat equalized | TMPDIR=/nowhere volclip --measure'
}

@test "the note is that of the samples as they were written: numpy's order statistics" {
    need_python numpy
    sed '/^$/q' equalized | sed -n 's/^order statistics:=of 107787 //p' >note
    sed '1,/^$/d' equalized >samples
    "$PYTHON" "$REFERENCE/steps_hint.py" check_note
}

@test "programs that keep the order of samples take it along" {
    local command
    for command in "volgamma -g 0.5" "volgamma -g 2 -k 3" "volgamma -g 0" "volclip" "volclip -v 0.2,0.7 --to 3,5" \
        "volclip -q 3,96" "volgamma -g 0.5 --negative keep"; do
        # shellcheck disable=SC2086 # words
        $command equalized -o next
        noted next || { echo "$command"; return 1; }
        for q in 0.5,99.5 0,100 0.1,99.9 2,98; do
            cat next | TMPDIR=/nowhere volclip -q $q | samples | cmp - <(volclip -q $q --measure next | samples)
        done
    done
    # an order that is turned round, or may be by rounding
    for command in "volclip --to 1,0" "volgamma -g 0.5 -k -1" "volgamma -g 0.3" "volclip --measure" \
        "voladjust --sigmoid"; do
        # shellcheck disable=SC2086
        $command equalized -o next 2>said
        ! noted next || { echo "$command"; return 1; }
    done
    volclip -v 0.2,0.7 --to 3,5 equalized | volgamma -g 2 -k 3e38 -o next # infinite
    ! noted next || return 1
    # the least or the largest sample is not in the note
    sed 's/ 0:[^ ]*//' equalized >edited
    volclip edited -o next
    ! noted next || return 1
}

@test "other programs drop it; slabs have that of the whole; it comes only where it costs nothing" {
    volaxes --flip row equalized -o flipped
    ! noted flipped || return 1
    tiff2vol "$ROOT/tests/data/nuclei_31x61x57_u16.tif" -o raw
    volstats raw -o stats
    voleq --stats stats raw | cmp - equalized
    for k in 1 2; do
        volcrop --part $k/2 raw | voleq --stats stats -o $k
    done
    volcat 1 2 | cmp - equalized
    volclip 1 | unnoted | cmp - <(volclip --measure 1) # of another number of samples: measured
    volgauss --sigma 1 raw | voleq -o smooth
    ! noted smooth || return 1
    { stream 3; floats 1 2 3; } | voleq -o plain
    ! noted plain || return 1
}

@test "a note that is wrong by one rank is refused" {
    # 4 samples: of rank 1 and 2 are 1 and 2; each of their ranks told one too low, and one too high
    { stream 4 float "order statistics:=of 4 0:0 1:1 2:2 3:3"; floats 3 1 0 2; } >true
    volclip -q 34,66 true -o clipped
    volclip -q 34,66 --measure true -o measured
    cmp <(samples <clipped) <(samples <measured)
    local untrue
    for untrue in "0:0 1:2 2:2 3:3" "0:0 1:1 2:1 3:3" "0:0 1:0 2:2 3:3" "0:0 1:1 2:3 3:3"; do
        sed "s/of 4.*/of 4 $untrue/" true >edited
        cmp -s edited true && return 1
        fails 1 "volclip: edited: its note 'order statistics' is not true of its samples*" volclip -q 34,66 edited -o out
        [ ! -e out ]
    done
    { stream 4 float "order statistics:=of 4 0:1 1:1 2:1 3:1"; floats 1 1 1 1; } >equal # ties
    volclip -q 34,66 equal -o out
}

@test "a foreign program changes samples and keeps the note: refused, nothing looks whole" {
    need_unu
    unu 2op + equalized 0.125 -o changed.nrrd
    noted changed.nrrd || skip "unu keeps no notes"
    fails 1 "volclip: changed.nrrd: its note 'order statistics' is not true of its samples*--measure measures instead" \
        volclip changed.nrrd -o out
    [ ! -e out ]
    ! volclip <changed.nrrd 2>said | volinfo 2>said.too || return 1
    grep -q 'stream ends' said.too
    volclip --measure changed.nrrd -o out
}

@test "a foreign program moves samples: they are the same ones, and the note holds" {
    need_unu
    unu flip -a 0 -i equalized -o flipped.nrrd
    noted flipped.nrrd || skip "unu keeps no notes"
    volclip flipped.nrrd | samples | cmp - <(volclip --measure flipped.nrrd | samples)
}

@test "a header edited by hand: right, or refused" {
    local edit
    for edit in 's/ 538:[^ ]*/ 538:0.25/' 's/ 538:[^ ]*/ 538:0/' 's/ 539:[^ ]*/ 539:nan/' 's/of 107787/of 107786/' \
        's/ 538:[^ ]*//' 's/=of.*/=of/' 's/=of.*/=of 107787 538:0.1 539:0.1 107248:0.2 107249:0.2/' 's/ 538:[^ ]*/ 538:1e999/'; do
        sed "1,/^\$/{/^order/$edit
        }" equalized >edited
        cmp -s edited equalized && { echo "$edit changes nothing"; return 1; }
        if volclip edited -o out 2>said; then
            cmp <(samples <out) <(volclip --measure edited | samples)
        else
            grep -q "^volclip: edited: its note 'order statistics' is not true" said
            [ ! -e out ]
        fi
        rm -f out
    done
    # NaN and infinities that came later
    for odd in nan inf; do
        { sed '/^$/q' equalized; floats $odd; tail -c 431144 equalized; } >odd
        fails 1 "volclip: odd: its note *" volclip odd
    done
}

@test "a header that promises few values, a volume that has many: no harm" {
    { stream "70000 1 1" float "source type:=uint16" "source scale:=65535"
      perl -e 'print pack "f<*", map { $_ / 70000 } 1 .. 70000'; } >many
    voleq many -o measured
    volclip measured | unnoted | cmp - <(volclip --measure measured)
    volstats -b 256 many -o stats # without percentiles
    voleq --stats stats many | samples | cmp - <(samples <measured)
}
