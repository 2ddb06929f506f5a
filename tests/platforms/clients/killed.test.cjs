// What the bot has to say outlives a kill -9: it is there again when the platform is.

const assert = require('node:assert');
const crypto = require('node:crypto');
const { test, before, after } = require('node:test');
const { start, seconds, becomes } = require('./bot.cjs');

let bot;
before(async () => { bot = await start(); });
after(() => bot.stop());

function slack(n) {
  const at = String(seconds());
  const body = JSON.stringify({
    type: 'event_callback', authorizations: [{ is_bot: true, user_id: 'UBOT' }],
    event: {
      type: 'message', channel: 'C9', user: 'U1', ts: `${at}.00${100 + n}`, text: `发放 口罩 ${n} 只 到 ${n}号卡点`,
    },
  });
  const sign = crypto.createHmac('sha256', 'slack-secret').update(`v0:${at}:${body}`).digest('hex');
  return bot.post('/webhook/slack',
    { 'Content-Type': 'application/json', 'x-slack-request-timestamp': at, 'x-slack-signature': `v0=${sign}` }, body);
}

test('replies to acknowledged messages are posted after a kill, all of them and in order', async () => {
  bot.apiIsDown(true);
  for (let n = 1; n <= 5; ++n) {
    assert.strictEqual((await slack(n)).status, 200);
    if (n === 3) await bot.killAndStart();
  }
  await bot.sent(/chat\.postMessage/);
  await bot.killAndStart();
  bot.apiIsDown(false);
  const said = () => bot.all.filter((one) => /postMessage/.test(one.url) && !one.refused)
    .map((one) => Number(/#(\d+)/.exec(JSON.parse(one.body).text)[1]));
  await becomes(() => new Set(said()).size === 5);
  const first = said().filter((n, i, all) => all.indexOf(n) === i);
  assert.deepStrictEqual(first, [1, 2, 3, 4, 5]);
});
