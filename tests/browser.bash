# A browser under test: Chromium without a screen, by WebDriver (https://www.w3.org/TR/webdriver2/),
# which is JSON over HTTP: curl and jq. Nothing here is of the network: the page is a file.

# browser_start [ARGUMENT...]: the driver and one session, in $BROWSER (a folder); more arguments
# are Chromium's.
browser_start() {
    BROWSER=${BROWSER:-$BATS_FILE_TMPDIR/browser}
    export BROWSER
    mkdir -p "$BROWSER/profile" "$BROWSER/downloads"
    : >"$BROWSER/driver.log"
    chromedriver --port=0 >>"$BROWSER/driver.log" 2>&1 3>&- &
    echo $! >"$BROWSER/driver.pid"
    local port='' _
    for _ in $(seq 500); do
        port=$(sed -n 's/.*started successfully on port \([0-9]*\).*/\1/p' "$BROWSER/driver.log")
        [ -z "$port" ] || break
        sleep 0.02
    done
    DRIVER=http://127.0.0.1:$port
    printf '%s\n' "$@" | jq -R . | jq -s --arg profile "$BROWSER/profile" \
        --arg downloads "$BROWSER/downloads" '{capabilities: {alwaysMatch: {
        "goog:loggingPrefs": {browser: "ALL", performance: "ALL"},
        "goog:chromeOptions": {args: (["--headless", "--no-sandbox", "--disable-gpu",
            "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
            "--user-data-dir=\($profile)"] + (. - [""])),
            prefs: {"download.default_directory": $downloads}}}}}' >"$BROWSER/wanted"
    curl -sS -o "$BROWSER/session" --data @"$BROWSER/wanted" "$DRIVER/session"
    SESSION=$DRIVER/session/$(jq -er .value.sessionId "$BROWSER/session") || {
        cat "$BROWSER/session" "$BROWSER/driver.log"
        return 1
    }
    export DRIVER SESSION
}

browser_stop() {
    [ -z "$SESSION" ] || curl -sS -X DELETE "$SESSION" >/dev/null
    [ ! -f "$BROWSER/driver.pid" ] || kill "$(cat "$BROWSER/driver.pid")" 2>/dev/null
    return 0
}

# browser_post COMMAND JSON: the value that comes back; what is an error of WebDriver's fails here.
browser_post() {
    curl -sS --data-binary @- "$SESSION/$1" <<<"$2" >"$BROWSER/answer" || return 1
    jq -c '.value | if type == "object" and has("error") then "\(.error): \(.message)\n" | halt_error(1) else . end' \
        "$BROWSER/answer"
}

# browser_open FILE [FRAGMENT]: opens a page afresh and waits until all its planes are there.
browser_open() {
    browser_post url '{"url": "about:blank"}' >/dev/null
    browser_log browser >/dev/null
    browser_log performance >/dev/null
    browser_post url "$(jq -n --arg url "file://$(realpath "$1")${2:+#$2}" '{url: $url}')" >/dev/null
    browser_wait 'document.documentElement.dataset.state !== "loading"'
}

# in_page CODE: runs it in the page as a function's body; what it returns, as JSON. A promise is
# waited for.
in_page() {
    browser_post execute/sync "$(jq -n --arg code "$1" '{script: $code, args: []}')"
}

# browser_wait EXPRESSION: until it is true, or 20 s have passed.
browser_wait() {
    local value _
    for _ in $(seq 400); do
        value=$(in_page "return Boolean($1)") || return 1
        [ "$value" != true ] || return 0
        sleep 0.02
    done
    echo "never true: $1" >&2
    return 1
}

# settled: waits until what was asked for is drawn.
settled() {
    in_page 'return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))' >/dev/null
}

# focus SELECTOR, keys KEY...: a name of WebDriver's key table, or a letter.
focus() {
    in_page "document.querySelector('$1').focus()" >/dev/null
}

keys() {
    local key
    for key; do
        case $key in
        PageUp) key='\ue00e' ;; PageDown) key='\ue00f' ;; End) key='\ue010' ;; Home) key='\ue011' ;;
        Left) key='\ue012' ;; Up) key='\ue013' ;; Right) key='\ue014' ;; Down) key='\ue015' ;;
        Enter) key='\ue007' ;; Escape) key='\ue00c' ;; Space) key=' ' ;; Tab) key='\ue004' ;;
        esac
        browser_post actions '{"actions": [{"type": "key", "id": "keyboard", "actions": [
            {"type": "keyDown", "value": "'"$key"'"}, {"type": "keyUp", "value": "'"$key"'"}]}]}' >/dev/null
    done
    settled
}

# drag BUTTON X Y X Y: the mouse, in pixels of the page. click X Y. wheel X Y BY.
drag() {
    browser_post actions '{"actions": [{"type": "pointer", "id": "mouse", "actions": [
        {"type": "pointerMove", "duration": 0, "x": '"$2"', "y": '"$3"'},
        {"type": "pointerDown", "button": '"$1"'},
        {"type": "pointerMove", "duration": 50, "x": '"$4"', "y": '"$5"'},
        {"type": "pointerUp", "button": '"$1"'}]}]}' >/dev/null
    settled
}

# touch_drag X Y X Y, pinch X Y FROM TO: one finger moves; two fingers beside X Y go from one distance to
# another.
finger() {
    echo '{"type": "pointer", "id": "finger'"$1"'", "parameters": {"pointerType": "touch"}, "actions": [
        {"type": "pointerMove", "duration": 0, "x": '"$2"', "y": '"$3"'},
        {"type": "pointerDown", "button": 0},
        {"type": "pointerMove", "duration": 60, "x": '"$4"', "y": '"$5"'},
        {"type": "pointerUp", "button": 0}]}'
}

touch_drag() {
    browser_post actions "{\"actions\": [$(finger 1 "$@")]}" >/dev/null
    settled
}

pinch() {
    browser_post actions "{\"actions\": [$(finger 1 $(($1 - $3)) "$2" $(($1 - $4)) "$2"),
        $(finger 2 $(($1 + $3)) "$2" $(($1 + $4)) "$2")]}" >/dev/null
    settled
}

# screen WIDTH HEIGHT: how large the page is seen.
screen() {
    browser_post goog/cdp/execute '{"cmd": "Emulation.setDeviceMetricsOverride", "params":
        {"width": '"$1"', "height": '"$2"', "deviceScaleFactor": 1, "mobile": false}}' >/dev/null
    settled
}

click() {
    drag 0 "$1" "$2" "$1" "$2"
}

wheel() {
    browser_post actions '{"actions": [{"type": "wheel", "id": "wheel", "actions": [
        {"type": "scroll", "x": '"$1"', "y": '"$2"', "deltaX": 0, "deltaY": '"$3"'}]}]}' >/dev/null
    settled
}

# middle SELECTOR [ACROSS DOWN]: "X Y" of a place in an element, in parts of its size.
middle() {
    in_page "const r = document.querySelector('$1').getBoundingClientRect();
        return Math.round(r.left + r.width * ${2:-0.5}) + ' ' + Math.round(r.top + r.height * ${3:-0.5})" | jq -r .
}

# browser_log browser|performance: what was logged since the last call, a JSON object a line.
browser_log() {
    browser_post se/log "{\"type\": \"$1\"}" | jq -c '.[]'
}

# picture FILE: what is seen, as PNG.
picture() {
    curl -sS "$SESSION/screenshot" | jq -r .value | base64 -d >"$1"
}
