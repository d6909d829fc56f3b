# What files say of their channels: names and colours, as notes, in pictures and in the page.
load helpers

# ome COLOUR COLOUR [NAME NAME]: an OME-TIFF of two channels.
ome() {
    need_python tifffile numpy
    "$PYTHON" "$REFERENCE/steps_channels.py" ome_two_channels "$@"
}

noted() {
    sed -n "/^\$/q; s/^channel $1:=//p" "$2"
}

pixels() {
    pngtopam "$1" | pnmtoplainpnm | tail -n +4 | tr -s ' \n' ' '
}

@test "names and colours of OME's channels become notes, and the colours of a composite" {
    need pngtopam
    ome -16776961 16711935 DAPI 'GFP, bright' # red, green
    tiff2vol --channels all two.ome.tif -o two.nrrd
    [ "$(noted names two.nrrd)" = "DAPI, GFP; bright" ]
    [ "$(noted colours two.nrrd)" = "ff0000,00ff00" ]
    vol2png -n 0 two.nrrd -o two.png
    [ "$(pixels two.png)" = "255 0 0 0 255 0 " ]
    vol2png -n 0 --colours blue,white two.nrrd -o two.png
    [ "$(pixels two.png)" = "0 0 255 255 255 255 " ]
    local colour
    for colour in 12345 1234567 12345g red, blu; do
        fails 2 "vol2png: --colours: needs a list of at most 16 colours (*, not '$colour'" vol2png -n 0 --colours "$colour" two.nrrd
    done
    # they follow the channels: one of them has none, and others than stated have none
    volcrop two.nrrd -o same.nrrd
    [ "$(noted colours same.nrrd)" = "ff0000,00ff00" ]
    tiff2vol -c 1 two.ome.tif -o one.nrrd
    [ -z "$(noted names one.nrrd)" ]
    volcat --axis channel one.nrrd one.nrrd one.nrrd | volset --note "channel colours=ff0000,00ff00" | vol2png -n 0 -o three.png
}

@test "colours that do not tell channels apart are none" {
    ome -1 -1
    tiff2vol --channels all two.ome.tif -o two.nrrd
    [ -z "$(noted colours two.nrrd)" ] && [ -z "$(noted names two.nrrd)" ]
    ome -16776961 "" A B
    tiff2vol --channels all two.ome.tif -o two.nrrd
    [ -z "$(noted colours two.nrrd)" ]
    [ "$(noted names two.nrrd)" = "A, B" ]
    ome 99999999999 16711935
    tiff2vol --channels all two.ome.tif -o two.nrrd
    [ -z "$(noted colours two.nrrd)" ]
}

# imagej ORDER COLOUR...: an ImageJ composite with a table of colours for each channel: RRGGBB from
# black, or fire.
imagej() {
    need_python tifffile numpy
    "$PYTHON" "$REFERENCE/steps_channels.py" imagej_colours "$@"
}

@test "the colours of an ImageJ composite become notes, in both byte orders" {
    need pngtopam
    local order
    for order in '<' '>'; do
        imagej $order 00ff00 ff00ff
        tiff2vol --channels all imagej.tif -o two.nrrd
        [ "$(noted colours two.nrrd)" = "00ff00,ff00ff" ]
        vol2png -n 0 two.nrrd -o two.png
        [ "$(pixels two.png)" = "0 255 0 255 0 255 " ]
        imagej $order ffffff ffffff
        tiff2vol --channels all imagej.tif -o two.nrrd
        [ -z "$(noted colours two.nrrd)" ]
        imagej $order fire 0000ff
        tiff2vol --channels all imagej.tif -o two.nrrd
        [ -z "$(noted colours two.nrrd)" ]
    done
}

@test "tables of colours that are cut or damaged leave the samples as they are" {
    imagej '<' 00ff00 ff00ff
    tiff2vol --channels all imagej.tif | samples >whole
    "$PYTHON" "$REFERENCE/steps_channels.py" damage_colours
    local file files=0
    for file in size-*.tif part-*.tif count-*.tif place-*.tif; do
        tiff2vol --channels all "$file" 2>said | samples | cmp - whole || { echo "$file"; cat said; return 1; }
        files=$((files + 1))
    done
    [ $files -gt 50 ]
}

@test "the page knows them" {
    need jq
    ome -16776961 16711935 DAPI GFP
    tiff2vol --channels all two.ome.tif | vol2html >page.html
    perl -0777 -ne 'print $1 if /id="facts">(.*?)<\/script>/s' page.html | jq -c '[.channelNames, .channelColours]' >said
    [ "$(cat said)" = '[["DAPI","GFP"],["ff0000","00ff00"]]' ]
    { stream "2 1 1 1" float "kinds: vector domain domain domain" "channel colours:=ff0000,xx" "channel names:=a"
      floats 1 2; } | vol2html >page.html
    perl -0777 -ne 'print $1 if /id="facts">(.*?)<\/script>/s' page.html | jq -c '[.channelNames, .channelColours]' >said
    [ "$(cat said)" = '[["",""],null]' ]
}

@test "alpha is shown in the window of the stream, from 0 on, else as 0 to 1" {
    need pngtopam
    local fields alphas
    while read -r fields alphas; do
        { stream "4 2 1 1" float "kinds: RGBA-color domain domain domain" "window:=${fields/_/ }"
            floats 2 1 0 1 0 2 1 2; } >in.nrrd
        vol2png -n 0 in.nrrd -o out.png
        [ "$(pngtopam -alphapam out.png | tail -c 8 | od -An -tu1 | awk '{ print $4, $8 }')" = "$alphas" ] ||
            { echo "not $fields"; return 1; }
    done <<END
0_2 128 255
1_2 128 255
0_4 64 128
-3_-1 255 255
END
    { stream "4 2 1 1" float "kinds: RGBA-color domain domain domain"; floats 2 1 0 0.2 0 2 1 2; } >in.nrrd
    vol2png -n 0 in.nrrd -o out.png
    [ "$(pngtopam -alphapam out.png | tail -c 8 | od -An -tu1 | awk '{ print $4, $8 }')" = "51 255" ]
}

@test "a name that two channels have is that of the first" {
    ome 255 65535 DAPI DAPI
    tiff2vol -c DAPI two.ome.tif | samples >named
    tiff2vol -c 0 two.ome.tif | samples | cmp - named
    ! tiff2vol -c 1 two.ome.tif | samples | cmp -s - named || return 1
}

two_channels() { # two_channels FIELD...
    stream "2 3 1 2" float "kinds: vector domain domain domain" "channel names:=DAPI, a<b" \
        "channel colours:=00ff00,8000ff" "$@"
    floats $(perl -e 'print join " ", map { $_ / 255 } 0 .. 11')
}

@test "names of channels in tifffile's description" {
    need_python numpy tifffile
    local names
    for names in '["DAPI", "GFP, bright"]=DAPI, GFP; bright' '["", 7, null]=, 7' '["DAPI"]=DAPI, ' '{}=' '"DAPI"='; do
        "$PYTHON" - "${names%=*}" <<'EOF'
import json, sys, numpy, tifffile
tifffile.imwrite("two.tif", numpy.zeros((2, 3, 4, 5), "u1"), photometric="minisblack",
                 metadata={"axes": "CZYX", "Channel": {"Name": json.loads(sys.argv[1])}})
EOF
        tiff2vol --channels all two.tif -o two.nrrd
        echo "${names%=*}: $(noted names two.nrrd)"
        [ "$(noted names two.nrrd)" = "${names#*=}" ]
    done
    "$PYTHON" - <<'EOF'
import numpy, tifffile
planes = numpy.arange(120, dtype="u1").reshape(2, 3, 4, 5)
tifffile.imwrite("two.tif", planes, photometric="minisblack", metadata={"axes": "CZYX", "Channel": {"Name": ["DAPI", "GFP"]}})
EOF
    tiff2vol --raw -c GFP two.tif | samples | head -n 1 | grep -qx 60
    volinfo two.tif | grep -q "0 DAPI, 1 GFP"
}

@test "colours and windows of channels go into TIFF, for ImageJ and for OME, and come back" {
    need_python tifffile
    two_channels "window:=0.25 0.75" >in
    vol2tiff --type uint8 in -o two.tif 2>/dev/null
    "$PYTHON" "$REFERENCE/steps_channels.py" written two.tif
    tiff2vol --channels all two.tif -o two.nrrd
    [ "$(noted colours two.nrrd)" = "00ff00,8000ff" ]
    grep -aqx "window:=0.25 0.75" two.nrrd
    samples <two.nrrd | cmp - <(samples <in)
    vol2tiff --type uint8 --dialect ome in -o ome.tif 2>/dev/null
    grep -aq 'Name="DAPI" Color="16711935"/>' ome.tif
    tiff2vol --channels all ome.tif -o ome.nrrd
    [ "$(noted colours ome.nrrd)" = "00ff00,8000ff" ]
    [ "$(noted names ome.nrrd)" = "DAPI, a<b" ]
    two_channels | vol2tiff -o none.tif
    "$PYTHON" -c 'import tifffile; assert "Ranges" not in tifffile.TiffFile("none.tif").imagej_metadata'
    volset --drop "channel colours" in | vol2tiff -o none.tif
    "$PYTHON" -c 'import tifffile; assert "LUTs" not in tifffile.TiffFile("none.tif").imagej_metadata'
    stream "17 1 1 1" float "kinds: vector domain domain domain" "channel names:=a" \
        "channel colours:=$(printf '%06x,' $(seq 17) | sed 's/,$//')" >many
    floats $(seq 17) >>many
    vol2tiff many -o many.tif # more than are kept
    "$PYTHON" -c 'import tifffile; assert "LUTs" not in tifffile.TiffFile("many.tif").imagej_metadata'
}

@test "ImageJ's display range becomes the window, in the stream's scale" {
    need_python numpy tifffile
    windows() { # windows ORDER WINDOW... -- OPTION...: what tiff2vol notes
        local -a of=("$1")
        shift
        while [ $# -gt 0 ] && [ "$1" != -- ]; do
            of+=("$1")
            shift
        done
        "$PYTHON" "$REFERENCE/steps_channels.py" imagej_windows "${of[@]}"
        tiff2vol "${@:2}" windows.tif | sed -n '/^$/q; s/^window:=//p'
    }
    local order
    for order in "<" ">"; do
        [ "$(windows "$order" min=13107,65535)" = "0.2 1" ]
        [ "$(windows "$order" 13107,65535 -- )" = "0.2 1" ]
        [ "$(windows "$order" min=13107,65535 -- --raw)" = "13107 65535" ]
        [ "$(windows "$order" min=409.5,4095 -- --full-scale 4095)" = "0.1 1" ]
        [ "$(windows "$order" 1,2 3,4 -- --raw -c 1)" = "3 4" ]
        [ "$(windows "$order" 1,2 1,2 -- --raw --channels all)" = "1 2" ]
        [ -z "$(windows "$order" 1,2 3,4 -- --raw --channels all)" ]
        [ -z "$(windows "$order" min=5,6 0,0 0,0 -- --raw --channels all)" ]
    done
    [ -z "$(windows "<" min=0,0 -- --raw)" ]
    [ -z "$(windows "<" min=7,7 -- --raw)" ]
    [ -z "$(windows "<" min=7,3 -- --raw)" ]
    [ -z "$(windows "<" nan,inf -- --raw)" ]
    windows "<" min=1,2 >/dev/null
    tiff2vol --raw windows.tif windows.tif 2>/dev/null | lacks "^window" - # files may differ in it
}

@test "channels of a large stream from a pipe are shown as those of the file" {
    { stream "2 512 256 16" float "kinds: vector domain domain domain"
      perl -e 'print pack("f<*", map { ($_ * 37 % 101, $_ % 7) } 1 .. 2097152)'; } >two.nrrd
    vol2png -j 2 --views two.nrrd -o file.png
    cat two.nrrd | vol2png -j 2 --views | cmp - file.png
}

@test "a shape that makes no picture is told with the channels that there are" {
    { stream "2 3 4 5" float "kinds: vector domain domain domain"; floats $(seq 120); } >two.nrrd
    fails 1 "vol2png: two.nrrd: Invalid shape (5, 4, 3, 2) for image data: *" vol2png two.nrrd -o out.png
}

@test "a plane of one channel, behind planes that are skipped" {
    need pngtopam
    { stream "3 2 2 4" float "kinds: vector domain domain domain"; floats $(seq 0 47); } >three.nrrd
    local c n
    for c in 0 1 2; do
        for n in 0 2 3; do
            vol2png -w 0,47 -c $c -n $n three.nrrd | pngtopam >shown
            volcrop --channels $c -p $n three.nrrd | vol2png -w 0,47 | pngtopam | cmp - shown
        done
    done
}
