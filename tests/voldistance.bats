load helpers

measured() { # measured "N..." OPTION...: what becomes of a row of these samples
    local row=$1
    shift
    # shellcheck disable=SC2086 # numbers
    { stream "$(wc -w <<<"$row")"; floats $row; } | voldistance "$@" | samples | tr '\nA-Z' ' a-z'
}

# mask PLANES ROWS COLUMNS [DENSITY]: noise of 0 and 1
mask() {
    stream "$3 $2 $1" float "space dimension: 3" "space directions: (0.25,0,0) (0,0.25,0) (0,0,1)" 'space units: "um" "um" "um"'
    perl -e 'srand 5; my $most = $ARGV[1]; for (1 .. $ARGV[0]) { print pack "f<", rand() < $most ? 1 : 0 }' $(($1 * $2 * $3)) "${4:-0.95}"
}

@test "fixed results: scipy's" {
    [ "$(measured "0 1 1 1 0 1" --voxels)" = "0 1 2 1 0 1 " ]
    [ "$(measured "1 nan -3 1 -0 0" --voxels)" = "4 3 2 1 0 0 " ]
    [ "$(measured "0 1 1 1 0 0" --voxels --outside)" = "1 0 0 0 1 2 " ]
    [ "$(measured "0 1 1 1 0 0" --voxels --signed)" = "1 -1 -2 -1 1 2 " ]
    [ "$(measured "1 1 1 1 0 1" --voxels --max 2.5)" = "2.5 2.5 2 1 0 1 " ]
    [ "$(measured "1 1 1 1 0 0 0 0" --voxels --signed --max 2)" = "-2 -2 -2 -1 1 2 2 2 " ]
    [ "$(measured "1 1 1" --voxels --max 7)" = "7 7 7 " ]
    # no 0 along planes, which lie very near
    { stream "2 1 2" float "spacings: 1000 1 0.001"; floats 0 1 1 1; } | voldistance | samples | cmp - <(printf '%s\n' 0 1000 0.00100000005 1000)
}

@test "scipy.ndimage.distance_transform_edt on random volumes" {
    need_python numpy scipy
    run "$PYTHON" "$REFERENCE/distance.py" 60
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "through the spacing, whatever its unit; notes of another meaning are gone" {
    mask 9 20 30 >in
    voldistance in -o um
    sed '/^$/q; s/"um"/"nm"/g' in >nm.nrrd # the numbers stay
    tail -c 21600 in >>nm.nrrd
    voldistance nm.nrrd | samples | cmp - <(samples <um)
    voldistance --max 1.5um in -o cut
    for most in 1500nm 0.0015mm 1.5; do
        voldistance --max $most in | samples | cmp - <(samples <cut)
    done
    voldistance --max 0.0015um nm.nrrd | samples | cmp - <(samples <cut)
    volmath 'min(a, 1.5)' um | samples | cmp - <(samples <cut)
    { stream 3 float "window:=0 1" "mask:=1"; floats 1 0 1; } | voldistance --voxels | head -n 12 >out
    lacks 'window' out
    lacks 'mask' out
}

@test "file, pipe, threads, levels: the same bytes" {
    mask 20 100 150 0.999 >in
    for options in "" "--signed" "--max 3" "--signed --max 2um" "--outside --voxels"; do
        # shellcheck disable=SC2086 # words
        voldistance $options -j 1 in -o out
        # shellcheck disable=SC2086
        voldistance $options -j 3 < <(cat in) | cmp - out
        for level in $(cpu_levels); do
            # shellcheck disable=SC2086
            VOL_CPU=$level voldistance $options -j 1000 in | cmp - out
        done
    done
}

@test "large planes, which are not held in memory: as the same volume turned" {
    # 1200 x 1000 counts are more than 4 MiB, as many squares more than 8.
    mask 3 1000 1200 0.9999 | volset --spacing 1um >in
    for options in "" "--max 9"; do
        # shellcheck disable=SC2086 # words
        voldistance $options in -o out
        # shellcheck disable=SC2086
        voldistance $options -j 1 < <(cat in) | cmp - out
        # shellcheck disable=SC2086
        volaxes --order column,row,plane in | voldistance $options | volaxes --order column,row,plane | tail -c 14400000 |
            cmp - <(tail -c 14400000 out)
    done
}

@test "more than 65535 planes" {
    { stream "1 1 70000"; floats 0; perl -e 'print pack("f<", 1) x 69999'; } >in
    voldistance --voxels in | tail -c 4 | cmp - <(floats 69999)
    { stream "1 1 65536"; perl -e 'print pack("f<", 1) x 65535'; floats 0; } | voldistance --voxels | tail -c 262144 |
        head -c 4 | cmp - <(floats 65535)
}

@test "memory, for any number of planes" {
    unsanitized
    need /usr/bin/time
    { stream "512 512 40"; perl -e 'print pack("f<", $_ % 65 ? 1 : 0) x 65536 for 1 .. 160'; } >in
    peak() { # peak KIB OPTION...
        local most=$1
        shift
        /usr/bin/time -q -f %M -o kib voldistance --voxels -j 2 "$@" >/dev/null
        [ "$(cat kib)" -le "$most" ] || { echo "$* $(cat kib)"; return 1; }
    }
    peak 24576 in
    peak 24576 < <(cat in)
    peak 24576 --max 8 < <(cat in)
    peak 32768 --signed in
    { stream "4096 4096 2"; floats 0; perl -e 'print pack("f<", 1) x 33554431'; } >in
    peak 32768 in
    peak 32768 --max 9 in
}

@test "a short input fails" {
    { stream "4 3 5"; floats 1 0 3 4 5 6; } >in
    for options in "" --outside --signed "--max 2" "--signed --max 1"; do
        # shellcheck disable=SC2086 # words
        fails 1 "voldistance: in: stream ends in plane 0 of 5 (row 1)" voldistance --voxels $options in -o out
        # shellcheck disable=SC2086
        fails 1 "voldistance: standard input: stream ends in plane 0 of 5 (row 1)" sh -c "cat in | voldistance --voxels $options -o out"
        [ ! -e out ]
    done
}

@test "no room for what is kept" {
    { stream "512 512 40"; floats 0; perl -e 'print pack("f<", 1) x 10485759'; } >in
    TMPDIR=$PWD/nowhere fails 1 "voldistance: 20.97 MB of numbers of planes must be held in $PWD/nowhere (name a roomier folder with TMPDIR): No such file or directory" voldistance --voxels in
    TMPDIR=$PWD/nowhere voldistance --voxels --max 3 < <(cat in) -o out
}

@test "refused" {
    { stream 3; floats 1 2 3; } >in
    fails 1 "voldistance: in: no sample is 0: there is nothing to measure a distance to" voldistance --voxels in
    { stream 3; floats 0 0 -0; } >zeros
    fails 1 "voldistance: zeros: every sample is 0: there is nothing to measure a distance to" voldistance --voxels --outside zeros
    fails 1 "voldistance: zeros: every sample is 0: there is nothing to measure a distance to" voldistance --voxels --signed zeros
    { stream "2 2 1 1" float "kinds: vector domain domain domain"; floats 0 1 1 1; } >channels
    fails 1 "voldistance: channels: no sample of channel 1 is 0: there is nothing to measure a distance to" voldistance --voxels channels
    fails 1 "voldistance: the spacing along the plane axis is unknown: set it with volset, or measure in --voxels" voldistance in
    { stream "1 1 2" float "space dimension: 3" "space directions: (1,0,0) (0,1,0) (0,0,1)" 'space units: "um" "um" "mm"'; floats 0 1; } >units
    fails 1 "voldistance: the spacing has different units along planes and rows: set one with volset, or measure in --voxels" voldistance units
    { stream "1 1 2" float "spacings: 1 1 1"; floats 0 1; } >none
    fails 1 "voldistance: --max: a length in um needs the unit of the spacing, which is unknown: set it with volset, or give a number without a unit" voldistance --max 2um none
    fails 2 "voldistance: only one of --outside and --signed at a time*" voldistance --outside --signed in
    fails 2 "voldistance: --max: a distance is one length, not three*" voldistance --max 1,2,3 in
    fails 2 "voldistance: --max: with --voxels, a number without a unit*" voldistance --voxels --max 1um in
}
