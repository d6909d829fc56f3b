# tiff2vol and volinfo: files outside TIFF's rules, or damaged. They are read as other readers do, or
# refused with the option that reads them.
load helpers

REPORTS=$DATA/reports
NUCLEI=$DATA/nuclei_31x61x57_u16.tif

sum() { sed '1,/^$/d' | cksum; }
made() { need_python struct && "$PYTHON" "$REFERENCE/tiff_damage.py" made; }

# reads FILE LIKE [MESSAGE]: FILE has the samples of LIKE; MESSAGE, a pattern, is all that is said.
reads() {
    tiff2vol "$1" 2>said | sum >got
    tiff2vol "$2" 2>/dev/null | sum | cmp - got
    # shellcheck disable=SC2053 # a pattern
    [[ "$(cat said)" == ${3-} ]] || { cat said; return 1; }
}

# refuses MESSAGE FILE OPTION...: FILE is refused with MESSAGE, and read with the options.
refuses() {
    local message=$1 file=$2
    shift 2
    fails 1 "tiff2vol: $file: $message" tiff2vol "$file"
    tiff2vol "$@" "$file" 2>/dev/null >read.nrrd
}

@test "counts of every integer type, resolutions of every type of numbers" {
    need_python struct
    "$PYTHON" "$REFERENCE/tiff_damage.py" types
    [ "$(ls TYPES | wc -l)" -eq 60 ]
    for file in TYPES/*.tif; do
        tiff2vol -c 1 "$file" | grep -av '^history:=' | cksum
        volinfo --json "$file" | cksum >&3
    done 3>described | uniq >all
    [ "$(wc -l <all)" -eq 1 ]
    [ "$(uniq described | wc -l)" -eq 1 ]
    volinfo -c 0 TYPES/03.tif | grep -q '^shape  *(3, 20, 24) '
    tiff2vol -c 1 TYPES/03.tif | volinfo | grep -qx 'spacing     (2, 0.25, 0.25) um'
    tiff2vol --channels all "$REPORTS/bigtiff-long8-size.tif" | volinfo | grep -q '^shape  *(3, 10, 12, 2) '
}

@test "a tag that can't be read is a failure, never an absent one" {
    made
    refuses "its ImageDescription (tag 270) lies beyond the end of the file; --plain *" text_outside.tif --plain
    refuses "its XResolution (tag 282) lies beyond the end of the file; --plain *" resolution_outside.tif --plain
    fails 1 "volinfo: text_outside.tif: its ImageDescription *" volinfo text_outside.tif
    volinfo --plain text_outside.tif >/dev/null
}

@test "an OME-TIFF whose description is cut off is no stack of plain planes" {
    need_python tifffile
    "$PYTHON" "$REFERENCE/steps_tiff_damage.py" cut_description
    tiff2vol --channels all moved.ome.tif >/dev/null
    fails 1 "tiff2vol: cut.ome.tif: *beyond the end of the file*--plain *" tiff2vol cut.ome.tif
    tiff2vol --plain cut.ome.tif | volinfo | grep -q '^shape  *(6, 8, 9) '
}

@test "values outside the specification are read as other readers do, and said" {
    made
    for name in no-photometric rowsperstrip-0 compression-0 rgb-with-one-sample orientation-0; do
        tiff2vol "$REPORTS/$name.tif" 2>said | volinfo >got
        grep -q '^shape  *(3, 10, 12) ' got
        grep -q '^range  *0.0024567025 to 0.99551386' got
        [ "$(wc -l <said)" -eq 1 ]
        grep -q "^tiff2vol: .*$name.tif: page 0: .*: read as " said
        volinfo "$REPORTS/$name.tif" 2>said | grep -q '^shape  *(3, 10, 12) '
        grep -q "^volinfo: .*$name.tif: page 0: .*: read as " said
    done
    for name in fill_order_0 planar_0 sample_format_0 orientation_9; do
        reads $name.tif plain.tif "tiff2vol: $name.tif: page 0: its * is not one of TIFF's: read as *"
    done
}

@test "--raw takes the stored samples of every photometric, depth and kind of numbers" {
    made
    refuses "page 0: PhotometricInterpretation 32803 (a color filter array): *; --raw takes *" cfa.tif --raw
    tiff2vol --raw cfa.tif | sum >got
    tiff2vol --raw plain.tif | sum | cmp - got
    refuses "page 0: PhotometricInterpretation 34892 (*; --raw takes *" linear_raw.tif --raw
    refuses "page 0: PhotometricInterpretation 8 (*; --raw takes *; --rgb *" cielab.tif --rgb
    refuses "page 0: PhotometricInterpretation 4 (a mask): *; --raw takes *" mask_only.tif --raw
    refuses "page 0: 12-bit samples (signed): *--raw takes other integers *" int12.tif --raw
    refuses "page 0: Orientation 6 *--raw and --rgb *" turned.tif --raw
    refuses "page 0: 64-bit samples (complex float): *--raw *" complex.tif --raw
    volinfo --header read.nrrd | grep -q '^shape  *(1, 8, 6, 2) '
}

@test "empty tiles and strips: --missing zero" {
    made
    for name in sparse-tile gdal-sparse; do
        fails 1 "tiff2vol: */$name.tif: page 0: tile 1 (0 bytes from byte 0 on) is empty (--missing zero *" \
            tiff2vol "$REPORTS/$name.tif"
        fails 1 "volinfo: */$name.tif: page 0: tile 1 *--missing zero *" volinfo "$REPORTS/$name.tif"
        volinfo --missing zero "$REPORTS/$name.tif" >/dev/null
        tiff2vol --missing zero "$REPORTS/$name.tif" | volinfo | grep -q '^range  *0 to 0.9997711'
    done
    refuses "page 0: strip 1 (0 bytes *) is empty (--missing zero *" empty_strip.tif --missing zero
    [ "$(samples <read.nrrd | tail -n 24 | sort -u)" = 0 ]
    tiff2vol plain.tif | samples | head -n 24 >top
    samples <read.nrrd | head -n 24 | cmp - top
}

@test "masks of transparency and reduced copies are no planes" {
    made
    tiff2vol "$REPORTS/gdal-internal-mask.tif" 2>said | volinfo | grep -q '^shape  *(1, 10, 12) '
    tiff2vol "$REPORTS/gdal-mask-made.tif" 2>>said | volinfo | grep -q '^shape  *(1, 40, 40) '
    tiff2vol two_masks.tif 2>>said | volinfo --header | grep -q '^shape  *(2, 8, 6) '
    [ ! -s said ]
    for name in thumbnail-first all-pages-reduced; do
        tiff2vol "$REPORTS/$name.tif" 2>said | volinfo | grep -q '^shape  *(3, 10, 12) '
        grep -q "^tiff2vol: .*$name.tif: page 0 is " said
    done
    tiff2vol two_reduced.tif 2>said | volinfo --header | grep -q '^shape  *(2, 8, 6) '
    [ "$(wc -l <said)" -eq 2 ]
    tiff2vol same_size.tif 2>said | volinfo --header | grep -q '^shape  *(2, 8, 6) '
    grep -q '^tiff2vol: same_size.tif: page 1 is marked .*: read as a plane' said
}

@test "a damaged chain of pages: -p reads those before" {
    made
    refuses "its chain of pages has no end *; tiff2vol -p 0:2 reads the pages before" loop.tif -p 0:2
    refuses "page 2: its directory has 0 entries, *; tiff2vol -p 0:2 reads *" garbage_link.tif -p 0:2
    fails 1 "tiff2vol: */last-link-beyond-end.tif: page 3: its directory lies at byte 4294967280, *; tiff2vol -p 0:3 *" \
        tiff2vol "$REPORTS/last-link-beyond-end.tif"
    tiff2vol "$REPORTS/no-photometric.tif" 2>/dev/null | sum >whole
    tiff2vol -p 0:3 "$REPORTS/last-link-beyond-end.tif" | sum | cmp - whole
    tiff2vol -p 2 "$REPORTS/last-link-beyond-end.tif" | volinfo --header | grep -q '^shape  *(1, 10, 12) '
    for planes in 0:4 3 -1 1:; do
        fails 1 "tiff2vol: */last-link-beyond-end.tif: page 3: *" tiff2vol -p $planes "$REPORTS/last-link-beyond-end.tif"
    done
    head -c 250000 "$CELLS" >cut.tif
    fails 1 "tiff2vol: cut.tif: page 1: *; tiff2vol -p 0:1 *" tiff2vol cut.tif
    tiff2vol -p 0:1 cut.tif | sum >got
    tiff2vol -p 0:1 "$CELLS" | sum | cmp - got
    fails 1 "tiff2vol: cut.tif: page 1: *" tiff2vol -p 0:2 cut.tif
}

@test "fax of several samples a pixel: refused, or the same in any memory" {
    need tiffcp
    made
    for scheme in g3 g4; do
        tiffcp -c $scheme bits3.tif fax_$scheme.tif 2>/dev/null
        refuses "page 0: is compressed as fax, but has 3 samples a pixel, *--missing zero *" fax_$scheme.tif \
            --missing zero
        for byte in 0 85 170; do
            for jobs in 1 3; do
                MALLOC_PERTURB_=$byte tiff2vol -j $jobs --missing zero fax_$scheme.tif | sum
            done
        done | uniq >all
        [ "$(wc -l <all)" -eq 1 ]
    done
}

@test "no file's samples depend on what was in memory" {
    made
    for file in *.tif "$REPORTS"/*.tif "$NUCLEI" "$CELLS"; do
        for options in "" --rgb "--raw --missing zero"; do
            for byte in 0 85 170; do
                # shellcheck disable=SC2086 # options are words
                MALLOC_PERTURB_=$byte tiff2vol -j $((byte == 85 ? 3 : 1)) $options "$file" 2>/dev/null | sum
            done | uniq | wc -l >count
            [ "$(cat count)" -eq 1 ] || { echo "$file $options"; return 1; }
        done
    done
}

@test "--memory raises the limits" {
    need_python numpy tifffile
    "$PYTHON" "$REFERENCE/steps_tiff_damage.py" large_tiles
    fails 1 "tiff2vol: large.tif: page 0: a row of its tiles takes 17 MiB decoded, at most 1 are held (--memory MB *" \
        tiff2vol --memory 1 large.tif
    made
    fails 1 "tiff2vol: wide_row.tif: page 0: a row takes 2048 MiB decoded, at most 1024 are held (--memory MB *" \
        tiff2vol --missing zero wide_row.tif
    tiff2vol --memory 64 large.tif | sum >got
    tiff2vol large.tif | sum | cmp - got
}

@test "several channels and frames are asked for at once; a spacing known in part is said" {
    made
    fails 1 "tiff2vol: axes.tif: holds *--channel 0 to 2, or all with --channels all, and one with --frame 0 to 1 *" \
        tiff2vol axes.tif
    tiff2vol half_known.tif 2>said | volinfo | grep -q "^spacing  *(unknown, 0.25, 0.25) "
    [ "$(cat said)" = "tiff2vol: half_known.tif: the distance between planes is not known, but others are: --spacing DZ,DY,DX sets all" ]
    tiff2vol -s 1,2,3 half_known.tif 2>said >/dev/null
    [ ! -s said ]
}

@test "volinfo opens a file once and describes it as tiff2vol reads it" {
    made
    volinfo axes.tif >whole
    # shellcheck disable=SC2002 # a cat makes a pipe
    cat axes.tif | volinfo | cmp - whole
    volinfo <(cat axes.tif) | cmp - whole
    mkfifo fifo
    cat axes.tif >fifo &
    timeout 10 volinfo fifo | cmp - whole
    tiff2vol plain.tif >plain.nrrd
    cat plain.nrrd >fifo &
    timeout 10 volinfo fifo | cmp - <(volinfo plain.nrrd)
    volinfo --plain axes.tif | grep -q '^shape  *(6, 8, 6) '
    volinfo --plain --order plane:2,channel axes.tif | grep -q '^channels  *3$'
    volinfo -c 1 --frame 1 axes.tif >got
    grep -q '^channels  *1$' got
    grep -q '^frames  *1$' got
    fails 1 "volinfo: axes.tif: *--frame 0 to 1*" volinfo --frame 2 axes.tif
    fails 1 "volinfo: plain.nrrd: --plain is for TIFF files, *" volinfo --plain plain.nrrd
}

# make_directory_inside OFFSET BIG ENTRIES: a TIFF file whose directory begins inside its header, and makes sense.
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

@test "a directory that begins inside the header is refused" {
    make_directory_inside 2 "" 42 >classic.tif
    make_directory_inside 8 1 8 >big.tif
    local program
    for program in tiff2vol "tiff2vol --raw" volinfo; do
        # shellcheck disable=SC2086 # words
        fails 1 "${program%% *}: classic.tif: page 0: its directory lies at byte 2, inside the header of 8" $program classic.tif
        # shellcheck disable=SC2086 # words
        fails 1 "${program%% *}: big.tif: page 0: its directory lies at byte 8, inside the header of 16" $program big.tif
    done
}
