# tiff2vol: TIFF in, against tifffile and scikit-image, and against stored sums without them.
# shellcheck disable=SC2002 # a cat makes a pipe
load helpers

MRI=$DATA/mri_head_27x226x186_u8.tif
NUCLEI=$DATA/nuclei_31x61x57_u16.tif

sum() { sed '1,/^$/d' | cksum; }
head_of() { sed '/^$/q'; }

@test "real stacks give img_as_float's samples" {
    # cksum of img_as_float(tifffile.imread(FILE)).astype(float32), scikit-image 0.19.3
    [ "$(tiff2vol "$CELLS" | sum)" = "3529871010 1905120" ]
    [ "$(tiff2vol "$MRI" | sum)" = "1654216271 4539888" ]
    [ "$(tiff2vol "$NUCLEI" | sum)" = "2931753449 431148" ]
}

@test "real stacks, sample for sample" {
    need_python tifffile skimage
    "$PYTHON" "$REFERENCE/tiff2vol.py" volumes "$DATA"/*.tif
}

@test "types, byte orders, layouts, compressions, slices, pipes: as tifffile reads them" {
    need tiffcp
    need_python tifffile skimage
    "$PYTHON" "$REFERENCE/tiff2vol.py" flavours
}

@test "odd and hostile files: read or refused in one line" {
    for file in $(odd_files; hostile_files); do
        timeout 20 tiff2vol "$file" >out 2>said && status=0 || status=$?
        [ "$status" -eq 0 ] || [ "$status" -eq 1 ] || { echo "exit $status: $file"; return 1; }
        # A notice may stand beside a volume, and before a refusal.
        [ "$status" -eq 0 ] || [ -s said ] || { echo "no word: $file"; return 1; }
        [ "$(wc -l <said)" -le 4 ] && ! grep -v '^tiff2vol: ' said || { cat said; echo "$file"; return 1; }
        [ "$status" -eq 1 ] || [[ "$file" != */corrupt/* ]] || { echo "taken: $file"; return 1; }
    done
}

@test "hostile files take little memory" {
    unsanitized
    need /usr/bin/time
    need_shared
    for file in $(hostile_files); do
        /usr/bin/time -q -f %M -o kib tiff2vol "$file" >out 2>said || true
        [ "$(cat kib)" -le 65536 ] || { echo "$(cat kib) KiB: $file"; return 1; }
    done
}

@test "damaged copies of real files are taken or refused, never more" {
    need_python tifffile skimage
    "$PYTHON" "$REFERENCE/tiff2vol.py" mutants "$CELLS" "$NUCLEI"
}

@test "what is not read is refused with its reason" {
    need_python struct
    "$PYTHON" "$REFERENCE/tiff_made.py" refused >table
    [ "$(wc -l <table)" -gt 40 ]
    while IFS=$'\t' read -r name message; do
        fails 1 "tiff2vol: $name: $message" tiff2vol "$name" -o out.nrrd
        [ ! -e out.nrrd ]
    done <table
}

@test "an existing file stays when the input is refused" {
    echo before >out.nrrd
    head -c 100000 "$CELLS" >cut.tif
    fails 1 "tiff2vol: cut.tif: page 1: its directory lies at byte 476648, the file has 100000; tiff2vol -p 0:1 reads the pages before" \
        tiff2vol cut.tif -o out.nrrd
    [ "$(cat out.nrrd)" = before ]
    fails 1 "tiff2vol: none.tif: No such file or directory" tiff2vol none.tif -o out.nrrd
    mkdir empty
    fails 1 "tiff2vol: empty: a folder without files whose name ends in .tif" tiff2vol empty -o out.nrrd
    [ "$(cat out.nrrd)" = before ]
}

@test "spacing and unit of ImageJ; history with names alone" {
    tiff2vol "$MRI" | head_of >out
    grep -qx 'space directions: (0.5,0,0) (0,0.5,0) (0,0,7)' out
    grep -qx 'space units: "mm" "mm" "mm"' out
    grep -qx 'space origin: (0,0,0)' out
    grep -qx 'source type:=uint8' out
    grep -qx 'history:=tiff2vol mri_head_27x226x186_u8.tif' out
    tiff2vol --raw -p 1:3 - <"$MRI" | head_of | grep -qx 'history:=tiff2vol -p 1:3 --raw -'
    tiff2vol "$NUCLEI" | head_of >out
    lacks '^space directions\|^spacings\|^space units\|^space origin' out
    grep -qx 'source type:=uint16' out
}

@test "--spacing, --unit and --downsampled" {
    tiff2vol -s 0.29,0.065,0.065 -u um --downsampled 1,4,4 "$NUCLEI" | head_of >out
    grep -qx 'space directions: (0.26,0,0) (0,0.26,0) (0,0,0.29)' out
    grep -qx 'space origin: (0,0,0)' out
    grep -qx 'history:=tiff2vol -s 0.29,0.065,0.065 -u um --downsampled 1,4,4 nuclei_31x61x57_u16.tif' out
    tiff2vol --downsampled 1,2,4 "$MRI" | head_of | grep -qx 'space directions: (2,0,0) (0,1,0) (0,0,7)'
    tiff2vol -s 1,2,3 -p 1::2 "$NUCLEI" | head_of >out
    grep -qx 'space directions: (3,0,0) (0,2,0) (0,0,2)' out
    grep -qx 'space origin: (0,0,1)' out
    tiff2vol -s 1um,0.2um,0.2um -p 0 "$NUCLEI" | volinfo --header | grep -qx 'spacing  *(1, 0.2, 0.2) um'
    tiff2vol -s 1,0.2,0.2nm -p 0 "$NUCLEI" | volinfo --header | grep -qx 'spacing  *(1, 0.2, 0.2) nm'
    fails 1 "tiff2vol: */nuclei_31x61x57_u16.tif: --downsampled: the step between rows is not known; *" \
        tiff2vol --downsampled 1,4,4 "$NUCLEI"
    fails 1 "tiff2vol: */nuclei_31x61x57_u16.tif: --unit: no step is known; *" tiff2vol -u um "$NUCLEI"
    fails 2 "tiff2vol: --spacing: needs *, not '1,2'" tiff2vol -s 1,2 "$NUCLEI"
    fails 2 "tiff2vol: --spacing: the values of '1,2um,3mm' differ in their units: write one, behind the last" tiff2vol -s 1,2um,3mm "$NUCLEI"
    fails 2 "tiff2vol: --spacing and --unit both name a unit" tiff2vol -s 1,2,3um -u mm "$NUCLEI"
    tiff2vol -s 0.5,0.1,0.1um "$NUCLEI" | sed '/^history/d' | cmp - <(tiff2vol -s 0.5,0.1,0.1 -u um "$NUCLEI" | sed '/^history/d')
    tiff2vol -s 0.5um,0.1um,0.1um "$NUCLEI" | volinfo | grep -qx 'spacing     (0.5, 0.1, 0.1) um'
    fails 2 "tiff2vol: --spacing: the plane axis has spacing 0" tiff2vol -s 0,1,1 "$NUCLEI"
    fails 2 "tiff2vol: --downsampled: needs *, not '1,nan,1'" tiff2vol --downsampled 1,nan,1 "$NUCLEI"
}

@test "--planes as volcrop does it, --raw, --full-scale" {
    tiff2vol "$NUCLEI" | volcrop -p -20:-1:3 | sum >cropped
    tiff2vol -p -20:-1:3 "$NUCLEI" | sum | cmp - cropped
    tiff2vol -p 7 "$CELLS" | sum >one
    tiff2vol "$CELLS" | volcrop -p 7 | sum | cmp - one
    fails 1 "tiff2vol: plane 31 is out of bounds: there are 31" tiff2vol -p 31 "$NUCLEI"
    [ "$(tiff2vol --raw "$MRI" | samples | sort -n | tail -1)" = 255 ]
    [ "$(tiff2vol --full-scale 51 "$MRI" | samples | sort -n | tail -1)" = 5 ]
    fails 2 "tiff2vol: --raw leaves *" tiff2vol --raw --full-scale 4095 "$MRI"
    fails 2 "tiff2vol: --full-scale: needs *, not '0'" tiff2vol --full-scale 0 "$MRI"
    fails 2 "tiff2vol: no FILE; *" tiff2vol
}

@test "file, redirection, pipe and named pipe give the same bytes" {
    tiff2vol "$NUCLEI" | sum >file
    tiff2vol - <"$NUCLEI" | sum | cmp - file
    cat "$NUCLEI" | tiff2vol - | sum | cmp - file
    mkfifo pipe
    cat "$NUCLEI" >pipe &
    tiff2vol pipe | sum | cmp - file
    TMPDIR=/no/such/folder tiff2vol - <"$NUCLEI" | sum | cmp - file
    fails 1 "tiff2vol: standard input must be *" env TMPDIR=/no/such/folder sh -c "cat '$NUCLEI' | tiff2vol -"
    fails 1 "tiff2vol: standard input is empty: the program before it failed?" sh -c 'cat /dev/null | tiff2vol -'
}

@test "several files are one stack in the order given" {
    need_python tifffile
    "$PYTHON" "$REFERENCE/steps_tiff2vol.py" several_files "$NUCLEI"
    tiff2vol "$NUCLEI" | sum >whole
    tiff2vol p??.tif | sum | cmp - whole
    tiff2vol first.tif rest.tif | sum | cmp - whole
    tiff2vol first.tif - <rest.tif | sum | cmp - whole
    cat first.tif | tiff2vol - rest.tif | sum | cmp - whole
    tiff2vol -p 5::4 p??.tif | sum >some
    tiff2vol -p 5::4 "$NUCLEI" | sum | cmp - some
    tiff2vol first.tif rest.tif | head_of | grep -qx 'history:=tiff2vol first.tif rest.tif'
    tiff2vol p??.tif | head_of | grep -qx 'history:=tiff2vol p00.tif ... p30.tif'
    fails 1 "tiff2vol: other.tif: page 0 is 30 x 57 uint16, page 0 of first.tif is 61 x 57 uint16: *" \
        tiff2vol first.tif other.tif
    (ulimit -n 16 && tiff2vol p??.tif | sum | cmp - whole)
}

@test "ImageJ hyperstacks: one channel and one frame; steps in every spelling" {
    need_python tifffile skimage
    "$PYTHON" "$REFERENCE/steps_tiff2vol.py" hyperstacks
}

@test "one directory, all planes behind it: ImageJ beyond 4 GB, and BigTIFF" {
    need_python struct
    "$PYTHON" "$REFERENCE/tiff_made.py" run 2700
    for file in imagej_run.tif big_run.tif; do
        [ "$(stat -c %s $file)" -gt 4294967296 ]
        tiff2vol -p 0:600:599 $file >ends.nrrd
        head_of <ends.nrrd | grep -qx 'sizes: 2700 2700 2'
        [ "$(sum <ends.nrrd)" = "$({ head -c 29160000 /dev/zero; perl -e 'print pack("f<", 97 / 255) x 7290000'; } | cksum)" ]
        truncate -s -1 $file
        fails 1 "tiff2vol: $file: its description tells of 600 images of 7290000 bytes from byte 512 on, the file ends at byte 4374000511; *" \
            tiff2vol $file
    done
}

@test "pages decoded before damage are passed on, and no more" {
    need tiffcp
    need_python tifffile
    "$PYTHON" "$REFERENCE/steps_tiff2vol.py" damaged_pages
    for scheme in zip lzw zstd; do
        fails 1 "tiff2vol: $scheme.tif: page 4: can't be decoded (row 0): *" tiff2vol $scheme.tif -o out.nrrd
        [ ! -e out.nrrd ]
        tiff2vol $scheme.tif 2>said >short.nrrd || true
        [ "$(sum <short.nrrd)" = "$(tiff2vol -p :4 whole.tif | sum)" ]
        fails 1 "volinfo: short.nrrd: stream ends in plane 4 of 6*" volinfo short.nrrd
        [ "$(tiff2vol -p 5 $scheme.tif | sum)" = "$(tiff2vol -p 5 whole.tif | sum)" ]
    done
}

@test "the rows before damage in a large deflated strip are passed on" {
    need_python numpy tifffile
    "$PYTHON" "$REFERENCE/steps_tiff2vol.py" damaged_strip
    [ "$(tiff2vol large.tif | sum)" = "$(tiff2vol whole.tif | sum)" ]
    for name in middle sum; do
        fails 1 "tiff2vol: $name.tif: page 1: can't be decoded (row *): *" tiff2vol $name.tif
        sed '1,/^$/d' stdout >short
        [ "$(($(stat -c %s short) % 3600))" -eq 0 ]
        row=$(($(stat -c %s short) / 3600 - 1000))
        grep -q "(row $row)" stderr
        [ "$row" -gt 400 ]
        tiff2vol whole.tif | sed '1,/^$/d' | head -c $((1400 * 3600)) | cmp - <(head -c $((1400 * 3600)) short)
    done
    [ "$row" -eq 999 ]
}

@test "a deflated page behind which more was compressed is whole" {
    need_python struct
    "$PYTHON" "$REFERENCE/tiff_made.py" taken
    for file in long.tif large.tif; do
        tiff2vol --raw $file | samples >got
        cmp got <(perl -e 'print $_ * $_ % 251, "\n" for 0 .. shift' $(($(wc -l <got) - 1)))
    done
}

@test "memory: small, and the same for many pages" {
    unsanitized
    need /usr/bin/time
    need_python tifffile
    "$PYTHON" "$REFERENCE/steps_tiff2vol.py" large_layouts
    for file in medium:16384 strip:16384 strips:16384 tiles:32768 raw_tiles:16384 one:32768 few:16384 many:16384; do
        /usr/bin/time -q -f %M -o ${file%:*}.kib tiff2vol ${file%:*}.tif >/dev/null
        echo "$file: $(cat ${file%:*}.kib) KiB"
        [ "$(cat ${file%:*}.kib)" -le ${file#*:} ]
    done
    [ "$(cat many.kib)" -le $(($(cat few.kib) + 1024)) ]
}

@test "a reader that leaves is no news; a full disk is" {
    run bash -c 'tiff2vol "$CELLS" "$CELLS" "$CELLS" | head -c 100 | wc -c; exit ${PIPESTATUS[0]}'
    [ "$output" = 100 ]
    [ "$status" -eq 141 ]
    [ -c /dev/full ] || skip "no /dev/full"
    fails 75 "tiff2vol: standard output: write: No space left on device" sh -c "tiff2vol '$CELLS' >/dev/full"
}

@test "of a folder of planes, only those that are asked for are opened" {
    need strace
    mkdir planes
    tiff2vol --raw "$CELLS" >whole
    for plane in $(seq 0 29); do
        volcrop -p "$plane" whole | vol2tiff --raw --type uint8 -o "planes/z$plane.tif"
    done
    opened() { # opened OPTION...: how many of the files
        strace -f -e trace=open,openat -o trace tiff2vol --raw "$@" planes >found
        grep -o 'z[0-9]*\.tif' trace | sort -u | wc -l
    }
    [ "$(opened -p 10:14)" -eq 5 ] # and the first
    cmp <(samples <found) <(volcrop -p 10:14 whole | samples)
    [ "$(opened -p 3:20:8)" -eq 4 ]
    cmp <(samples <found) <(volcrop -p 3:20:8 whole | samples)
    [ "$(opened -p 27:)" -eq 4 ]
    cmp <(samples <found) <(volcrop -p 27: whole | samples)
    [ "$(opened -p 5)" -eq 2 ]
    [ "$(opened -p -2:)" -eq 30 ]
    cmp <(samples <found) <(volcrop -p -2: whole | samples)
    # One of another size is opened, for it may hold several planes.
    volcrop -p 0:3 whole | vol2tiff --raw --type uint8 -o planes/z4.tif
    [ "$(opened -p 12:14)" -eq 4 ] # the first, z4, z10, z11
    cmp <(samples <found) <(volcrop -p 10:12 whole | samples)
    fails 1 "tiff2vol: the slice of planes is empty*" tiff2vol -p 40: planes
}

@test "a folder: its TIFF files in the order of their numbers, hidden ones left out" {
    mkdir stack
    tiff2vol "$CELLS" -p :3 | vol2tiff --type uint8 -o stack/p%d.tif
    cp stack/p0.tif stack/p10.tif
    cp stack/p1.tif stack/._p1.tif
    : >stack/.p2.tif
    : >stack/notes.txt
    tiff2vol stack | sum >found
    tiff2vol stack/p0.tif stack/p1.tif stack/p2.tif stack/p10.tif | sum | cmp - found
}
