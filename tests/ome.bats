# OME-TIFF as people meet it: encodings, renamed files, sets of thousands; and text that is written.
load helpers

REPORTS=$DATA/reports

# about FILE KEY: a value of its first series, as Python prints it.
about() {
    volinfo --json "$1" | "$PYTHON" -c 'import json, sys; print(json.load(sys.stdin)["series"][0][sys.argv[1]])' "$2"
}

# page DESCRIPTION FILE [PAGES]: a TIFF of 10 x 12 numbers; page N is all N.
page() {
    "$PYTHON" "$REFERENCE/steps_ome.py" page "$@"
}

# ome PIXELS DATA [DECLARATION [BEFORE]]: an XML text.
ome() {
    printf '%s%s<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Image ID="Image:0"><Pixels ID="Pixels:0" DimensionOrder="XYZCT" Type="uint16" SizeX="12" SizeY="10" SizeC="1" %s>%s</Pixels></Image></OME>' \
        "${4-}" "${3-<?xml version=\"1.0\" encoding=\"UTF-8\"?>}" "$1" "$2"
}

Z3='SizeZ="3" SizeT="1"'

# numbers ARGUMENT...: the first number of each plane.
numbers() {
    tiff2vol --raw "$@" -o out.nrrd
    samples <out.nrrd | awk 'NR % 120 == 1' | paste -sd ' '
}

@test "reports: the declaration and the bytes disagree, blanks before it" {
    need_python json
    [ "$(about "$REPORTS/ome-declares-utf16.tif" channels)" = 3 ]
    [ "$(about "$REPORTS/ome-declares-utf16.tif" unit)" = "['um', 'um', 'um']" ]
    [ "$(about "$REPORTS/ome-declares-windows1252.tif" shape)" = "[3, 10, 12]" ]
    [ "$(about "$REPORTS/ome-blank-before-xml.tif" shape)" = "[3, 10, 12]" ]
    [ "$(about "$REPORTS/ome-angstrom.tif" unit)" = "['angstrom', 'angstrom', 'angstrom']" ]
    [ "$(about "$REPORTS/ome-twice-encoded-micron.tif" unit)" = "['um', 'um', 'um']" ]
    [ "$(about "$REPORTS/ome-replacement-character-m.tif" unit)" = "['', '', '']" ]
}

@test "any declaration, a byte order mark, one bad byte elsewhere" {
    need_python tifffile
    local sizes="$Z3 PhysicalSizeX=\"2\" PhysicalSizeXUnit=\"µm\"" declared
    for declared in UTF-16 utf-16le ISO-8859-1 windows-1252 EUC-JP US-ASCII x-none; do
        page "$(ome "$sizes" "<TiffData/>" "<?xml version='1.0' encoding='$declared'?>")" a.tif
        [ "$(about a.tif unit)" = "['', '', 'um']" ]
        [ "$(numbers a.tif)" = "0 1 2" ]
    done
    for before in $'\xef\xbb\xbf' $'\n\t ' $'\xef\xbb\xbf\r\n' $' \xef\xbb\xbf' $'\xc3\xaf\xc2\xbb\xc2\xbf' '?'; do
        page "$(ome "$sizes" "<TiffData/>" '<?xml version="1.0"?>' "$before")" a.tif
        [ "$(about a.tif unit)" = "['', '', 'um']" ]
    done
    # Latin-1 alone, and one bad byte beside good ones; a control character; a cut sequence
    page "$(ome "${sizes/µ/$'\xb5'}" "<TiffData/>")" a.tif
    [ "$(about a.tif unit)" = "['', '', 'um']" ]
    for byte in $'\xe9' $'\x01' $'\xe2\x82' $'\xf0\x9f' $'\xef\xbf\xbf' $'\xed\xa0\x80'; do
        page "$(ome "$sizes" "<Channel Name=\"Größe${byte} Ω\"/><TiffData/>")" a.tif
        [ "$(about a.tif unit)" = "['', '', 'um']" ]
        [[ $(about a.tif channel_names) == "['Größe"*" Ω']" ]]
    done
    # at every place of a chunk
    for length in 16300 16301 16302 16303; do
        page "$(ome "$sizes" "<!-- $(printf "%${length}s" "" | sed 's/ /µ/g') --><TiffData/>")" a.tif
        [ "$(numbers a.tif)" = "0 1 2" ]
    done
}

@test "prefixed roots, comments before and junk after; what is broken names --plain" {
    need_python tifffile
    local good
    good=$(ome "$Z3" "<TiffData/>")
    page "$(sed 's/<\([A-Z]\)/<ome:\1/g; s/<\/\([A-Z]\)/<\/ome:\1/g; s/xmlns=/xmlns:ome=/' <<<"$good")" a.tif
    [ "$(volinfo a.tif | head -1)" = "format      TIFF, OME-TIFF" ]
    page "${good/<OME/<!-- the > OME -->$'\n'<OME}  junk & more" a.tif
    [ "$(volinfo a.tif | head -1)" = "format      TIFF, OME-TIFF" ]
    page "${good/<Pixels/<Pixels <}" a.tif
    fails 1 "tiff2vol: a.tif: its OME-XML is broken in line 1*--plain*" tiff2vol a.tif
    [ "$(numbers --plain a.tif)" = "0 1 2" ]
}

@test "reports: one file that was renamed or moved" {
    need_python json
    local file
    for file in renamed renamed-windows-path file-name-in-other-case; do
        [ "$(about "$REPORTS/ome-$file.tif" shape)" = "[3, 10, 12]" ]
        tiff2vol "$REPORTS/ome-$file.tif" -o out
        tiff2vol "$REPORTS/ome-$file.tif" --missing zero -o again
        cmp <(tail -c 1440 out) <(tail -c 1440 again)
        tiff2vol - <"$REPORTS/ome-$file.tif" | tail -c 1440 | cmp - <(tail -c 1440 out)
    done
}

@test "renamed: by UUID alone, several images, without IFD, with another UUID; not if pages are missing" {
    need_python tifffile
    local name='<UUID FileName="old name.ome.tif">urn:uuid:1</UUID>'
    page "$(ome "$Z3" "<TiffData><UUID>urn:uuid:1</UUID></TiffData>")" a.tif
    [ "$(numbers a.tif)" = "0 1 2" ]
    page "$(ome "$Z3" "<TiffData>$name</TiffData>")" a.tif
    [ "$(numbers a.tif)" = "0 1 2" ]
    local two
    two=$(ome 'SizeZ="1" SizeT="1"' "<TiffData IFD=\"0\">$name</TiffData>")
    page "${two/<\/OME>/$(sed 's/.*<Image/<Image/; s/IFD="0"/IFD="2"/' <<<"$two")}" a.tif
    [ "$(numbers --series 1 a.tif)" = 2 ]
    two=$(ome "$Z3" "<TiffData IFD=\"0\" PlaneCount=\"3\">$name</TiffData>")
    page "${two/<OME/<OME UUID=\"urn:uuid:2\"}" a.tif
    [ "$(numbers a.tif)" = "0 1 2" ]
    page "$two" a.tif 2
    fails 1 "tiff2vol: old name.ome.tif: is missing, a part of the OME-TIFF a.tif (--missing zero makes its planes 0)*--plain*" tiff2vol a.tif
    [ "$(numbers --missing zero a.tif)" = "0 0 0" ]
    [ "$(numbers --plain a.tif)" = "0 1" ]
}

@test "sets of files that were moved: folders of another machine, other case; what is missing" {
    need_python tifffile
    local data="" z where
    for where in 'D:\data\old\' 'sub\' '/home/else/' '..\..\' '../'; do
        data=""
        for z in 0 1 2; do
            data="$data<TiffData IFD=\"0\" FirstZ=\"$z\"><UUID FileName=\"${where}Set_Z$z.OME.TIF\">urn:uuid:$z</UUID></TiffData>"
        done
        mkdir set
        for z in 0 1 2; do
            page "$(ome "$Z3" "$data")" set/set_z$z.ome.tif 1
        done
        tiff2vol set/set_z1.ome.tif -o out
        tiff2vol set -o again
        cmp <(tail -c 1440 out) <(tail -c 1440 again)
        rm set/set_z2.ome.tif
        fails 1 "tiff2vol: set/*Set_Z2.OME.TIF: is missing*" tiff2vol set/set_z1.ome.tif
        tiff2vol --missing zero set/set_z1.ome.tif -o out
        rm -r set
    done
    # two names that differ by case alone are no answer
    mkdir set
    data="<TiffData IFD=\"0\"/><TiffData IFD=\"0\" FirstZ=\"1\" PlaneCount=\"2\"><UUID FileName=\"X.TIF\"/></TiffData>"
    page "$(ome "$Z3" "$data")" set/a.tif 1
    page "" set/x.tif 2
    [ "$(numbers set/a.tif)" = "0 0 1" ]
    page "" set/X.tif 3
    fails 1 "tiff2vol: set/X.TIF: is missing*" tiff2vol set/a.tif
    # nothing of what is asked for is there
    page "$(ome 'SizeZ="1" SizeT="2"' '<TiffData IFD="0"/><TiffData FirstT="1"><UUID FileName="gone.tif"/></TiffData>')" b.tif 1
    fails 1 "tiff2vol: gone.tif: is missing*" tiff2vol --frame 1 b.tif
    [ "$(numbers --frame 1 --missing zero b.tif)" = 0 ]
}

@test "reports: a plate of 4608 images" {
    need xz
    xz -dc "$REPORTS/ome-plate-4608-images.tif.xz" >plate.tif
    tiff2vol --series 4607 plate.tif -o out
    grep -aqx 'sizes: 12 10 1' out
    fails 1 "tiff2vol: plate.tif: holds 4608 images: choose one with --series 0 to 4607 (0 1 x 10 x 12, *, ...); --plain takes each page as a plane" tiff2vol plate.tif
    [ "$(wc -c <stderr)" -lt 400 ]
    [ "$(volinfo plate.tif | grep -c ^series)" = 4608 ]
}

@test "17,000 files of one frame each: memory and work grow with their number" {
    unsanitized
    need perl
    perl -e '
        my $n = 17000;
        my $data = join "", map { sprintf "<TiffData IFD=\"0\" FirstT=\"%d\" PlaneCount=\"1\"><UUID FileName=\"p%05d.tif\">urn:uuid:%d</UUID></TiffData>", $_, $_, $_ } 0..$n-1;
        my $xml = "<?xml version=\"1.0\"?><OME><Image ID=\"Image:0\"><Pixels ID=\"Pixels:0\" DimensionOrder=\"XYZCT\" Type=\"uint16\" SizeX=\"4\" SizeY=\"4\" SizeC=\"1\" SizeZ=\"1\" SizeT=\"$n\">$data</Pixels></Image></OME>\0";
        mkdir "set";
        for my $i (0..$n-1) {
            my $text = $i == 0 ? $xml : "none\0";
            $text .= "\0" if length($text) % 2;
            my $at = 8 + 32 + length $text;
            open my $f, ">", sprintf("set/p%05d.tif", $i);
            print $f pack("a2vV", "II", 42, $at), pack("v16", ($i) x 16), $text, pack("v", 9),
                map({ pack("vvVV", @$_) } [256, 3, 1, 4], [257, 3, 1, 4], [258, 3, 1, 16], [259, 3, 1, 1], [262, 3, 1, 1],
                    [270, 2, length $text, 40], [273, 4, 1, 8], [278, 3, 1, 4], [279, 4, 1, 32]), pack("V", 0);
        }'
    local user
    for frame in 5 16999; do
        for what in set/p00000.tif set; do
            TIMEFORMAT=%U
            user=$({ time tiff2vol --raw --frame $frame $what -o out; } 2>&1)
            [ "$(samples <out | sort -u)" = $frame ]
            echo "$what --frame $frame: $user s"
            [ "${user%.*}" -lt 2 ]
        done
    done
}

@test "non-ASCII notes and units are kept: OME in UTF-8, ImageJ in UTF-16 and escapes" {
    need_python tifffile
    { stream "3 2 1" float "space dimension: 3" "space directions: (2,0,0) (0,2,0) (0,0,5)" \
        'space units: "Ångström" "Å" "µm"' 'note:=Größe 5 µm 🔬 <a> & "b"' 'history:=画像 C:\\tmp\nzwei'; floats 0 1 2 3 4 5; } >in
    local dialect
    for dialect in imagej ome; do
        vol2tiff --dialect $dialect in -o $dialect.tif
        tiff2vol $dialect.tif -o back
        grep -aqx 'space directions: (2,0,0) (0,2,0) (0,0,5)' back
        grep -aqx 'space units: "angstrom" "angstrom" "microns"' back
    done
    "$PYTHON" "$REFERENCE/steps_ome.py" check_notes
}

@test "every unit goes to OME and ImageJ and back" {
    need_python json
    local unit dialect
    for unit in um nm mm cm dm m km pm fm angstrom inch ft; do
        { stream "2 1 1" float "space dimension: 3" "space directions: (3,0,0) (0,3,0) (0,0,3)" \
            "space units: \"$unit\" \"$unit\" \"$unit\""; floats 0 1; } >in
        for dialect in imagej ome; do
            vol2tiff --dialect $dialect in -o out.tif
            [ "$(about out.tif unit)" = "['$unit', '$unit', '$unit']" ]
            [[ $(about out.tif spacing) =~ ^\[3(.0)?,\ 3(.0)?,\ 3(.0)?\]$ ]]
        done
    done
}

@test "a file beside the folder is never read, though it is there" {
    need_python tifffile
    local where description
    mkdir -p set/in
    for where in ../ in/../../ in/../../set/../; do
        description=$(ome 'SizeZ="1" SizeT="2"' "<TiffData IFD=\"0\"/><TiffData FirstT=\"1\"><UUID FileName=\"${where}other.tif\"/></TiffData>")
        page "$description" set/a.tif 1
        page "$description" other.tif 1
        fails 1 "tiff2vol: set/*other.tif: is missing*" tiff2vol --frame 1 set/a.tif
    done
    cp other.tif set/
    tiff2vol --frame 1 set/a.tif >/dev/null
}

@test "ImageJ: images=1, or no number of images, says nothing of the planes" {
    need_python tifffile
    page $'ImageJ=1.53t\nimages=1\n' one.tif
    page $'ImageJ=1.53t\n' none.tif
    [ "$(numbers one.tif)" = "0 1 2" ] && [ "$(numbers none.tif)" = "0 1 2" ]
}

@test "ImageJ: lines that begin with # or ! are comments, whatever they end with" {
    need_python tifffile
    local mark
    for mark in '#' '!'; do
        page $'ImageJ=1.53t\nimages=3\nslices=3\n'"$mark"$' note: \\\nunit=um\nspacing=2\n' noted.tif
        [ "$(about noted.tif unit)" = "['um', 'um', 'um']" ] || { about noted.tif unit; return 1; }
    done
}
