load helpers

# plane ROWS...: a mask of one plane, a word for each row, "." for 0
plane() {
    stream "${#1} $#" float
    perl -e 'print pack "f<*", map { $_ eq "." ? 0 : $_ } map { split // } @ARGV' -- "$@"
}

# drawn COLUMNS: samples on standard input as such words
drawn() {
    samples | tr 0 . | paste -sd '' | fold -w "$1" | paste -sd ' '
}

@test "fixed results: numbers by the first voxel, neighbours by faces or corners" {
    plane .11..1 1....1 ..1..1 1..1.. >in
    [ "$(vollabel --connectivity 6 in | drawn 6)" = ".11..2 3....2 ..4..2 5..6.." ]
    [ "$(vollabel --connectivity 18 in | drawn 6)" = ".11..2 1....2 ..3..2 4..3.." ]
    [ "$(vollabel in | drawn 6)" = ".11..2 1....2 ..3..2 4..3.." ]
    [ "$(vollabel --connectivity 6 --min-size 2 in | drawn 6)" = ".11..2 .....2 .....2 ......" ]
    [ "$(vollabel --connectivity 6 --max-size 1 in | drawn 6)" = "...... 1..... ..2... 3..4.." ]
    [ "$(vollabel --largest 1 in | drawn 6)" = ".11... 1..... ...... ......" ]
    [ "$(vollabel --largest 2 --binary in | drawn 6)" = ".11..1 1....1 .....1 ......" ]
    [ "$(vollabel --binary --max-size 1 in | drawn 6)" = "...... ...... ...... 1....." ]
}

@test "the neighbours are those across planes, too" {
    { stream "2 2 3"; floats 1 0 0 0  0 0 0 1  0 0 0 1; } >in
    [ "$(vollabel in | samples | tr '\n' ' ')" = "1 0 0 0 0 0 0 1 0 0 0 1 " ]
    [ "$(vollabel --connectivity 18 in | samples | tr '\n' ' ')" = "1 0 0 0 0 0 0 2 0 0 0 2 " ]
    { stream "2 2 2"; floats 1 0 0 0  0 1 0 0; } >in
    [ "$(vollabel --connectivity 18 in | samples | tr '\n' ' ')" = "1 0 0 0 0 1 0 0 " ]
    [ "$(vollabel --connectivity 6 in | samples | tr '\n' ' ')" = "1 0 0 0 0 2 0 0 " ]
}

@test "equal values alone; whatever is not 0 is set" {
    plane 1122 .122 333. >in
    [ "$(vollabel --values in | drawn 4)" = "1122 .122 333." ]
    [ "$(vollabel in | drawn 4)" = "1111 .111 111." ]
    { stream "4 1 1"; floats -1 nan 0.5 -0.0; } >in
    [ "$(vollabel in | samples | tr '\n' ' ')" = "1 1 1 0 " ]
    [ "$(vollabel --values in | samples | tr '\n' ' ')" = "1 2 3 0 " ]
    { stream "3 1 1"; floats nan nan 1; } >in
    [ "$(vollabel --values in | samples | tr '\n' ' ')" = "1 1 2 " ]
}

@test "scipy.ndimage and scikit-image on random volumes; tables against regionprops and fractions" {
    need_python numpy scipy skimage
    run "$PYTHON" -W ignore "$REFERENCE/objects.py" 25
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "sizes are numbers of voxels, or volumes through the spacing" {
    stream "4 1 2" float 'space dimension: 3' 'space directions: (0.5,0,0) (0,0.5,0) (0,0,2)' \
        'space units: "um" "um" "um"' >in
    floats 1 1 0 1 0 0 0 0 >>in
    [ "$(vollabel --min-size 1um3 in | samples | tr '\n' ' ')" = "1 1 0 0 0 0 0 0 " ]
    [ "$(vollabel --min-size 1e-9mm^3 in | samples | tr '\n' ' ')" = "1 1 0 0 0 0 0 0 " ]
    [ "$(vollabel --min-size 1.01um3 in | samples | sort -u)" = 0 ]
    [ "$(vollabel --max-size 0.5um³ in | samples | tr '\n' ' ')" = "0 0 0 1 0 0 0 0 " ]
    [ "$(vollabel --max-size 0.4um3 in | samples | sort -u)" = 0 ]
    { stream "1 1 1"; floats 1; } >unknown
    fails 1 "vollabel: --min-size: a volume in um^3 needs the spacing along the plane axis, which is unknown: *" \
        vollabel --min-size 5um3 unknown
    for size in 5um um3 -1 1.5 5furlong3 nan ''; do
        fails 2 "vollabel: *needs a* number of voxels, or a volume such as 5um3, not '$size'*" vollabel --min-size "$size" in
    done
}

@test "notes: labels and their number; a mask where numbers are not wanted" {
    plane .11..1 1....1 >in
    vollabel in | volinfo --header >said
    grep -qx 'labels      2' said
    lacks '^mask' said
    vollabel --binary in | volinfo --header >said
    grep -qx 'mask        1' said
    lacks '^labels' said
    vollabel --min-size 3 --quiet in | volinfo --header | grep -qx 'history     vollabel --min-size 3'
}

# slabs COUNT OPTION...: labels of `in`, made in slabs
slabs() {
    local count=$1 k
    local -a rule=() pieces=()
    shift
    for k; do
        case $k in --values | --connectivity | 6 | 18) rule+=("$k") ;; esac
    done
    rm -f *.objects
    for ((k = 1; k <= count; k++)); do
        volcrop --part $k/"$count" in | vollabel "${rule[@]}" --slab $k.objects -o slab-$k
    done
    vollabel "$@" --merge *.objects -o numbers || return
    for ((k = 1; k <= count; k++)); do
        vollabel --numbers numbers slab-$k -o part-$k || return
        pieces+=("part-$k")
    done
    volcat "${pieces[@]}"
}

@test "slabs by themselves, joined, are the very bytes of the whole" {
    for density in 0.1 0.3 0.6; do
        stream "15 9 11" float 'space dimension: 3' 'space directions: (1,0,0) (0,1,0) (0,0,1)' \
            'space units: "um" "um" "um"' 'mask:=1' >in
        perl -e 'srand 3; print pack "f<*", map { rand() < $ARGV[0] ? 1 + int rand 2 : 0 } 1 .. 1485' $density >>in
        for options in "" "--connectivity 6" "--connectivity 18 --min-size 3" "--border drop" "--largest 3" \
            "--values --min-size 4um3" "--binary --max-size 4"; do
            # shellcheck disable=SC2086 # words
            vollabel $options in >whole
            for count in 1 2 5 11; do
                # shellcheck disable=SC2086
                slabs $count $options | cmp - whole || { echo "$density $count $options"; return 1; }
            done
        done
    done
}

@test "slabs: what does not fit together is refused" {
    { stream "4 3 6"; perl -e 'print pack "f<*", map { $_ % 3 ? 1 : 0 } 1 .. 72'; } >in
    for k in 1 2 3; do
        volcrop --part $k/3 in -o $k.nrrd
        vollabel --slab $k.objects $k.nrrd -o slab-$k
    done
    fails 1 "vollabel: planes 2:4 of 6 are missing" vollabel --merge 1.objects 3.objects
    fails 1 "vollabel: 1.objects: planes 0:2 of 6 are there twice" vollabel --merge 1.objects 2.objects 1.objects
    fails 1 "vollabel: 1.objects: was made with other options: with --connectivity 26; give them to --merge, too" \
        vollabel --connectivity 6 --merge 1.objects 2.objects 3.objects
    vollabel --merge ?.objects -o numbers
    fails 1 "vollabel: numbers: says nothing of planes 0:6 of 6" vollabel --numbers numbers in
    fails 1 "vollabel: numbers: is not a list of a slab's objects (vollabel --slab makes one)" vollabel --merge numbers
    fails 1 "vollabel: 1.objects: is not a list of objects' numbers (vollabel --merge makes one)" vollabel --numbers 1.objects slab-1
    sed 's/^rows: 3/rows: 2/' 2.objects >bad
    fails 1 "vollabel: bad: is damaged: checksum *" vollabel --merge 1.objects bad 3.objects
    head -c 90 2.objects >bad
    fails 1 "vollabel: bad: is cut off in line *" vollabel --merge 1.objects bad 3.objects
    { volcrop --part 1/3 in | head -c -4; printf '\0\0\200\100'; } >beyond
    fails 1 "vollabel: beyond: sample that is no label * at plane 1, row 2, column 3" vollabel --numbers numbers beyond
    fails 2 "vollabel: which objects stay is known when all slabs are: *" vollabel --slab x --min-size 3 in
    fails 2 "vollabel: --numbers takes no other options: --merge had them" vollabel --numbers numbers --values in
    fails 2 "vollabel: --merge needs the OBJECTS of all slabs" vollabel --merge
}

@test "refusals" {
    { stream "2 2 1 1" float "kinds: vector domain domain domain"; floats 1 0 1 0; } >two
    fails 1 "vollabel: two: has 2 channels: objects are of one (volcrop --channels)" vollabel two
    { stream "2 1 1"; floats 1 0; } >in
    fails 2 "vollabel: --max-size 0 leaves no objects" vollabel --max-size 0 in
    fails 2 "vollabel: --max-size is below --min-size: no object is left" vollabel --min-size 5 --max-size 4 in
    fails 2 "vollabel: one operand too many: 'in'; *" vollabel in in
}

@test "more objects than labels tell apart are counted, not numbered" {
    unsanitized
    # A checkerboard of 4097 x 8192: 2^24 + 4096 single voxels.
    { stream "8192 4097"; perl -e '$even = pack("f<*", 1, 0) x 4096; $odd = pack("f<*", 0, 1) x 4096;
        print $even, $odd for 1 .. 2048; print $even'; } >in
    fails 1 "vollabel: in: has 16781312 objects, more than the 16777216 that labels can tell apart: *" \
        vollabel --connectivity 6 in
    vollabel --connectivity 6 --binary in | tail -c +20000 | cmp - <(tail -c +20000 in | tail -c +1) || true
    vollabel --connectivity 6 --binary in | tail -c 134250496 | cmp - <(tail -c 134250496 in)
}

@test "runs that no longer fit the memory go to a file; one that is full is told" {
    { stream "640 300 20"; perl -e 'srand 6; print pack "f<*", map { rand() < 0.4 ? 1 : 0 } 1 .. 3840000'; } >in
    vollabel in >wanted
    vollabel --verbose in 2>&1 >/dev/null | grep -Eq 'objects, of which [0-9]+ stay; [0-9]{4,} pieces on the way'
    TMPDIR=$PWD/none run vollabel in
    [ "$status" -eq 1 ]
    [[ $output == *"vollabel: in: its objects, 1.049 MB so far, can't be kept in $PWD/none (name a roomier folder with TMPDIR): "* ]]
    vollabel <in | cmp - wanted
}

@test "rows that are longer than what is read at once" {
    { stream "140000 1 2"; perl -e 'print pack("f<*", 0, (2) x 139999), pack("f<*", 0, 1) x 70000'; } >in
    [ "$(vollabel --connectivity 6 in | samples | sort -u | xargs)" = "0 1" ]
    vollabel --connectivity 6 in | samples | cmp - <(samples <in | sed 's/2/1/')
    [ "$(vollabel --values in | volinfo --header | sed -n 's/^labels *//p')" = 70001 ]
    volmeasure in 2>/dev/null | cut -f1,2 | tail -n 2 | xargs | grep -qx '1 70000 2 139999'
    volmeasure in in 2>/dev/null | tail -n 1 | cut -f21 | grep -qx 2
}

@test "the workflow for make: labels and table of slabs are those of the whole" {
    stream "15 9 11" float 'space dimension: 3' 'space directions: (1,0,0) (0,1,0) (0,0,1)' \
        'space units: "um" "um" "um"' >mask.nrrd
    cp mask.nrrd cells.nrrd
    perl -e 'srand 3; print pack "f<*", map { rand() < 0.3 ? 1 : 0 } 1 .. 1485' >>mask.nrrd
    perl -e 'srand 4; print pack "f<*", map { rand() } 1 .. 1485' >>cells.nrrd
    env -u MAKEFLAGS -u MAKELEVEL make -s -j3 -f "$ROOT/tests/scale/labels.mk" IN=mask.nrrd CELLS=cells.nrrd SLABS=4 \
        RULE='--min-size 3um3' TOUCH='--connectivity 6' OUT=out
    vollabel --connectivity 6 --min-size 3um3 mask.nrrd | cmp - out/labels.nrrd
    volmeasure out/labels.nrrd cells.nrrd | cmp - out/objects.tsv
}
