// Pointer, wheel, keys in the views; play.

// ---- pointer

// Where the pointer is in the frame, in pixels.
function inFrame(view, event) {
    const bounds = view.frame.getBoundingClientRect();
    return [event.clientX - bounds.left - view.frame.clientLeft, event.clientY - bounds.top - view.frame.clientTop];
}

function findPane(view, event) {
    const [x, y] = inFrame(view, event);
    view.pane = clamp(Math.floor(view.isSplitDown ? y / view.height : x / view.width), 0, paneCount() - 1);
}

// The place under the pointer in samples, 0 where the first one begins.
function pointedAt(view, event) {
    const [x, y] = inFrame(view, event), {across, down} = place(view);
    const {left, top} = panesOf(view)[Math.min(view.pane, paneCount() - 1)];
    return {across: (x - left - across.begin) / across.each, down: (y - top - down.begin) / down.each};
}

const inside = (axis, at) => at >= 0 && at < size[axis];

function setPointer(view, event) {
    const at = pointedAt(view, event);
    state.pointer = inside(view.across, at.across) && inside(view.down, at.down)
        ? {...state.index, [view.across]: Math.floor(at.across), [view.down]: Math.floor(at.down), view}
        : null;
    changed('pointer');
}

function moveCross(view, event) {
    const at = pointedAt(view, event);
    goTo(view.across, Math.floor(at.across));
    goTo(view.down, Math.floor(at.down));
}

function moveContrast(dx, dy) {
    const channel = channels[state.selected], look = state.looks[state.selected];
    const range = rangeOf(channel) || 1;
    const width = Math.max(look.high - look.low + (dx * range) / 300, range / 1000);
    const level = (look.low + look.high) / 2 - (dy * range) / 300;
    setWindow(level - width / 2, level + width / 2);
}

function shiftImage(view, dx, dy) {
    for (const [axis, by, length] of [[view.across, dx, view.width], [view.down, dy, view.height]]) {
        const {each, centre} = side(view, axis, length);
        state.centre[axis] = clamp(centre - by / each, 0, size[axis]);
    }
    changed('layout');
}

// What lies under the pointer stays there.
function zoomAt(view, event, times) {
    const before = pointedAt(view, event);
    setZoom(state.zoom * times);
    const after = pointedAt(view, event);
    for (const part of ['across', 'down'])
        state.centre[view[part]] = clamp(state.centre[view[part]] + before[part] - after[part], 0, size[view[part]]);
}

function listenToPointer(view) {
    const {frame} = view;
    const fingers = new Map();
    let doing = null, begun = null, last = null, spread = 0, turned = 0;

    const distance = () => {
        const [a, b] = [...fingers.values()];
        return Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
    };
    const action = (event) => {
        if (event.button === 2)
            return 'contrast';
        return event.button === 1 || event.shiftKey ? 'pan' : state.dragging;
    };
    // A finger may be the first of two: it does nothing before it moves, or goes up again.
    const rests = (event) =>
        event.pointerType === 'touch' && Math.hypot(event.clientX - begun.clientX, event.clientY - begun.clientY) < 6;
    const end = (event) => {
        if (doing === 'cross' && event.type === 'pointerup')
            moveCross(view, event);
        fingers.delete(event.pointerId);
        doing = null;
    };

    frame.addEventListener('pointerdown', (event) => {
        frame.setPointerCapture(event.pointerId);
        findPane(view, event);
        fingers.set(event.pointerId, event);
        doing = fingers.size === 1 ? action(event) : 'pinch';
        begun = last = event;
        spread = fingers.size === 2 ? distance() : 0;
        if (doing === 'cross' && event.pointerType !== 'touch')
            moveCross(view, event);
    });
    frame.addEventListener('pointermove', (event) => {
        if (!doing)
            findPane(view, event);
        setPointer(view, event);
        if (!doing || !fingers.has(event.pointerId))
            return;
        fingers.set(event.pointerId, event);
        const dx = event.clientX - last.clientX, dy = event.clientY - last.clientY;
        if (rests(event) && doing !== 'pinch')
            return;
        if (doing === 'cross')
            moveCross(view, event);
        else if (doing === 'contrast')
            moveContrast(dx, dy);
        else if (doing === 'line')
            setLine(view, pointedAt(view, begun), pointedAt(view, event));
        else if (doing === 'pan')
            shiftImage(view, dx, dy);
        else if (fingers.size === 2) {
            const now = distance();
            zoomAt(view, event, now / spread);
            spread = now;
        }
        last = event;
    });
    frame.addEventListener('pointerup', end);
    frame.addEventListener('pointercancel', end);
    frame.addEventListener('pointerleave', () => {
        state.pointer = null;
        changed('pointer');
    });
    frame.addEventListener('contextmenu', (event) => event.preventDefault());
    frame.addEventListener('wheel', (event) => {
        event.preventDefault();
        if (event.ctrlKey) {
            zoomAt(view, event, Math.exp(-event.deltaY / 200));
            return;
        }
        const delta = event.deltaY || event.deltaX; // Shift turns the wheel sideways
        // A notch of a wheel is one step; a touchpad's small moves add up to one.
        turned += event.deltaMode === 0 ? delta : 50 * Math.sign(delta);
        if (Math.abs(turned) < 50)
            return;
        goTo(view.axis, state.index[view.axis] + Math.sign(turned) * (event.shiftKey ? 10 : 1));
        setPointer(view, event);
        turned = 0;
    }, {passive: false});
}

// ---- keys

function onViewKey(view, event) {
    const far = event.shiftKey ? 10 : 1;
    const by = (axis, count) => goTo(axis, state.index[axis] + count);
    const keys = {
        ArrowLeft: () => by(view.across, -far),
        ArrowRight: () => by(view.across, far),
        ArrowUp: () => by(view.down, -far),
        ArrowDown: () => by(view.down, far),
        PageUp: () => by(view.axis, -far),
        PageDown: () => by(view.axis, far),
        Home: () => goTo(view.axis, 0),
        End: () => goTo(view.axis, size[view.axis] - 1),
        ' ': () => togglePlay(view.axis),
        Enter: () => toggleEnlarged(view.axis),
        Escape: () => state.enlarged && toggleEnlarged(state.enlarged),
        '+': () => setZoom(state.zoom * 1.25),
        '=': () => setZoom(state.zoom * 1.25),
        '-': () => setZoom(state.zoom / 1.25),
        0: () => setZoom(1),
        x: () => {
            state.cross = !state.cross;
            changed('marks', 'settings');
        },
        p: () => nextKind(),
        '[': () => setThickness(state.thickness / 1.25),
        ']': () => setThickness(state.thickness * 1.25),
        m: () => measureFromCross(view),
        b: () => (event.shiftKey ? setBeside('both') : blink()),
        i: () => setLooks({inverted: !state.looks[state.selected].inverted}),
    };
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey)
        return;
    event.preventDefault();
    act();
    announceSoon();
}

// ---- play

let playedAt = 0;

function togglePlay(axis) {
    state.playing = state.playing === axis || size[axis] === 1 ? null : axis;
    playedAt = performance.now();
    if (state.playing)
        requestAnimationFrame(playOn);
    changed('settings');
}

function playOn(now) {
    if (!state.playing)
        return;
    const due = Math.floor(((now - playedAt) * state.speed) / 1000);
    if (due > 0) {
        playedAt += (due * 1000) / state.speed;
        goTo(state.playing, (state.index[state.playing] + due) % size[state.playing]);
    }
    requestAnimationFrame(playOn);
}
