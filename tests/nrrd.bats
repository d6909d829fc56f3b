# NRRDs as other programs write them: which axis is what, colours, gzip, what a float can't hold.
load helpers

# refused MESSAGE: volcrop refuses the stream in the file `in`.
refused() {
    fails 1 "volcrop: in: $1" volcrop in
}

# says MESSAGE CMD...: CMD succeeds and says exactly MESSAGE (a pattern) on standard error.
says() {
    fails 0 "$@"
}

# shape: of the volume in the file `in`, as volinfo tells it.
shape() {
    volinfo in | sed -n 's/^shape *//p'
}

# zipped: the stream on standard input, its data in a gzip member.
zipped() {
    perl -MIO::Compress::Gzip=gzip -0777 -ne 's/^(.*?\n\n)//s; my $h = $1; $h =~ s/: raw/: gzip/;
        gzip(\$_, \my $z, -Minimal => 1); print $h, $z'
}

@test "a number that 64 bits do not hold is none" {
    stream "18446744073709551616 1 1" >in
    refused "sizes: found '18446744073709551616', expected whole numbers of 1 or more"
    { stream 1 float "line skip: 18446744073709551616"; floats 0; } >in
    refused "line skip: found '18446744073709551616', *"
}

@test "the channel axis is the one that the header says is one" {
    local in_space="space: RAS"
    for fields in "kinds: ??? domain domain domain" "kinds: none space space space" \
        "kinds: list domain domain time" $'space: RAS\nspace directions: none (1,0,0) (0,1,0) (0,0,1)' \
        $'space: RAS\nkinds: ??? space space space\nspace directions: none (1,0,0) (0,1,0) (0,0,1)' \
        "kinds: 3-vector domain domain domain" "labels: a b c d"; do
        { stream "2 3 4 5" float "$fields"; floats $(seq 120); } >in
        [ "$(shape)" = "(5, 4, 3, 2) plane, row, column, channel" ]
        volcrop in | grep -ax "kinds: vector domain domain domain"
    done
    { stream "2 3 4" float "$in_space" "kinds: ??? ??? ???" "space directions: none (1,0,0) (0,1,0)"; floats $(seq 24); } >in
    [ "$(shape)" = "(1, 4, 3, 2) plane, row, column, channel" ]
    { stream "2 3 4" float "kinds: ??? none ???"; floats $(seq 24); } >in
    [ "$(shape)" = "(4, 3, 2) plane, row, column" ]
    { stream "2 3 4" float "kinds: space space time" "$in_space" "space directions: (1,0,0) (0,2,0) none"; floats $(seq 24); } >in
    [ "$(shape)" = "(4, 3, 2) plane, row, column" ]
    volinfo in | grep "^spacing .*(unknown, 2, 1)"
}

@test "four axes in space and time are refused, not taken for channels" {
    for fields in "kinds: domain domain domain domain" "kinds: space space space time" \
        "kinds: time domain domain domain"; do
        stream "2 3 4 5" float "$fields" >in
        refused "kinds: found four axes in space and time*unu slice*"
    done
    stream "2 3 4 5" float "space: RAS" "space directions: (1,0,0) (0,1,0) (0,0,1) none" >in
    refused "space directions: found 'none' for axis 3*unu permute*"
    stream "2 3 4 5" float "space: RAS" "space directions: (1,0,0) (0,1,0) (0,0,1) none" \
        "kinds: space space space ???" >in
    refused "kinds: found '???' for axis 3*"
    stream "3 2 4" float "kinds: domain RGB-color domain" >in
    refused "kinds: found 'RGB-color' for axis 1*"
}

@test "spacings count beside directions that are none" {
    { stream "2 3" float "space dimension: 2" "space directions: none none" "spacings: 0.5 0.25"; floats $(seq 6); } >in
    volinfo in | grep "^spacing .*(unknown, 0.25, 0.5)"
    { stream "2 3 4" float "space: RAS" "space directions: (2,0,0) (0,3,0) none" \
        "kinds: space space time" "spacings: nan nan 7"; floats $(seq 24); } >in
    volinfo in | grep "^spacing .*(7, 3, 2)"
    { stream "2 3 4" float "space: RAS" "space directions: (2,0,0) (0,3,0) (0,0,4)" "spacings: 9 9 9"; floats $(seq 24); } >in
    volinfo in | grep "^spacing .*(4, 3, 2)"
}

@test "axis mins and maxs: of cells, unless centers are nodes" {
    local mins="axis mins: 0 0 0" maxs="axis maxs: 2.5 2 6"
    { stream "5 4 3" float "$mins" "$maxs" "centerings: cell cell cell"; floats $(seq 60); } >in
    volinfo in | grep "^spacing .*(2, 0.5, 0.5)"
    volinfo in | grep "^origin .*(0.25, 0.25, 1)"
    { stream "5 4 3" float "$mins" "axismaxs: 2 1.5 4" "centers: node node ???"; floats $(seq 60); } >in
    volinfo in | grep "^spacing .*(1.33333, 0.5, 0.5)"
    volinfo in | grep "^origin .*(0, 0, 0.666667)"
    { stream "5 4 3" float "axis mins: 2 1 5" "axis maxs: 0 2 nan" "centers: node node node"; floats $(seq 60); } >in
    volcrop in 2>stderr | grep -ax "spacings: 0.5 0.3333333333333333 nan"
    { stream "2 5 4 3" float "axis mins: nan 0 0 0" "axis maxs: nan 2.5 2 6" "kinds: list domain domain domain"; floats $(seq 120); } >in
    volinfo in | grep "^spacing .*(2, 0.5, 0.5)"
    { stream "5 4 1" float "$mins" "axis maxs: 4 3 0" "centers: node node node"; floats $(seq 20); } >in
    volinfo in | grep "^spacing .*(unknown, 1, 1)"
    { stream "5 4 3" float "axis mins: 10 20 30" "spacings: 2 3 4" "$maxs"; floats $(seq 60); } >in
    volinfo in | grep "^spacing .*(4, 3, 2)"
    volinfo in | grep "^origin .*(11, 21.5, 32)"
    { stream "5 4 3" float "$mins" "$maxs" "space dimension: 3" "space directions: (1,0,0) (0,1,0) (0,0,7)" \
        "space origin: (1,2,3)"; floats $(seq 60); } >in
    volinfo in | grep "^spacing .*(7, 1, 1)"
    volinfo in | grep "^origin .*(1, 2, 3)"
    stream "5 4 3" float "axis mins: 0 0" "$maxs" >in
    refused "axis mins: found 2 words, expected 3"
    stream "5 4 3" float "$mins" "axis maxs: 1 many 1" >in
    refused "axis maxs: found 'many', expected *"
}

@test "spacings beside directions of another length: the directions, and a word" {
    local space="space dimension: 3" directions="space directions: (1,0,0) (0,1,0) (0,0,1.5)"
    local word="in: spacings and space directions disagree: the directions are taken"
    { stream "2 1 1" float "$space" "spacings: 1 1 2" "$directions"; floats 1 2; } >in
    says "volinfo: $word" volinfo in
    grep "^spacing .*(1.5, 1, 1)" stdout
    says "volcrop: $word" volcrop --planes 0:1 in
    { stream "2 1 1" float "$space" "spacings: 1 1 1.503" "$directions"; floats 1 2; } >in
    says "volinfo: $word" volinfo in
    { stream "2 1 1" float "$space" "spacings: 1 nan 1.5000001" "$directions"; floats 1 2; } >in
    volinfo in 2>stderr
    [ ! -s stderr ]
}

@test "what is left out without the spacing of an axis is said" {
    local left="space and origin are left out, as the spacing of an axis is not known"
    says "volgamma: $left" volgamma -g 1 "$DATA/reports/flat2d.nrrd"
    says "volcrop: $left" volcrop "$DATA/reports/flat2d.nrrd"
    grep -ax "spacings: 0.5 0.6 nan" stdout
    { stream "2 1 1" float "space dimension: 3" "space directions: (1,0,0) (0,1,0) (0,0,1)" "space origin: (1,2,3)"; floats 1 2; } >in
    volcrop in 2>stderr | grep -ax "space origin: (1,2,3)"
    [ ! -s stderr ]
}

@test "colours stored as integers look as stored, alpha too" {
    need_python PIL
    local type code
    for type in uint8 uint16; do
        code=C && [ $type = uint8 ] || code='S<'
        local most=255 && [ $type = uint8 ] || most=65535
        { stream "4 3 1 1" $type "kinds: RGBA-color domain domain domain"
            perl -e '$m = shift; $c = shift; print pack("$c*", map { int($_ * $m / 255) } 255, 0, 51, 255, 0, 102, 0, 51, 0, 0, 0, 0)' $most "$code"; } >in
        for window in "" "-w 0,$most" "-w 0,$((most * 2))"; do
            # shellcheck disable=SC2086 # no word, or two
            vol2png $window in >picture.png
            "$PYTHON" -c "import PIL.Image; print(*PIL.Image.open('picture.png').tobytes())" >bytes
            case $window in
            *"$((most * 2))") [ "$(cat bytes)" = "128 0 26 255 0 51 0 51 0 0 0 0" ] ;;
            *) [ "$(cat bytes)" = "255 0 51 255 0 102 0 51 0 0 0 0" ] ;;
            esac
        done
        volcrop in | grep -ax "window:=0 $most"
    done
    { stream "3 1 1 1" short "kinds: RGB-color domain domain domain"; perl -e 'print pack("s<*", 32767, 0, -1)'; } >in
    vol2png in >picture.png
    [ "$("$PYTHON" -c "import PIL.Image; print(*PIL.Image.open('picture.png').tobytes())")" = "255 0 0" ]
    { stream "3 1 1 1" uchar "kinds: RGB-color domain domain domain" | perl -0pe 's/\n\n$/\nwindow:=0 10\n\n/'; printf '\12\0\5'; } >in
    volcrop in | grep -ax "window:=0 10"
}

@test "damaged gzip data are refused in every pass that reaches the end" {
    { stream "7 5 3" short; perl -e 'print pack("s<*", map { $_ * 37 % 101 } 1 .. 105)'; } >plain
    zipped <plain >in
    volcrop plain | samples >wanted
    volcrop in | samples | cmp - wanted
    local size data bit
    size=$(stat -c %s in)
    data=$(perl -0777 -ne '/\n\n/g; print pos' in)
    # every bit of the data's last 40 bytes, checksum and length with them
    for ((bit = 8 * (size - 40); bit < 8 * size; bit++)); do
        perl -0777 -pe 'BEGIN { $bit = shift } substr($_, $bit >> 3, 1) ^= chr(1 << ($bit & 7))' $bit <in >flipped
        if volcrop flipped >out 2>stderr && ! samples <out | cmp -s - wanted; then
            echo "bit $bit of $size bytes, data at $data"
            return 1
        fi
        [ $bit -lt $((8 * (size - 8))) ] || fails 1 "*flipped: encoding: the gzip data are damaged*" volcrop flipped
    done
    for program in "voleq" "volclip" "volhist" "volinfo" "volgamma -g 2" "vol2png --views"; do
        fails 1 "*flipped: encoding: the gzip data are damaged*" $program flipped
        fails 1 "*standard input: encoding: the gzip data are damaged*" $program < <(cat flipped)
    done
    for cut in 1 4 8; do
        head -c -$cut in >flipped
        fails 1 "volcrop: flipped: encoding: the gzip data end before their checksum" volcrop flipped
        fails 1 "voleq: flipped: encoding: the gzip data end before their checksum" voleq flipped
    done
}

@test "zeros after gzip data, several members, more data than samples: the samples are right" {
    { stream "4 2" uchar; printf '12345678'; } >plain
    volcrop plain >wanted
    { zipped <plain; head -c 999 /dev/zero; } >in
    volcrop in | cmp - wanted
    { stream "4 2" uchar | sed 's/: raw/: gzip/'; printf '12345' | gzip; printf '678' | gzip; } >in
    volcrop in | cmp - wanted
    { stream "4 2" uchar | sed 's/: raw/: gzip/'; printf '12345678' | gzip; printf 'more' | gzip; } >in
    volcrop in | cmp - wanted
    { stream "4 2" uchar | sed 's/: raw/: gzip/'; printf '12345678 and more' | gzip; } >in
    volcrop in | cmp - wanted
    voleq in >/dev/null
}

@test "samples that a float can't hold are counted, once, however the volume is read" {
    local labels=$DATA/reports/labels-u32.nrrd words="rounded: a float holds at most 24 bits of an integer"
    for program in "volcrop" "volgamma -g 1" "voleq" "volclip" "vol2png" "volhist" "volstats" "volinfo" "vol2tiff"; do
        says "${program%% *}: $labels: 2 samples $words" $program "$labels"
        says "${program%% *}: standard input: 2 samples $words" $program < <(cat "$labels")
        says "${program%% *}: standard input: 2 samples $words" $program < <(zipped <"$labels")
    done
    { stream "5" longlong; perl -e 'print pack("q<*", -16777217, 1 << 40, (1 << 40) + 1, -9223372036854775807 - 1, 0)'; } >in
    says "volcrop: in: 2 samples $words" volcrop in
    { stream "3" int | sed 's/little/big/'; perl -e 'print pack("l>*", 16777217, 3, -5)'; } >in
    says "volcrop: in: 1 sample $words" volcrop in
    { stream "3" ulonglong; perl -e 'print pack("Q<*", 18446744073709551615, 1 << 63, 16777215)'; } >in
    says "volcrop: in: 1 sample $words" volcrop in
    { stream "5" double; perl -e 'print pack("d<*", 1e300, -1e39, 9**9**9, 0.1, 3.4028234e38)'; } >in
    says "volcrop: in: 2 samples made infinite: beyond the range of a float" volcrop in
    { stream "64 64 40" int; perl -e 'print pack("l<2", 16777217, 16777219) x (64 * 64 * 20)'; } >in
    for jobs in 1 2 4; do
        says "voleq: in: 163840 samples $words" voleq -j $jobs in
        says "volhist: in: 163840 samples $words" volhist -j $jobs -q 5,50 in
    done
}

@test "a vector stands in parentheses" {
    local vectors
    for vectors in "11,0,0) (0,1,0) (0,0,1)" "1,0,0 0,1,0 0,0,1" "1 (0,1,0) (0,0,1)" "[1,0,0] [0,1,0] [0,0,1]"; do
        { stream "2 3 4" float "space: RAS" "space directions: $vectors"; floats $(seq 24); } >in
        fails 1 "volcrop: in: space directions: *a vector with a number for each dimension of space*" volcrop in
    done
}
