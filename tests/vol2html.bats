# The page as a file. What a browser makes of it: vol2html_browser.bats.
load helpers

# facts PAGE [FILTER]: what the page says of its volume.
facts() {
    perl -0777 -ne 'print $1 if /id="facts">(.*?)<\/script>/s' "$1" | jq -c "${2:-.}"
}

# plane PAGE: the first plane's bytes, inflated, as numbers.
plane() {
    perl -MMIME::Base64 -MCompress::Zlib -0777 -ne \
        '/class="plane">([^<]*)/; print join(" ", unpack("C*", uncompress(decode_base64($1)))), "\n"' "$1"
}

compared() {
    "$PYTHON" "$REFERENCE/vol2html.py" compare "$@"
}

peak() {
    local most=$1
    shift
    /usr/bin/time -f %M -o kib "$@"
    echo "$* took $(tail -n 1 kib) KiB"
    [ "$(tail -n 1 kib)" -le "$most" ]
}

zeros() {
    stream "$1 $2 $3"
    head -c $(($1 * $2 * $3 * 4)) /dev/zero
}

@test "one file: nothing is loaded, nothing is evaluated, no code in attributes" {
    { stream "2 2 1"; floats 0 1 2 3; } | vol2html -o page.html
    grep -q "default-src 'none'; script-src 'sha256-[^']*'; style-src 'sha256-[^']*'; img-src blob: data:" page.html
    lacks 'https\{0,1\}://' page.html
    lacks 'unsafe' page.html
    lacks '\beval(\|new Function' page.html
    lacks '<[^>]* on[a-z]*=' page.html
    lacks '<[^>]* style=' page.html
    lacks '<\(script\|img\|iframe\)[^>]* src=' page.html
    lacks '<link[^>]*href="[^d]' page.html
    lacks '@[A-Z_]*@' page.html
}

@test "the policy's hashes are those of the page's style and script" {
    { stream "2 2 1"; floats 0 1 2 3; } | vol2html -o page.html
    perl -MDigest::SHA=sha256_base64 -0777 -e '
        $_ = <>;
        for my $tag ("style", "script") {
            my ($said) = /$tag-src \x27sha256-([^\x27]*)\x27/;
            my ($text) = /<$tag>(.*?)<\/$tag>/s;
            my $is = sha256_base64($text);
            $is .= "=" while length($is) % 4;
            $said eq $is or die "$tag: $said, but it is $is\n";
        }' page.html
}

@test "levels are predicted from their neighbours, row by row" {
    { stream "3 2 1" float "window:=0 255"; floats 10 20 15 12 200 9; } | vol2html -o page.html
    # 10, 20-10, 15-20; 12-10, 200-median(12,20,22), 9-median(200,15,195)
    [ "$(plane page.html)" = "10 10 251 2 180 70" ]
    { stream "2 1 1" float "window:=0 65535"; floats 258 3; } | vol2html --depth 16 -o page.html
    [ "$(plane page.html)" = "2 1 1 255" ] # 258, 3-258: low bytes, then high bytes
    { stream "3 1 1"; floats 0 nan 1; } | vol2html -o page.html
    [ "$(plane page.html)" = "0 0 255 2" ] # and a bit for the NaN
}

@test "a title is text, whatever it holds" {
    need jq
    { stream "1 1 1"; floats 0; } >in.nrrd
    vol2html --title '</script></title><b id=x>&"'\''é' in.nrrd -o page.html
    lacks '<b id' page.html
    grep -qF '<title>&#60;/script&#62;&#60;/title&#62;&#60;b id=x&#62;&#38;&#34;&#39;é</title>' page.html
    [ "$(facts page.html .title)" = '"</script></title><b id=x>&\"'\''é"' ]
    { stream "1 1 1" float 'history:=a <!-- <script> b\nc'; floats 0; } | vol2html -o page.html
    [ "$(grep -c '<script>' page.html)" -eq 1 ]
    [ "$(facts page.html .history)" = '"a <!-- <script> b\nc\nvol2html"' ]
}

@test "the title is the file's name, where none is given" {
    { stream "1 1 1"; floats 0; } >in.nrrd
    mkdir folder
    cp in.nrrd folder/a.b.nrrd
    vol2html folder/a.b.nrrd | grep -q '<h1>a.b</h1>'
    vol2html <in.nrrd | grep -q '<h1>Volume</h1>'
    vol2html - <in.nrrd | grep -q '<h1>Volume</h1>'
    tiff2vol "$CELLS" -p 0 | volgamma | vol2html | grep -q '<h1>cells_nuclei_30x126x126_u8</h1>'
    { stream "1 1 1" float "history:=by hand from a.tif"; floats 0; } | vol2html | grep -q '<h1>Volume</h1>'
}

@test "which levels: the stream's window, limits, percentiles, each channel's extremes" {
    need jq
    { stream "5 1 1" float "window:=0 8"; floats 1 2 3 4 9; } >in.nrrd
    [ "$(vol2html in.nrrd >p && facts p '.windows, .windowSource')" = $'[[0,8]]\n"from the stream"' ]
    [ "$(vol2html -w minmax in.nrrd >p && facts p '.windows, .windowSource')" = \
        $'[[1,9]]\n"minimum and maximum of the volume"' ]
    [ "$(vol2html -w 2,5.5 in.nrrd >p && facts p .windows)" = '[[2,5.5]]' ]
    [ "$(vol2html -w percentile:25,75 in.nrrd >p && facts p .windows)" = '[[2,4]]' ]
    { stream "2 3 1 1" float "kinds: vector domain domain domain"; floats 1 -5 2 nan 3 7; } >two.nrrd
    [ "$(vol2html two.nrrd >p && facts p '.windows, .groups[0].kind, .channels')" = $'[[1,3],[-5,7]]\n"vector"\n2' ]
    [ "$(vol2html -c 1 two.nrrd >p && facts p '.windows, .groups[0].kind, .channels')" = $'[[-5,7]]\n"gray"\n1' ]
    { stream "3 2 1 1" float "kinds: RGB-color domain domain domain"; floats 0.5 0.25 1.5 0 0 0.1; } >rgb.nrrd
    [ "$(vol2html rgb.nrrd >p && facts p '.windows, .groups[0].kind')" = $'[[0,1.5],[0,1.5],[0,1.5]]\n"RGB"' ]
    { stream "2 1 1"; floats nan nan; } | vol2html >p
    [ "$(facts p .windows)" = '[[0,1]]' ]
}

@test "levels are scikit-image's" {
    need_python numpy skimage
    perl -e 'srand 5; print pack("f<*", map { int(rand(256)) / 255 } 1 .. 5 * 6 * 7)' >samples
    { stream "7 6 5"; cat samples; } >u8.nrrd
    vol2html u8.nrrd -o page.html
    compared page.html u8.nrrd
    vol2html -w 0.1,0.7 u8.nrrd -o page.html
    compared page.html u8.nrrd
    vol2html --depth 16 u8.nrrd -o page.html
    compared page.html u8.nrrd
    perl -e 'srand 6; print pack("f<*", map { rand() < 0.1 ? "nan" : rand(9) - 4 } 1 .. 3 * 4 * 5 * 6)' >samples
    { stream "3 4 5 6" float "kinds: vector domain domain domain"; cat samples; } >channels.nrrd
    for depth in 8 16; do
        vol2html --depth $depth channels.nrrd -o page.html
        compared page.html channels.nrrd
    done
    { stream "4 3 2"; perl -e 'print pack("f<*", (7) x 24)'; } >flat.nrrd
    vol2html flat.nrrd -o page.html
    compared page.html flat.nrrd
}

@test "levels of real stacks are scikit-image's" {
    need_python numpy skimage
    tiff2vol "$CELLS" | volcrop -p 10:14 >cells.nrrd
    vol2html cells.nrrd -o page.html
    compared page.html cells.nrrd
}

@test "the source's shape, spacing and history are told" {
    need jq
    { stream "4 3 2" float "space dimension: 3" "space directions: (0.5,0,0) (0,0.25,0) (0,0,2)" \
        "space origin: (10,20,30)" 'space units: "um" "um" "um"' "source type:=uint16" "history:=tiff2vol"
      floats $(seq 24); } | vol2html --depth 16 -o page.html
    [ "$(facts page.html '[.size, .fullSize, .factor, .spacing, .unit, .origin]')" = \
        '[[2,3,4],[2,3,4],[1,1,1],[2,0.25,0.5],["um","um","um"],[10,20,30]]' ]
    [ "$(facts page.html .direction)" = '[[0,0,2],[0,0.25,0],[0.5,0,0]]' ]
    [ "$(facts page.html '[.sourceType, .history, .depth]')" = '["uint16","tiff2vol\nvol2html --depth 16",16]' ]
    { stream "4 3 2"; floats $(seq 24); } | vol2html -o page.html
    [ "$(facts page.html '[.spacing, .origin, .unit]')" = '[[null,null,null],null,["","",""]]' ]
}

@test "what does not fit is averaged in blocks, with a message" {
    need jq
    need_python numpy skimage
    perl -e 'srand 7; print pack("f<*", map { rand() < 0.05 ? "nan" : rand() } 1 .. 7 * 31 * 45)' >samples
    { stream "45 31 7" float "space dimension: 3" "space directions: (1,0,0) (0,1,0) (0,0,1.5)" \
        "space origin: (0,0,0)"; cat samples; } >in.nrrd
    vol2html in.nrrd -o page.html 2>said
    [ ! -s said ]
    vol2html --max-size 0.004 in.nrrd -o page.html 2>said
    [ "$(cat said)" = "vol2html: 7 x 31 x 45 samples, 0.009765 MB, are more than a browser should hold (--max-size 0.004): averaged in blocks of 1 x 2 x 2" ]
    [ "$(facts page.html '[.size, .fullSize, .factor, .spacing, .origin]')" = \
        '[[7,16,23],[7,31,45],[1,2,2],[1.5,2,2],[0.5,0.5,0]]' ]
    compared page.html in.nrrd
    vol2html --max-size 0.001 in.nrrd -o page.html
    [ "$(facts page.html .factor)" = '[2,3,3]' ]
    compared page.html in.nrrd
    head -c -1 in.nrrd >short.nrrd
    run vol2html -w 0,1 --max-size 0.001 short.nrrd -o short.html
    [ "$status" -eq 1 ]
    [ "${lines[1]}" = "vol2html: short.nrrd: stream ends in plane 6 of 7 (row 30)" ]
    [ ! -e short.html ]
    cat in.nrrd | vol2html --max-size 0.001 --title in -o piped.html
    cmp piped.html page.html
    { stream "2 9 5 3" float "kinds: vector domain domain domain"; head -c 1080 samples; } >two.nrrd
    vol2html --max-size 0.001 --depth 16 two.nrrd -o page.html
    [ "$(facts page.html .factor)" = '[1,1,1]' ]
    { stream "2 20000 1 1" float "kinds: vector domain domain domain"; head -c 160000 /dev/zero; } >long.nrrd
    vol2html long.nrrd -o page.html 2>said
    [ "$(facts page.html .factor)" = '[1,1,2]' ]
    compared page.html long.nrrd
}

@test "a volume that would be nearly black begins with percentiles, in 16 bits" {
    need jq
    # 990 samples from 0 to 9.89, and 2 bright ones
    { stream "992 1 1"; perl -e 'print pack("f<*", map { $_ / 100 } 0 .. 989), pack("f<*", 1000, 1000)'; } >dark.nrrd
    vol2html dark.nrrd 2>said >p
    [ "$(facts p '[.depth, .windows[0], .looks[0][0]]')" = '[16,[0,1000],0]' ]
    # the sample of rank 986, at the edge of its bin (of 4096)
    [ "$(facts p '.looks[0][1] >= 9.86 and .looks[0][1] < 9.86 + 1000 / 4096')" = true ]
    [[ "$(cat said)" == "vol2html: channel 0 would be nearly black: shown at first from 0 "*" (--window minmax: from minimum to maximum)" ]]
    vol2html --depth 8 dark.nrrd 2>said >p
    [ "$(facts p '[.depth, .looks[0][1] < 11]')" = '[8,true]' ]
    vol2html --window minmax dark.nrrd 2>said >p
    [ "$(facts p '[.depth, .looks[0]]')" = '[8,[0,1000]]' ]
    [ ! -s said ]
    vol2html --max-size 0.001 dark.nrrd 2>said >p # 16 bits would be too much
    [ "$(facts p '[.depth, .looks[0][1] < 11]')" = '[8,true]' ]
    # of two channels, the dark one; what is bright enough stays; so do few samples
    { stream "2 992 1 1" float "kinds: vector domain domain domain"
      perl -e 'print pack("f<*", map { ($_ < 990 ? $_ / 100 : 1000, $_) } 0 .. 991)'; } >two.nrrd
    vol2html two.nrrd 2>said >p
    [ "$(facts p '[.looks[0][1] < 11, .looks[1]]')" = '[true,[0,991]]' ]
    [ "$(wc -l <said)" -eq 1 ]
    { stream "5 1 1"; floats 0 0 0 0 1; } >few.nrrd
    [ "$(vol2html few.nrrd >p && facts p '[.depth, .looks[0]]')" = '[8,[0,1]]' ]
}

@test "labels keep their numbers, in 8 or 16 bits; blocks are the largest" {
    need jq
    { stream "4 1 1" uint16; perl -e 'print pack("S<*", 0, 1, 2, 255)'; } >small.nrrd
    [ "$(vol2html --labels small.nrrd >p && facts p '[.labels, .depth, .windows[0], .looks[0], .groups[0].countScale]')" = \
        '[true,8,[0,255],[0,255],1]' ]
    [ "$(plane p)" = "0 1 1 253" ]
    # as tiff2vol scales them
    { stream "4 1 1" float "source type:=uint16" "source scale:=65535"
      perl -e 'print pack("f<*", map { $_ / 65535 } 0, 1, 2, 300)'; } >large.nrrd
    [ "$(vol2html --labels large.nrrd >p && facts p '[.depth, .windows[0], .groups[0].countScale]')" = '[16,[0,1],65535]' ]
    [ "$(plane p)" = "0 1 1 42 0 0 0 1" ]
    vol2html --labels --max-size 1e-3 --title labels <(stream "3000 1 1" uint16; perl -e 'print pack("S<*", 1 .. 255, (7) x 2745)') >p 2>said
    [ "$(facts p '[.factor[2], .depth]')" = '[6,8]' ] # as 16 bits would need, too
    grep -q "largest numbers in blocks of 1 x 1 x 6" said
    plane p | grep -q "^0 6 6 6 "
    fails 1 "vol2html: few.nrrd: --labels: its samples are not whole numbers" \
        sh -c '(printf "NRRD0004\ntype: float\ndimension: 3\nsizes: 1 1 1\nencoding: raw\nendian: little\n\n"; printf "\0\0\0\077") >few.nrrd; vol2html --labels few.nrrd'
    { stream "2 1 1"; floats 0 65536; } >far.nrrd
    fails 1 "vol2html: far.nrrd: --labels: its numbers are 65536 apart*" vol2html --labels far.nrrd
    fails 1 "vol2html: large.nrrd: --labels: its numbers are 300 apart, and 8 bits hold 255" vol2html --labels --depth 8 large.nrrd
    fails 2 "vol2html: --labels: *" vol2html --labels --window 0,1 far.nrrd
}

@test "a second volume beside the first" {
    need jq
    { stream "2 2 1"; floats 0 1 2 3; } >a.nrrd
    { stream "2 2 1"; floats 0 10 20 30; } >b.nrrd
    vol2html a.nrrd b.nrrd >p
    vol2html --beside b.nrrd a.nrrd | cmp - p
    cat a.nrrd | vol2html --names a,b - b.nrrd | cmp - p
    cat b.nrrd | vol2html --names a,b a.nrrd - | cmp - p
    [ "$(facts p '[.title, [.groups[] | del(.countScale)], .windows]')" = '["a, b",[{"title":"a","kind":"gray","channels":1},{"title":"b","kind":"gray","channels":1}],[[0,3],[0,30]]]' ]
    vol2html a.nrrd b.nrrd --names "x,y</b>" --title T >p
    [ "$(facts p '[.title, [.groups[].title]]')" = '["T",["x","y</b>"]]' ]
    { stream "2 1 1"; floats 0 10; } >c.nrrd
    fails 1 "vol2html: *c.nrrd*" vol2html a.nrrd c.nrrd
    fails 1 "vol2html: none.nrrd: No such file or directory" vol2html a.nrrd none.nrrd
    fails 2 "vol2html: --names: *" vol2html --names a,b a.nrrd
    fails 2 "vol2html: --names: *" vol2html --names a a.nrrd b.nrrd
    fails 2 "vol2html: 'p.html' is not a volume (to write it: -o p.html)" vol2html a.nrrd p.html
    fails 2 "vol2html: *one too many" vol2html --beside a.nrrd a.nrrd b.nrrd
    fails 2 "vol2html: standard input can be only one file*" vol2html - -
}

@test "the source's numbers are known where nothing has changed them" {
    need jq
    # scale_of FILE-AND-OPTIONS [COMMAND...]: what the page says after tiff2vol and these filters
    scale_of() {
        # shellcheck disable=SC2086 # words
        tiff2vol $1 >in.nrrd
        local command
        for command in "${@:2}"; do
            $command in.nrrd >next.nrrd && mv next.nrrd in.nrrd
        done
        vol2html --max-size 9 in.nrrd >p && facts p .groups[0].countScale
    }
    local nuclei=$DATA/nuclei_31x61x57_u16.tif
    [ "$(scale_of "$CELLS")" = 255 ]
    [ "$(scale_of "$nuclei")" = 65535 ]
    [ "$(scale_of "--raw $nuclei")" = 1 ]
    [ "$(scale_of "--full-scale 4095 $nuclei")" = 4095 ]
    [ "$(scale_of "$nuclei" "volcrop -p 1:9" "volaxes --flip row" "volset --spacing 1,1,1" "volproject --max")" = 65535 ]
    [ "$(scale_of "$nuclei" "volbin -f 2 --by min" volcat)" = 65535 ]
    [ "$(scale_of "$nuclei" "volmedian --size 3" "volbin -f 2 --by first")" = 65535 ]
    [ "$(scale_of "$nuclei" "volbin -f 2 --by min" "volcat in.nrrd")" = 65535 ]
    local command
    for command in "volproject --mean" "volproject --sum" "volbin -f 2 --by median" "volgamma -g 0.5" voleq volclip \
        "volgauss --sigma 1" "volmorph --tophat" "voldistance --voxels --max 1" "volresample --size 9,0,0" "volmath a*1" "volthreshold -v 0.1" volclahe "voladjust --log" \
        "volmatch --reference in.nrrd"; do
        [ "$(scale_of "$nuclei" "$command" "volcrop -p 0:1")" = null ] || { echo "$command"; return 1; }
    done
    tiff2vol "$nuclei" | vol2tiff --type float32 -o float.tif
    [ "$(scale_of float.tif)" = null ]
    # of a stream that another program wrote: integers are what they are, if floats hold them
    type_of() { { stream "1 1 1" "$1"; head -c "$2" /dev/zero; } >in.nrrd && vol2html in.nrrd >p && facts p .groups[0].countScale; }
    [ "$(type_of uint16 2)" = 1 ]
    [ "$(type_of int8 1)" = 1 ]
    [ "$(type_of uint32 4)" = null ]
    [ "$(type_of float 4)" = null ]
    vol2html --max-size 0.001 <(stream "2000 1 1" float "source type:=uint8" "source scale:=255"; head -c 8000 /dev/zero) >p
    [ "$(facts p .groups[0].countScale)" = null ] # means
}

@test "pipe, redirection and file give the same bytes" {
    tiff2vol "$CELLS" >in.nrrd
    vol2html --title Cells in.nrrd >file
    vol2html --title Cells <in.nrrd | cmp - file
    cat in.nrrd | vol2html --title Cells | cmp - file
    vol2html --title Cells in.nrrd -o named && cmp named file
    [ "$(stat -c %s file)" -lt 700000 ]
}

@test "what makes no page is refused in one line" {
    { stream "2 2 2"; floats 1 2 3 4 5 inf 7 8; } >in.nrrd
    echo before >out.html
    fails 1 "vol2html: in.nrrd: infinite sample at plane 1, row 0, column 1*" vol2html in.nrrd -o out.html
    fails 1 "vol2html: *plane 1, row 0, column 1*" sh -c 'cat in.nrrd | vol2html -o out.html'
    { stream "2 2 1 1" float "kinds: vector domain domain domain"; floats 1 2 3 inf; } >two.nrrd
    fails 1 "vol2html: two.nrrd: infinite sample at plane 0, row 0, column 1, channel 1: give --window LO,HI" \
        vol2html two.nrrd -o out.html
    head -c -1 in.nrrd >short.nrrd
    fails 1 "vol2html: short.nrrd: stream ends in plane 1 of 2 (row 1)" vol2html -w 0,1 short.nrrd -o out.html
    { stream "17 1 1 1" float "kinds: vector domain domain domain"; floats $(seq 17); } >many.nrrd
    fails 1 "vol2html: many.nrrd: 17 channels are more than the 16 that a page overlays*--channel N" \
        vol2html many.nrrd -o out.html
    fails 1 "vol2html: many.nrrd: channel 17 is out of bounds*" vol2html -c 17 many.nrrd -o out.html
    fails 2 "vol2html: --depth: needs one of 8, 16, not '12'" vol2html --depth 12 in.nrrd
    fails 2 "vol2html: --window plane: *" vol2html -w plane in.nrrd
    fails 2 "vol2html: --window: needs LO,HI*, not '3,1'" vol2html -w 3,1 in.nrrd
    fails 2 "vol2html: --max-size: needs MB*, not '0'" vol2html --max-size 0 in.nrrd
    [ "$(cat out.html)" = before ]
    vol2html -w 0,10 in.nrrd -o out.html
    vol2html -c 16 many.nrrd -o out.html
}

@test "memory is bounded, whatever the volume's shape" {
    need /usr/bin/time
    zeros 8192 8192 1 >plane.nrrd
    peak 32768 vol2html plane.nrrd -o page.html
    rm plane.nrrd
    zeros 1024 1024 64 >stack.nrrd
    peak 32768 vol2html stack.nrrd -o page.html
    peak 32768 vol2html --max-size 2 stack.nrrd -o page.html
    peak 32768 vol2html --depth 16 --max-size 60 stack.nrrd -o page.html
    rm stack.nrrd
    zeros 30000 500 3 >wide.nrrd
    peak 32768 vol2html --max-size 1 wide.nrrd -o page.html
}
