// Puts the parts together, loads the planes, draws.

let colours = []; // of each visible channel, with the colours of its levels

drawFrame = (what) => {
    const anew = what.has('look') || what.has('data');
    if (what.has('look'))
        colours = shownChannels()
            .map((channel) => ({channel, colours: pixelsOfLevels(channel, state.looks[channel.number])}));
    if (what.has('layout'))
        layout();
    if (what.has('index') && state.zoom > 1)
        keepInSight();
    const painted = axes.filter((axis) => anew || views[axis].painted !== partKey(axis));
    for (const axis of painted) {
        views[axis].painted = partKey(axis);
        for (const {number} of shownGroups())
            paintView(views[axis].slices[number], colours.filter(({channel}) => channel.group.number === number));
    }
    if (what.has('index') && state.following)
        endLineAtCross();
    if (what.has('layout') || what.has('index') || what.has('marks')) {
        for (const view of Object.values(views)) {
            placeSlice(view);
            drawOverlay(view);
        }
    }
    if (painted.length > 0 || what.has('index') || ['layout', 'turn', 'marks'].some((one) => what.has(one)))
        drawBox();
    if (anew || what.has('layout'))
        drawHistogram();
    if (what.has('look')) {
        showWindow();
        showChannels();
    }
    if (what.has('look') || what.has('settings'))
        showSettings();
    if (anew || ['index', 'layout', 'marks'].some((one) => what.has(one)))
        showLine();
    showReadout();
    if (!what.has('data') || what.size > 1)
        linkSoon();
};

function toggleScreen() {
    if (document.fullscreenElement)
        document.exitFullscreen();
    else
        document.documentElement.requestFullscreen?.();
}

const showHelp = () => element('help').open || element('help').showModal();

function fail(text) {
    element('problem').textContent = text;
    element('problem').hidden = false;
    element('status').textContent = '';
    element('progress').hidden = true;
    document.documentElement.dataset.state = 'failed';
}

// What has no colour is hatched.
function showHoles() {
    const holes = planesLoaded < size.plane || channels.some(({nans}) => nans > 0);
    element('stage').classList.toggle('holes', holes);
}

// ---- loading

let drawnAt = 0;

function planeCame() {
    const now = performance.now(), last = planesLoaded === size.plane;
    if (planesLoaded === 1)
        performance.mark('first-plane');
    if (!last && planesLoaded > 1 && now - drawnAt < 80)
        return false;
    drawnAt = now;
    element('progress').value = planesLoaded / size.plane;
    element('status').textContent = last ? '' : `Loading: ${planesLoaded} of ${size.plane} planes`;
    changed('data');
    return true;
}

async function load() {
    document.documentElement.dataset.state = 'loading';
    try {
        await loadPlanes(planeCame);
    } catch (error) {
        fail(error.message);
        return;
    }
    element('progress').hidden = true;
    performance.mark('all-planes');
    showFacts();
    showHoles();
    changed('data', 'look');
    requestAnimationFrame(() => requestAnimationFrame(() =>
        (document.documentElement.dataset.state = 'ready')));
}

// The page is hidden until its parts are there, lest they be seen moving to their places.
function begin() {
    document.querySelector('main').hidden = false;
    for (const axis of axes)
        views[axis] = makeView(axis);
    element('stage').append(views.plane.figure, views.column.figure, views.row.figure, makeBox());
    makePanel();
    showFacts();
    showHoles();
    element('readout').classList.toggle('channels', channels.length > 1);
    readLink();
    new ResizeObserver(() => changed('layout')).observe(element('stage'));
    addEventListener('hashchange', readLink);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => changed('look'));
    element('screen-button').addEventListener('click', toggleScreen);
    element('screen-button').hidden = !document.fullscreenEnabled;
    element('help-button').addEventListener('click', showHelp);
    addEventListener('keydown', (event) => event.key === '?' && showHelp());
    if (typeof DecompressionStream === 'undefined')
        fail('This browser is too old: it can’t decompress the volume (no DecompressionStream).');
    else
        load();
}

begin();
