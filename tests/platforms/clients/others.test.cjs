// Telegram by grammY, Slack by Bolt, the WeChat gateway by the form library that the gateway itself uses;
// OneBot and Mattermost as their servers write.

const assert = require('node:assert');
const crypto = require('node:crypto');
const { test, before, after } = require('node:test');
const { start, library, seconds } = require('./bot.cjs');

const { Bot } = library('grammy');
const { verifySlackRequest } = library('@slack/bolt');
const FormData = library('form-data');
const json = { 'Content-Type': 'application/json' };
let bot;
before(async () => { bot = await start(); });
after(() => bot.stop());

test('Telegram: grammY sees the mention that the bot cuts, and makes the call that the answer asks for', async () => {
  const me = { id: 4242, is_bot: true, first_name: '接力', username: 'jieli_bot' };
  const text = '😷 @jieli_bot 发放 口罩 500 只 到 三院';
  const update = {
    update_id: 1,
    message: {
      message_id: 77, date: seconds(), chat: { id: -1001234567890, type: 'supergroup', title: 'g' },
      from: { id: 9, is_bot: false, first_name: '小', last_name: '李' }, text,
      entities: [{ type: 'mention', offset: 3, length: 10 }],
    },
  };
  const grammy = new Bot('4242:TELEGRAM', { botInfo: me, client: { apiRoot: `${bot.api}/telegram` } });
  let seen;
  grammy.on('message', (context) => { seen = context.entities('mention')[0].text; });
  await grammy.handleUpdate(update);
  assert.strictEqual(seen, '@jieli_bot');

  await bot.sent(/getMe/);
  const headers = { ...json, 'X-Telegram-Bot-Api-Secret-Token': 'telegram-secret' };
  const say = () => bot.post('/webhook/telegram', headers, JSON.stringify(update));
  const answer = await say();
  assert.strictEqual(answer.status, 200);
  const { method, ...payload } = JSON.parse(answer.text);
  assert.match(payload.text, /#1 发放 口罩 500只/);
  assert.strictEqual(payload.reply_parameters.message_id, 77);
  await grammy.api.raw[method](payload);
  assert.strictEqual(JSON.parse((await bot.sent(/sendMessage/)).body).chat_id, -1001234567890);
  assert.deepStrictEqual(await say(), answer);
  headers['X-Telegram-Bot-Api-Secret-Token'] = 'other';
  assert.strictEqual((await say()).status, 401);
});

test('Slack: what Bolt takes for authentic is, and the reply is a call of its own', async () => {
  const body = JSON.stringify({
    type: 'event_callback', authorizations: [{ is_bot: true, user_id: 'UBOT' }], event_id: 'Ev1',
    event: {
      type: 'message', channel: 'C1', channel_type: 'channel', user: 'U1', ts: `${seconds()}.000200`,
      text: '<@UBOT> 发放 口罩 500 只 到 三院 &amp; 四院',
    },
  });
  const headers = {
    ...json, 'x-slack-request-timestamp': String(seconds()),
  };
  const base = `v0:${headers['x-slack-request-timestamp']}:${body}`;
  headers['x-slack-signature'] = `v0=${crypto.createHmac('sha256', 'slack-secret').update(base).digest('hex')}`;
  verifySlackRequest({ signingSecret: 'slack-secret', body, headers });
  assert.deepStrictEqual(await bot.post('/webhook/slack', headers, body), { status: 200, text: '' });
  const sent = await bot.sent(/chat\.postMessage/);
  assert.strictEqual(sent.headers.authorization, 'Bearer xoxb-1');
  assert.strictEqual(JSON.parse(sent.body).channel, 'C1');

  headers['x-slack-signature'] = `v0=${'0'.repeat(64)}`;
  assert.throws(() => verifySlackRequest({ signingSecret: 'slack-secret', body, headers }));
  assert.strictEqual((await bot.post('/webhook/slack', headers, body)).status, 401);
});

test('the gateway: its own form library posts, the quick reply comes back', async () => {
  const form = new FormData();
  const member = (i) => ({ id: `@${i}`, name: `成员${i}`, alias: '', avatar: 'x'.repeat(200) });
  form.append('source', JSON.stringify({
    room: { id: '@@1', payload: { topic: '合肥物资群', memberList: Array.from({ length: 300 }, (_, i) => member(i)) } },
    from: { id: '@9', payload: { name: '李四', alias: '' } }, to: '',
  }));
  form.append('isSystemEvent', '0');
  form.append('isMentioned', '1');
  form.append('isMsgFromSelf', '0');
  form.append('type', 'text');
  form.append('content', '@接力\u2005发放 口罩 500 只 到 三院');
  const answer = await bot.post('/webhook/gateway?token=a-long-gateway-token', form.getHeaders(), form.getBuffer());
  const { success, data } = JSON.parse(answer.text);
  assert.strictEqual(success, true);
  assert.match(data.content, /#1 发放 口罩 500只/);
  const other = await bot.post('/webhook/gateway?token=x', form.getHeaders(), form.getBuffer());
  assert.strictEqual(other.status, 401);

  await bot.run('platform', 'test', 'gateway', '--to', '合肥物资群');
  const sent = await bot.sent(/webhook\/msg\/v2/);
  assert.match(sent.url, /token=a-long-gateway-token$/);
  assert.deepStrictEqual(JSON.parse(sent.body).to, '合肥物资群');
  assert.strictEqual(JSON.parse(sent.body).isRoom, true);
});

test('OneBot: text with codes and segments, signed as Node implementations sign', async () => {
  const say = (id, message) => {
    const body = JSON.stringify({
      time: seconds(), self_id: 10001, post_type: 'message', message_type: 'group', sub_type: 'normal',
      message_id: id, group_id: 7001, user_id: 20002, sender: { nickname: '李四', card: '' }, message,
    });
    const signature = crypto.createHmac('sha1', 'onebot-secret').update(body).digest('hex');
    return bot.post('/webhook/onebot', { ...json, 'X-Self-ID': '10001', 'X-Signature': `sha1=${signature}` }, body);
  };
  const first = JSON.parse((await say(-5, '[CQ:at,qq=10001] 发放 口罩 500 只 到 三院')).text);
  assert.match(first.reply, /#1 发放 口罩 500只/);
  assert.strictEqual(first.auto_escape, true);
  assert.strictEqual(first.at_sender, false);
  const second = JSON.parse((await say(6, [{ type: 'at', data: { qq: '10001' } },
    { type: 'text', data: { text: ' 需要 手套 5 箱 到 四院' } }])).text);
  assert.match(second.reply, /#2 需要 手套 5箱/);

  await bot.run('platform', 'test', 'onebot', '--to', '7001');
  const sent = await bot.sent(/send_group_msg/);
  assert.strictEqual(sent.headers.authorization, 'Bearer onebot-access');
  assert.strictEqual(JSON.parse(sent.body).group_id, 7001);
});

test('Mattermost: form and JSON', async () => {
  const fields = (id) => ({
    token: 'mattermost-token', channel_id: 'c1', user_id: 'u1', user_name: 'li', post_id: id,
    text: `@jieli 发放 口罩 ${'只'.length + 499} 只 到 三院`, trigger_word: '@jieli',
  });
  const form = await bot.post('/webhook/mattermost', {}, new URLSearchParams({ ...fields('p1'), timestamp: seconds() }));
  assert.match(JSON.parse(form.text).text, /#1 发放 口罩 500只/);
  const same = await bot.post('/webhook/mattermost', json, JSON.stringify({ ...fields('p1'), timestamp: Date.now() }));
  assert.deepStrictEqual(same, form);
  const forged = await bot.post('/webhook/mattermost', json, JSON.stringify({ ...fields('p2'), token: 1 }));
  assert.strictEqual(forged.status, 401);
});
