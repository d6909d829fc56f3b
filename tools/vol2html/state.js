// What is shown and how: one object. Whoever changes it says what changed; the next frame draws it.

const isColour = facts.kind === 'RGB' || facts.kind === 'RGBA';
const overlayMaps = ['magenta', 'green', 'cyan', 'yellow', 'red', 'blue'];
const colourMaps = ['red', 'green', 'blue', 'gray'];

function firstMap(number) {
    if (isColour)
        return colourMaps[number];
    return channels.length === 1 ? 'gray' : overlayMaps[number % overlayMaps.length];
}

// A channel of alpha is no light: it is hidden at first.
const firstLook = ({low, high, number}) => ({
    low, high, gamma: 1, map: firstMap(number), inverted: false, visible: !(isColour && number === 3),
});

const firstState = () => ({
    index: ofAxes(facts.size.map((count) => Math.floor(count / 2))),
    looks: channels.map(firstLook),
    selected: 0, // the channel whose contrast the panel sets
    together: isColour, // contrast is set for all channels
    zoom: 1,
    centre: ofAxes(facts.size.map((count) => count / 2)), // what lies in the middle of the views
    enlarged: null, // an axis, or 'box'
    turn: {yaw: -35, pitch: 25},
    cuts: {plane: true, row: true, column: true},
    dragging: 'cross',
    cross: true,
    scale: true,
    names: true,
    logCounts: true,
    playing: null, // an axis
    speed: 10, // samples of that axis a second
    pointer: null, // {plane, row, column} under the pointer
});

const state = firstState();

// What a view shows: until the plane that is asked for has come, the newest one.
const shownIndex = (axis) =>
    axis === 'plane' ? Math.max(0, Math.min(state.index.plane, planesLoaded - 1)) : state.index[axis];

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

const changes = new Set();
let frameAsked = false;
let drawFrame = () => {};

// what: 'index', 'look', 'data', 'layout', 'turn', 'marks', 'pointer', 'settings'
function changed(...what) {
    what.forEach((one) => changes.add(one));
    if (frameAsked)
        return;
    frameAsked = true;
    requestAnimationFrame(() => {
        frameAsked = false;
        const drawn = new Set(changes);
        changes.clear();
        drawFrame(drawn);
    });
}

function goTo(axis, index) {
    const to = clamp(Math.round(index), 0, size[axis] - 1);
    if (Number.isNaN(to) || to === state.index[axis])
        return;
    state.index[axis] = to;
    changed('index');
}

function setZoom(zoom) {
    state.zoom = clamp(zoom, 1, 32);
    if (state.zoom === 1)
        axes.forEach((axis) => (state.centre[axis] = size[axis] / 2));
    changed('layout', 'settings');
}

// The channels that a change of contrast is for.
const lookedAt = () => (state.together ? channels : [channels[state.selected]]);

function setWindow(low, high) {
    for (const {number} of lookedAt())
        Object.assign(state.looks[number], {low: Math.min(low, high), high: Math.max(low, high)});
    changed('look');
}

function setLooks(part) {
    for (const {number} of lookedAt())
        Object.assign(state.looks[number], part);
    changed('look');
}

const rangeOf = (channel) => channel.high - channel.low;

function presetMinmax() {
    for (const channel of lookedAt()) {
        const [low, high] = lowestAndHighest(channel).map((level) => sampleOfLevel(channel, level));
        Object.assign(state.looks[channel.number], {low, high});
    }
    shareWindow();
}

function presetPercentile() {
    for (const channel of lookedAt()) {
        const low = sampleOfLevel(channel, levelAtPart(channel, 0.005));
        const high = sampleOfLevel(channel, levelAtPart(channel, 0.995));
        if (low < high)
            Object.assign(state.looks[channel.number], {low, high});
    }
    shareWindow();
}

// Colours keep their balance: one window, that holds each channel's, for all of them.
function shareWindow() {
    const looks = lookedAt().filter(({number}) => number < 3).map(({number}) => state.looks[number]);
    if (isColour && state.together && looks.length > 0)
        setWindow(Math.min(...looks.map(({low}) => low)), Math.max(...looks.map(({high}) => high)));
    changed('look');
}

function presetReset() {
    for (const channel of lookedAt()) {
        const {visible} = state.looks[channel.number];
        state.looks[channel.number] = {...firstLook(channel), visible};
    }
    changed('look');
}
