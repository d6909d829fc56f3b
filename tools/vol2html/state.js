// What is shown and how: one object. Whoever changes it says what changed; the next frame draws it.

const element = (id) => document.getElementById(id);

const overlayMaps = ['magenta', 'green', 'cyan', 'yellow', 'red', 'blue'];
const colourMaps = ['red', 'green', 'blue', 'gray'];

function firstMap({group, place, number}) {
    if (facts.labels)
        return 'labels';
    if (group.isColour)
        return colourMaps[place];
    if (facts.channelColours)
        return facts.channelColours[number];
    return group.count === 1 ? 'gray' : overlayMaps[place % overlayMaps.length];
}

const isAlpha = ({group, place}) => group.isColour && place === 3;

// A channel of alpha is no light: it is hidden at first.
const firstLook = (channel) => ({
    low: facts.looks[channel.number][0], high: facts.looks[channel.number][1],
    gamma: 1, map: firstMap(channel), inverted: false, visible: !isAlpha(channel),
});

const firstState = () => ({
    index: ofAxes(facts.size.map((count) => Math.floor(count / 2))),
    looks: channels.map(firstLook),
    selected: 0, // the channel whose contrast the panel sets
    together: groups.every(({isColour}) => isColour), // contrast is set for all channels
    beside: 'both', // of two volumes, or the number of the one that is shown
    zoom: 1,
    centre: ofAxes(facts.size.map((count) => count / 2)), // what lies in the middle of the views
    enlarged: null, // an axis, or 'box'
    turn: {yaw: -35, pitch: 25},
    cuts: {plane: true, row: true, column: true},
    kind: 'slice', // or how the samples of a slab become one: maximum, minimum, mean
    thickness: thickest, // of a slab, in units of the spacing
    dragging: 'cross',
    line: null, // that is measured: {axis, from: {across, down}, to: {across, down}}, in samples
    following: false, // the line's end follows the cross
    cross: true,
    scale: true,
    names: true,
    smooth: false, // between samples
    logCounts: true,
    playing: null, // an axis
    speed: 10, // samples of that axis a second
    pointer: null, // {plane, row, column} under the pointer
});

const state = firstState();

// What a view shows: until the plane that is asked for has come, the newest one.
const shownIndex = (axis) =>
    axis === 'plane' ? Math.max(0, Math.min(state.index.plane, planesLoaded - 1)) : state.index[axis];

const isShown = ({group, number}) =>
    state.looks[number].visible && (state.beside === 'both' || state.beside === group.number);

const shownChannels = () => channels.filter(isShown);
const shownGroups = () => groups.filter(({number}) => state.beside === 'both' || state.beside === number);

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

function setBeside(beside) {
    state.beside = beside;
    changed('look', 'layout', 'settings');
}

// From one volume to the other, in the same place.
const blink = () => groups.length > 1 && setBeside(state.beside === 0 ? 1 : 0);

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
    const looks = lookedAt().filter((channel) => !isAlpha(channel)).map(({number}) => state.looks[number]);
    if (groups.every(({isColour}) => isColour) && state.together && looks.length > 0)
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
