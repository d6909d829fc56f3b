# The stream: what is written, what is read, what is refused; by the program that changes nothing.
load helpers

@test "the header is written one way" {
    { stream "2 1 1"; floats 1 2; } | volcrop >out
    { printf '%s\n' NRRD0004 "# Complete NRRD file format specification at:" \
        "# http://teem.sourceforge.net/nrrd/format.html" "type: float" "dimension: 3" \
        "sizes: 2 1 1" "kinds: domain domain domain" "endian: little" "encoding: raw" \
        "source type:=float32" "history:=volcrop" ""
      floats 1 2; } >expected
    cmp out expected
}

@test "place in space, units and notes are passed on" {
    { stream "2 1 1" float "space: left-posterior-superior" \
        "space directions: (0.26,0,0) (0,0.26,0.01) (0,0,0.29)" "space origin: (1,2,3)" \
        'space units: "um" "um" "um"' 'content: cells' "what:=a\\nb\\\\c" "foo: bar" \
        "measurement frame: (1,0,0) (0,1,0) (0,0,1)" "min: 0"
      floats 1 2; } | volcrop | sed '/^$/q' >out
    for line in "space: left-posterior-superior" \
        "space directions: (0.26,0,0) (0,0.26,0.01) (0,0,0.29)" "space origin: (1,2,3)" \
        'space units: "microns" "microns" "microns"' 'content: cells' 'what:=a\nb\\c' "foo:=bar" \
        "measurement frame: (1,0,0) (0,1,0) (0,0,1)" NRRD0005; do
        grep -qxF "$line" out || { echo "lost: $line"; cat out; return 1; }
    done
    lacks '^min:' out
}

@test "an unknown spacing stays unknown beside known ones" {
    { stream "2 1 1" float "spacings: 0.5 0.5 nan" 'labels: "x" "y" "z"' 'units: "um" "um" ""'
      floats 1 2; } | volcrop | sed '/^$/q' >out
    grep -qx 'spacings: 0.5 0.5 nan' out
    grep -qx 'units: "microns" "microns" ""' out
    lacks '^space' out
    volinfo --header out | grep -q '^spacing *(unknown, 0.5, 0.5)'
}

@test "one to four axes, channels the fastest" {
    { stream "3"; floats 1 2 3; } | volinfo --header | grep -q 'shape *(1, 1, 3)'
    { stream "3 2"; floats 1 2 3 4 5 6; } | volinfo --header | grep -q 'shape *(1, 2, 3)'
    { stream "3 2 1" float "kinds: RGB-color domain domain"; floats 1 2 3 4 5 6; } |
        volinfo --header | grep -q 'shape *(1, 1, 2, 3)'
    { stream "3 2 1 1" float "kinds: RGB-color domain domain domain"; floats 1 2 3 4 5 6; } |
        volcrop >out
    grep -aqx 'kinds: RGB-color domain domain domain' out
    grep -aqx 'sizes: 3 2 1 1' out
    { stream "2 3 1 1"; floats 1 2 3 4 5 6; } | volcrop | grep -aqx 'kinds: vector domain domain domain'
}

@test "any legal order of fields, CRLF, comments, spelled types" {
    { printf 'NRRD0001\r\n# so\r\nencoding: raw\r\nEndian: big\r\nDimension: 1  \r\n'
      printf 'type: unsigned short int\r\nsizes: 2\r\n\r\n\001\000\000\002'; } | volcrop | samples >out
    printf '256\n2\n' | cmp out -
}

@test "line skip, byte skip, data at the end of a file" {
    { stream "2" float "line skip: 1" "byte skip: 3"; printf 'a line\nabc'; floats 5 6; } |
        volcrop | samples >out
    printf '5\n6\n' | cmp out -
    { stream "2" float "byte skip: -1"; printf 'whatever'; floats 5 6; } >end.nrrd
    volcrop end.nrrd | samples >out
    printf '5\n6\n' | cmp out -
    volcrop <end.nrrd | samples | cmp out -
    cat end.nrrd >copy && fails 1 "volcrop: standard input: byte skip: -1, from the end, can't be read from a pipe*" sh -c 'cat copy | volcrop'
}

@test "what follows the last sample is said by every program, of files, pipes and gzip data" {
    { stream "2"; floats 1 2 3; } >more
    volcrop more 2>said | samples >out
    printf '1\n2\n' | cmp out -
    [ "$(cat said)" = "volcrop: more: bytes follow its last sample: they are not read" ]
    { stream "4 4 4"; floats $(seq 64); } >one
    cat one one >two
    { cat one; printf '\n'; } >line
    { stream "4 4 4" | sed 's/: raw/: gzip/'; floats $(seq 64) 65 | gzip; } >zipped
    { stream "4 4 4" | sed 's/: raw/: gzip/'; floats $(seq 64) | gzip; printf 'more' | gzip; } >member
    { stream "4 4 4" | sed 's/: raw/: gzip/'; floats $(seq 64) | gzip; printf '\0\0more'; } >garbage
    { stream "4 4 4" | sed 's/: raw/: gzip/'; floats $(seq 64) | gzip; printf '' | gzip; head -c 9 /dev/zero; } >padded
    local command file
    for command in volgamma voleq volclip "volbin -f 3" "volproject --max" "volclahe -r 0,99" volmedian "volgauss --sigma 1" \
        "volmorph --close" "voldistance --voxels --max 9" "volresample --size 2,2,2" vollabel volfill volpeaks volmeasure "volwatershed --markers one --mask one" \
        volthreshold "volcrop -p 0:1" "volaxes --flip plane" "volset --spacing 1,1,1" volhist volinfo "volmath a+1" \
        "vol2png --views" "vol2png -n 0" vol2html vol2tiff "voladjust --log" volcat "volmatch --reference one"; do
        for file in two line zipped member garbage; do
            # shellcheck disable=SC2086 # words
            $command $file >out 2>said || { echo "$command $file"; cat said; return 1; }
            grep -q "^${command%% *}: $file: .* follow.* its last sample: .* not read$" said || { echo "$command $file"; cat said; return 1; }
            # shellcheck disable=SC2086
            cat $file | $command - >out.piped 2>said
            grep -q "^${command%% *}: standard input: .* follow.* its last sample: .* not read$" said || { echo "$command <$file"; cat said; return 1; }
        done
        # shellcheck disable=SC2086
        for file in one padded; do
            $command $file 2>said >out
            lacks 'follow' said
        done
    done
    fails 0 "voleq: two: another volume follows its last sample: it is not read" voleq --mask two one -o out
    fails 0 "volmatch: two: another volume follows its last sample: it is not read" volmatch --reference two one -o out
    fails 0 "volmath: two: another volume follows its last sample: it is not read" volmath a+b one two -o out
    fails 0 "volcat: two: another volume follows its last sample: it is not read" volcat one two -o out
    fails 0 "vol2html: two: another volume follows its last sample: it is not read" vol2html one two -o out
    volmath a+b+c two two one 2>said >out
    [ "$(grep -c '^volmath: two: another volume follows' said)" -eq 2 ]
}

@test "every scalar type, byte order, encoding, and slices, against numpy" {
    need_python numpy
    run "$PYTHON" "$REFERENCE/stream.py"
    echo "$output"
    [ "$status" -eq 0 ]
}

refused() { # refused MESSAGE: what stands in the file "in" is refused at once
    fails 1 "volcrop: standard input: $1" volcrop -o out.nrrd <in || return 1
    [ ! -e out.nrrd ] || { echo "left an output file"; return 1; }
}

@test "of a TIFF file the pipe is shown to type instead, with all options" {
    cp "$CELLS" 'a stack.tif'
    local instead="is a TIFF file, expected NRRD; type instead: tiff2vol"
    # shown STATUS-LINE PROGRAM...: what is shown, and that it runs
    shown() {
        fails 1 "$1" "${@:2}" || return 1
        sed 's/.*type instead: //' stderr >shown.sh
        bash -o pipefail shown.sh >shown.out
    }
    shown "volgamma: a stack.tif: $instead 'a stack.tif' | volgamma -g 0.5 -o out.nrrd" volgamma 'a stack.tif' -g 0.5 -o out.nrrd
    cmp out.nrrd <(tiff2vol 'a stack.tif' | volgamma -g 0.5)
    shown "vol2html: a stack.tif: $instead 'a stack.tif' | vol2html --title 'It'\\\\''s' -o x.html" \
        vol2html --title "It's" 'a stack.tif' -o x.html
    grep -q "<h1>It&#39;s</h1>" x.html
    shown "volmath: a stack.tif: $instead 'a stack.tif' | volmath 'a \\* 2'" volmath 'a * 2' 'a stack.tif'
    shown "volhist: a stack.tif: $instead 'a stack.tif' | volhist" volhist 'a stack.tif'
    # where it is not the only file: the conversion
    local one="$instead 'a stack.tif' > 'a stack.nrrd'"
    shown "vol2html: a stack.tif: $one" vol2html out.nrrd 'a stack.tif'
    cmp 'a stack.nrrd' <(tiff2vol 'a stack.tif')
    fails 1 "volcat: a stack.tif: $one" volcat 'a stack.tif'
    fails 1 "voleq: a stack.tif: $one" voleq --mask 'a stack.tif' 'a stack.nrrd'
    gzip -c out.nrrd >out.nrrd.gz
    fails 1 "volcat: *; type instead: gzip -dc out.nrrd.gz > out.nrrd" volcat out.nrrd out.nrrd.gz
    printf 'II is no magic' >in
    rm out.nrrd
    refused "is not an NRRD stream: it begins with 'II is no', expected 'NRRD000'"
    # on a terminal, which takes no page: where to
    need script
    cp "$CELLS" stack.tif
    run script -qec "vol2html stack.tif" /dev/null </dev/null
    [[ "$output" == *"| vol2html -o stack.html"* ]]
    run script -qec "voleq stack.tif" /dev/null </dev/null
    [[ "$output" == *"| voleq"$'\r' ]]
}

@test "in a pipe, who finds nothing to read says so in a short line, and exits 1" {
    local said="standard input is empty: the program before it failed?"
    for command in volgamma "voleq -o out.nrrd" vol2html "vol2png -o out.png" volhist volinfo "volcat -" "volmath a" vol2tiff; do
        # shellcheck disable=SC2086 # words
        true | fails 1 "${command%% *}: $said" $command
    done
    true | fails 1 "tiff2vol: $said" tiff2vol -
    echo damaged >in
    run bash -c 'tiff2vol in | volgamma | voleq | vol2png -o out.png; echo "${PIPESTATUS[*]}"'
    [ "${lines[*]: -1}" = "1 1 1 1" ]
    [ "${#lines[@]}" -eq 5 ]
    [ ! -e out.png ]
}

@test "hostile and wrong headers are refused, naming the field" {
    echo before >kept.nrrd
    : >in && refused "is empty*"
    printf 'II*\0aaaa' >in && refused "is a TIFF file, expected NRRD; type instead: tiff2vol - | volcrop -o out.nrrd"
    printf '\x1f\x8b\x08aaaaaa' >in && refused "is compressed as a whole, expected NRRD; type instead: gzip -dc - | volcrop -o out.nrrd"
    printf 'P5 2 2 255 abcd' >in && refused "is not an NRRD stream*"
    printf 'NRRD0009\n\n' >in && refused "is an NRRD0009*"
    printf 'NRRD0004\ntype: float\n' >in && refused "stream ends inside its header"
    stream "4294967296 4294967296 4294967296" >in && refused "sizes: their product*"
    stream "2 0 1" >in && refused "sizes: found '0'*"
    stream "2 -1 1" >in && refused "sizes: found '-1'*"
    stream "1 1 1 1 1" >in && refused "dimension: found '5', expected 1 to 4"
    stream "2 1" float "dimension: 2" >in && refused "dimension: stands twice*"
    stream "2 1" block >in && refused "type: found 'block'*"
    stream "2 1" char >in && refused "type: found 'char'*"
    stream "2 1" float | sed '/endian/d' >in && refused "endian: is missing*"
    stream "2 1" float | sed '/sizes/d' >in && refused "sizes: is missing*"
    stream "2 1" float | sed 's/raw/ascii/' >in && refused "encoding: found 'ascii', expected raw or gzip"
    stream "2 1" float "data file: x.raw" >in && refused "data file: found 'x.raw'*"
    stream "2 1" float "spacings: 1 0" >in && refused "spacings: found '0'*"
    stream "2 1" float "space: RAS" "space dimension: 3" >in && refused "space: stands beside*"
    stream "2 1" float "space directions: (1,0) (0,1)" >in && refused "space directions: stands without*"
    stream "2 1 1 3" float "kinds: domain domain domain list" >in && refused "kinds: found 'list' for axis 3*"
    stream "2 1" float "this is nothing" >in && refused "header line 'this is nothing'*"
    printf 'NRRD0004\ntype: fl\0oat\n\n' >in && refused "the header holds a NUL byte*"
    { printf 'NRRD0004\n# '; head -c 10000000 /dev/zero | tr '\0' x; } >in && refused "the header does not end*"
    fails 1 "volcrop: *" volcrop -o kept.nrrd <in
    [ "$(cat kept.nrrd)" = before ]
}

@test "a header that claims 2^60 samples costs no memory" {
    need /usr/bin/time
    stream "1048576 1048576 1048576" uchar >in
    run /usr/bin/time -f '%M' volcrop -o out.nrrd <in
    echo "$output"
    [ "$status" -eq 1 ]
    [ "${lines[-1]}" -le 16384 ]
}

@test "control characters of a hostile header are masked" {
    printf 'NRRD0004\ntype: \033[31mred\n\n' >in
    stream "2 1" $'\033[31mred' >in
    refused "type: found '?[[]31mred'*"
    stream "2 1" $'\xc2\x9b31mred' >in
    refused "type: found '??31mred'*"
    stream "2 1" $'r\xc3\xa9d\x9b\xff' >in
    refused $'type: found \'r\xc3\xa9d??\'*'
}

@test "a short stream: what was whole is passed on, and every reader notices" {
    { stream "2 3 4"; floats 0 1 2 3 4 5 6 7 8 9; printf 'ab'; } >in
    fails 1 "volcrop: standard input: stream ends in plane 1 of 4 (row 2)" volcrop <in
    [ "$(samples <stdout | wc -l)" -eq 10 ]
    fails 1 "volgamma: in: stream ends in plane 1 of 4 (row 2)" volgamma in -o out.nrrd
    [ ! -e out.nrrd ]
    set +o pipefail
    volcrop <in 2>one | volgamma 2>two | volcrop >three 2>four && return 1
    [ "$(cat one two four | grep -c 'stream ends in plane 1 of 4 (row 2)')" -eq 3 ]
    run bash -c 'set -o pipefail; volcrop <in 2>/dev/null | volgamma 2>/dev/null | cat >/dev/null'
    [ "$status" -eq 1 ]
}

@test "input cut at every byte never looks whole" {
    { stream "2 2 2" float "space dimension: 3" "space directions: (1,0,0) (0,1,0) (0,0,1)"
      floats 1 2 3 4 5 6 7 8; } >whole
    size=$(wc -c <whole)
    for ((n = 0; n < size; n++)); do
        if head -c $n whole | volcrop -o out.nrrd 2>said; then
            echo "took $n of $size bytes"
            return 1
        fi
        [ "$(wc -l <said)" -eq 1 ] && [ ! -e out.nrrd ] || { echo "at $n:"; cat said; return 1; }
    done
    volcrop whole -o out.nrrd
}

@test "one byte at a time through a pipe" {
    { stream "2 2 2"; floats 1 2 3 4 5 6 7 8; } >whole
    volcrop whole >expected
    perl -e '$| = 1; binmode STDIN; while (sysread STDIN, $b, 1) { syswrite STDOUT, $b }' <whole |
        volcrop | cmp - expected
}

@test "a reader of the header alone does not cut off the writer" {
    { stream "64 64 64"; head -c 1048576 /dev/zero; } >in
    cat in | tee >(volinfo --header >first) | volcrop | cmp - <(volcrop in)
    { stream "64 64 64"; head -c 1000 /dev/zero; } | volinfo --header | grep "^shape *(64, 64, 64)"
}

@test "standard input is one file only: for every program, operand and option" {
    local program name argument said="standard input can be only one file, not"
    for program in tiff2vol volcat volmath; do
        fails 2 "$program: $said FILE and FILE" "$program" $([ "$program" != volmath ] || echo a+b) - -
    done
    fails 2 "volstats: $said FILE and FILE" volstats --merge - -
    fails 2 "volhist: $said FILE and FILE" volhist --svg - -
    for program in "$B"/*vol* ; do
        [ -f "$program" ] && [ -x "$program" ] || continue
        while IFS=$'\t' read -r name argument; do
            [ "$program --$name" != "$B/volhist --from" ] && [ "$program --$name" != "$B/volstats --values" ] || continue
            fails 2 "$(basename "$program"): $said FILE and --$name" "$program" "--$name" -
            fails 2 "$(basename "$program"): $said FILE and --$name" "$program" "--$name" - -
            echo "$program $name" >>seen
        done < <("$program" --print-options | sed 1d | cut -f 2,3 | grep -P '\t(FILE|STATS)$' | grep -v '^output')
    done
    [ "$(wc -l <seen)" -ge 18 ]
    # Without a volume, or with its name, it is free.
    { stream 2; floats 1 2; } >in
    volstats in >stats
    for command in "volhist --from" "volstats --values"; do
        $command - <stats >out
        $command stats | cmp - out
    done
    volclip --mask - in <in | samples | cmp - <(volclip --mask in in | samples)
}
