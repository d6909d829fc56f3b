# What files say of their channels: names and colours, as notes, in pictures and in the page.
load helpers

# ome COLOUR COLOUR [NAME NAME]: an OME-TIFF of two channels.
ome() {
    need_python tifffile numpy
    "$PYTHON" - "$@" <<'END'
import sys, numpy, tifffile
colours, names = sys.argv[1:3], sys.argv[3:5] or ["", ""]
channels = "".join(f'<Channel ID="Channel:0:{i}" SamplesPerPixel="1"' + (f' Color="{c}"' if c else "") +
                   (f' Name="{n}"' if n else "") + "/>" for i, (c, n) in enumerate(zip(colours, names)))
xml = ('<?xml version="1.0"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Image ID="Image:0">'
       '<Pixels ID="Pixels:0" DimensionOrder="XYZCT" Type="uint8" SizeX="2" SizeY="1" SizeZ="1" SizeC="2" SizeT="1">'
       f'{channels}<TiffData/></Pixels></Image></OME>')
tifffile.imwrite("two.ome.tif", numpy.array([[[255, 0]], [[0, 255]]], "uint8"), photometric="minisblack",
                 description=xml, metadata=None)
END
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
    "$PYTHON" - "$@" <<'END'
import sys, numpy, tifffile
ramp = numpy.arange(256)
def table(colour):
    if colour == "fire":
        return numpy.stack([numpy.minimum(255, 2 * ramp), ramp, 0 * ramp]).astype("uint8")
    return numpy.stack([numpy.rint(ramp * int(colour[i:i + 2], 16) / 255) for i in (0, 2, 4)]).astype("uint8")
order, *colours = sys.argv[1:]
planes = numpy.zeros((2, len(colours), 1, 2), "uint8")
planes[:, 0, 0, 0] = 255
planes[:, 1, 0, 1] = 255
tifffile.imwrite("imagej.tif", planes, imagej=True, byteorder=order,
                 metadata={"axes": "ZCYX", "mode": "composite", "Labels": ["a", "bb", "ccc", "d"],
                           "Info": "text", "LUTs": [table(colour) for colour in colours]})
END
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
    "$PYTHON" - <<'END'
import struct
data = bytearray(open("imagej.tif", "rb").read())
entry = {}
at = struct.unpack_from("<I", data, 4)[0]
for i in range(struct.unpack_from("<H", data, at)[0]):
    tag, kind, count, value = struct.unpack_from("<HHII", data, at + 2 + 12 * i)
    entry[tag] = (at + 2 + 12 * i, count, value)
def damaged(name, where, form, *values):
    copy = bytearray(data)
    struct.pack_into(form, copy, where, *values)
    open(name, "wb").write(copy)
sizes, parts = entry[50838], entry[50839]
for i in range(sizes[1]):
    for j, value in enumerate((0, 1, 767, 769, 2 ** 31, 2 ** 32 - 1)):
        damaged(f"size-{i}-{j}.tif", sizes[2] + 4 * i, "<I", value)
for i in range(3, 32, 4):
    for j, value in enumerate((0, 2 ** 32 - 1)):
        damaged(f"part-{i}-{j}.tif", parts[2] + i - 3, "<I", value)
for j, value in enumerate((0, 1, 2, 2 ** 32 - 1)):
    damaged(f"count-{j}.tif", sizes[0] + 4, "<I", value)
    damaged(f"place-{j}.tif", parts[0] + 8, "<I", value)
END
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
