# What the programs write, in further readers that others wrote: every one that is installed. Modules of
# node: npm install --prefix build/interop @itk-wasm/image-io itk-wasm geotiff
load ../helpers

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    { stream "10 3 2" float "space dimension: 3" "space directions: (0.26,0,0) (0,0.26,0) (0,0,0.29)" \
        'space units: "um" "um" "um"' "space origin: (1,2,3)"
      floats $(seq 0 59); } | volgamma -g 1 >gray.nrrd
    seq 0 59 >expected
    MODULES=${INTEROP:-$ROOT/build/interop}
}

# need_module NAME: of node.
need_module() {
    need node
    [ -d "$MODULES/node_modules/$1" ] || skip "$1 is not installed in $MODULES"
}

@test "ITK, as WebAssembly: samples, spacing, origin" {
    need_module @itk-wasm/image-io
    timeout 60 node "$ROOT/tests/interop/node.mjs" "$MODULES" itk gray.nrrd >said
    [ "$(head -n 1 said)" = "10,3,2 0.26,0.26,0.29 1,2,3 float32" ]
    tail -n +2 said | cmp - expected
}

@test "geotiff.js, which decodes by itself: integers, floats, compressed, both dialects" {
    need_module geotiff
    local options
    for options in "--raw --type uint16" "--raw --type uint8 --compress lzw" "--type float32 --compress deflate" \
        "--type float32" "--raw --type uint16 --dialect ome"; do
        # shellcheck disable=SC2086
        vol2tiff $options gray.nrrd -o out.tif
        timeout 60 node "$ROOT/tests/interop/node.mjs" "$MODULES" geotiff out.tif >said
        [ "$(head -n 1 said)" = "2 10 3" ]
        tail -n +2 said | cmp - expected
    done
}

@test "libvips: planes of a TIFF, a PNG of 16 bits" {
    need vips
    vol2tiff --raw --type uint16 gray.nrrd -o gray.tif
    [ "$(vips getpoint 'gray.tif[page=1]' 3 2 2>/dev/null | tr -d ' ')" = 53 ]
    vol2png --depth 16 --window 0,59 -n 1 gray.nrrd -o gray.png
    [ "$(vips getpoint gray.png 3 2 | tr -d ' ')" = "$(perl -e 'printf "%.0f\n", 53 / 59 * 65535')" ]
}

@test "OpenCV: all planes of a TIFF, and a PNG" {
    need_python cv2
    vol2tiff --raw --type uint16 gray.nrrd -o gray.tif
    vol2tiff --type float32 gray.nrrd -o float.tif
    vol2png --window 0,255 -n 1 gray.nrrd -o gray.png
    "$PYTHON" "$REFERENCE/steps_readers.py" opencv
}

@test "ImageJ: planes, spacing and unit of a TIFF" {
    need imagej xvfb-run
    vol2tiff --raw --type uint16 gray.nrrd -o gray.tif
    cat >read.ijm <<END
open("$PWD/gray.tif");
getVoxelSize(w, h, d, unit);
setSlice(2);
print(nSlices + " " + w + " " + h + " " + d + " " + lengthOf(unit) + " " + getPixel(3, 2));
END
    timeout 90 xvfb-run -a imagej -b "$PWD/read.ijm" >said 2>complaints || true
    grep -qx '2 0.26 0.26 0.29 2 53' said || { cat said; return 1; }
}

@test "Firefox: the page of vol2html, by WebDriver BiDi" {
    need firefox-esr node
    node --experimental-websocket -e 'new WebSocket("ws://127.0.0.1:1")' 2>/dev/null || skip "this node has no WebSocket"
    tiff2vol "$CELLS" | vol2html >page.html
    mkdir profile
    firefox-esr --headless --no-remote --profile "$PWD/profile" --remote-debugging-port 0 >said 2>&1 3>&- &
    local firefox=$! port='' _
    for _ in $(seq 100); do
        port=$(sed -n 's/^WebDriver BiDi listening on ws:.*:\([0-9]*\)$/\1/p' said)
        [ -z "$port" ] || break
        sleep 0.2
    done
    timeout 60 node --experimental-websocket "$ROOT/tests/interop/firefox.mjs" "$port" "file://$PWD/page.html" \
        "setKind('maximum'); new Promise(done => setTimeout(() => done(document.getElementById('readout-value').textContent +
            ' ' + planesLoaded + ' ' + document.querySelector('#view-plane .of').textContent), 300))" >answer 2>/dev/null
    kill "$firefox"
    [ "$(cat answer)" = "0.0706 (18) 30 of 30, maximum of planes 0–29" ] || { cat answer; return 1; }
}
