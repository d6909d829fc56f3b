// firefox.mjs PORT URL EXPRESSION: what a page says in Firefox, once it is ready (WebDriver BiDi).
const [port, url, expression] = process.argv.slice(2);
const socket = new WebSocket(`ws://127.0.0.1:${port}/session`);
const waiting = new Map();
let last = 0;
const ask = (method, params) => new Promise((done, failed) => {
    waiting.set(++last, {done, failed});
    socket.send(JSON.stringify({id: last, method, params}));
});
socket.addEventListener('message', ({data}) => {
    const {id, type, result, message} = JSON.parse(data);
    if (type === 'success')
        waiting.get(id).done(result);
    else if (type === 'error')
        waiting.get(id).failed(new Error(message));
});
socket.addEventListener('error', () => process.exit(1));
socket.addEventListener('open', async () => {
    await ask('session.new', {capabilities: {}});
    const {context} = (await ask('browsingContext.getTree', {})).contexts[0];
    await ask('browsingContext.navigate', {context, url, wait: 'complete'});
    const evaluate = async (text) => (await ask('script.evaluate',
        {expression: text, target: {context}, awaitPromise: true})).result.value;
    for (let i = 0; i < 200 && await evaluate('document.documentElement.dataset.state') !== 'ready'; i++)
        await new Promise((done) => setTimeout(done, 100));
    console.log(await evaluate(expression));
    process.exit(0);
});
