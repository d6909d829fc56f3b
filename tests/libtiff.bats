# libtiff is loaded when a file needs it: pages of plain numbers do not.
load helpers

NUCLEI=$DATA/nuclei_31x61x57_u16.tif

# loads CMD...: the names under which CMD loads libtiff.
loads() { LD_DEBUG=files "$@" 2>&1 >/dev/null | grep -ao 'file=libtiff[^ ]*' | sort -u; }

need_loading() {
    ! ldd "$B/tiff2vol" 2>&1 | grep -q 'libtiff\|not a dynamic\|statically' || skip "libtiff is linked"
}

@test "pages of plain numbers are read and written without libtiff" {
    need_loading
    local layout
    for layout in "" "--type float32" "--type uint8 --saturate"; do
        # shellcheck disable=SC2086 # options
        tiff2vol "$NUCLEI" | vol2tiff $layout -o "plain.tif"
        [ -z "$(loads tiff2vol plain.tif)" ] && [ -z "$(loads volinfo plain.tif)" ]
    done
    tiff2vol "$NUCLEI" >in.nrrd
    [ -z "$(loads vol2tiff in.nrrd -o out.tif)" ]
    [ -z "$(loads tiff2vol "$DATA/reports/imagej-images-3.0.tif")" ]
    [ -n "$(loads vol2tiff --compress deflate in.nrrd -o packed.tif)" ]
    [ -n "$(loads tiff2vol packed.tif)" ]
    [ -n "$(loads tiff2vol --rgb plain.tif)" ]
}

@test "many strips, RGB and the other byte order are plain, too" {
    need_loading
    need_python numpy tifffile
    "$PYTHON" "$REFERENCE/steps_libtiff.py" plain_files
    for file in strips other rgb; do
        [ -z "$(loads tiff2vol "$file.tif")" ] || { echo "$file"; return 1; }
        tiff2vol "$file.tif" | sed '1,/^$/d' >"$file.raw"
    done
    cmp strips.raw other.raw
    "$PYTHON" "$REFERENCE/steps_libtiff.py" check_plain_files
}

@test "what is read without libtiff is what libtiff says" {
    need_python struct
    "$PYTHON" "$REFERENCE/tiff_damage.py" types
    "$PYTHON" "$REFERENCE/tiff_damage.py" made
    COUNT_PAGES=1 "$B/tests/replay_plain_page" "$DATA"/*.tif "$DATA"/reports/*.tif "$ROOT"/tests/fuzz/corpus/tiff/* \
        TYPES/*.tif ./*.tif >counts
    [ "$(awk '/are plain/ { n += $1 } END { print n }' counts)" -ge 100 ]
}

@test "a libtiff that can't be loaded: one line, and plain pages are read" {
    need_loading
    tiff2vol "$NUCLEI" >in.nrrd
    vol2tiff --compress lzw in.nrrd -o packed.tif
    vol2tiff in.nrrd -o plain.tif
    local name
    name=$(loads tiff2vol packed.tif)
    mkdir broken
    : >"broken/${name#file=}"
    export LD_LIBRARY_PATH=$PWD/broken
    tiff2vol plain.tif | sed '1,/^$/d' >got
    sed '1,/^$/d' in.nrrd | cmp - got
    fails 1 "tiff2vol: packed.tif: *libtiff*: file too short" tiff2vol packed.tif
    fails 1 "volinfo: packed.tif: *libtiff*: file too short" volinfo packed.tif
    fails 1 "vol2tiff: out.tif: *libtiff*: file too short" vol2tiff --compress lzw in.nrrd -o out.tif
    [ ! -e out.tif ]
}

@test "no memory for libtiff, or no descriptor: a failure of the system" {
    need_loading
    unsanitized
    tiff2vol "$NUCLEI" | vol2tiff --compress deflate -o packed.tif
    tiff2vol packed.tif >wanted
    local amount status
    for amount in 4000 5000 6000 7000 8000 9000 10000 12000 20000 40000; do
        (ulimit -v $amount && tiff2vol --version) >/dev/null 2>&1 || continue # not even its own libraries
        status=0
        (ulimit -v $amount && tiff2vol -j 1 packed.tif) >got 2>said || status=$?
        case $status in
        0) cmp got wanted ;;
        75) [ "$(wc -l <said)" -eq 1 ] && grep -q 'Cannot allocate memory$' said ;;
        *) false ;;
        esac || { echo "$amount: status $status"; cat said; return 1; }
    done
    fails 75 "tiff2vol: packed.tif: loading libtiff: Too many open files" \
        sh -c 'exec 3>&- 4>&-; ulimit -n 4; tiff2vol packed.tif'
}

# directory_at OFFSET LAYOUT: a TIFF file whose directory begins inside its header, and makes sense.
make_directory_inside() {
    perl -e '
        my @tags = ([256, 4, 2], [257, 4, 2], [258, 3, 8], [259, 3, 1], [262, 3, 1], [273, 4, 2048], [278, 4, 2], [279, 4, 4]);
        my ($offset, $big, $entries) = @ARGV;
        my $header = $big ? pack("a2vvvQ<", "II", 43, 8, 0, $offset) : pack("a2vV", "II", 42, $offset);
        # the header ends within the count, or within the first entry
        my $pad = $big ? "" : "\0" x 8;
        my $more = $entries - @tags - ($big ? 0 : 1);
        my @all = (@tags, map { [60000 + $_, 3, 0] } 1 .. $more);
        print $header, $pad, map({ $big ? pack("vvQ<VV", $$_[0], $$_[1], 1, $$_[2], 0) : pack("vvVV", $$_[0], $$_[1], 1, $$_[2]) } @all);
        my $used = ($big ? 16 : 16) + @all * ($big ? 20 : 12);
        print "\0" x (2048 - $used), "abcd";' "$@"
}

@test "a directory that begins inside the header is refused, as libtiff does" {
    make_directory_inside 2 "" 42 >classic.tif
    make_directory_inside 8 1 8 >big.tif
    local program
    for program in tiff2vol "tiff2vol --raw" volinfo; do
        # shellcheck disable=SC2086 # words
        fails 1 "${program%% *}: classic.tif: page 0: its directory lies at byte 2, inside the header of 8" $program classic.tif
        # shellcheck disable=SC2086 # words
        fails 1 "${program%% *}: big.tif: page 0: its directory lies at byte 8, inside the header of 16" $program big.tif
    done
    "$B/tests/replay_plain_page" classic.tif big.tif
}
