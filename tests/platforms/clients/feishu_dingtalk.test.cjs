// Feishu by its own SDK (@larksuiteoapi/node-sdk), which must take the very request that the bot takes;
// DingTalk's robot by dingtalk-robot-sender, whose sign must equal the bot's.

const assert = require('node:assert');
const crypto = require('node:crypto');
const http = require('node:http');
const { test, before, after } = require('node:test');
const { start, library, seconds, becomes } = require('./bot.cjs');

const lark = library('@larksuiteoapi/node-sdk');
const ChatBot = library('dingtalk-robot-sender');
let bot;
before(async () => { bot = await start(); });
after(() => bot.stop());

function event(type, body) {
  return {
    schema: '2.0',
    header: {
      event_id: crypto.randomUUID(), event_type: type, create_time: `${seconds()}000`, token: 'feishu-token',
      app_id: 'cli_1', tenant_key: 't',
    },
    event: body,
  };
}

/// A request as the platform signs and seals it. The SDK opens, but does not seal.
function sealed(value) {
  const key = crypto.createHash('sha256').update('feishu-key').digest();
  const start = crypto.randomBytes(16);
  const cipher = crypto.createCipheriv('aes-256-cbc', key, start);
  const encrypt = Buffer.concat([start, cipher.update(JSON.stringify(value)), cipher.final()]).toString('base64');
  assert.strictEqual(new lark.AESCipher('feishu-key').decrypt(encrypt), JSON.stringify(value));
  const body = JSON.stringify({ encrypt });
  const at = String(seconds());
  const signature = crypto.createHash('sha256').update(`${at}nonce-1feishu-key${body}`).digest('hex');
  return {
    body,
    headers: {
      'Content-Type': 'application/json;charset=utf-8', 'X-Lark-Request-Timestamp': at,
      'X-Lark-Request-Nonce': 'nonce-1', 'X-Lark-Signature': signature,
    },
  };
}

/// What the SDK's own dispatcher makes of the request.
async function asTheSdkReadsIt(request) {
  let taken;
  const dispatcher = new lark.EventDispatcher({
    encryptKey: 'feishu-key', verificationToken: 'feishu-token', loggerLevel: lark.LoggerLevel.fatal,
  }).register({ 'im.message.receive_v1': (data) => { taken = data; } });
  const server = http.createServer(lark.adaptDefault('/event', dispatcher));
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  await fetch(`http://127.0.0.1:${server.address().port}/event`, { method: 'POST', ...request });
  server.close();
  return taken;
}

test('Feishu: a signed and sealed mention is recorded, and answered by the API', async () => {
  const said = event('im.message.receive_v1', {
    sender: { sender_id: { open_id: 'ou_li', union_id: 'on_li', user_id: null }, sender_type: 'user' },
    message: {
      message_id: 'om_1', chat_id: 'oc_1', chat_type: 'group', create_time: `${seconds()}345`,
      message_type: 'text', content: JSON.stringify({ text: '@_user_1 发放 口罩 500 只 到 三院' }),
      mentions: [{ key: '@_user_1', id: { open_id: 'ou_bot' }, name: '接力', mentioned_type: 'bot' }],
    },
  });
  const request = sealed(said);
  assert.strictEqual((await asTheSdkReadsIt(request)).message.message_id, 'om_1');
  const answer = await bot.post('/webhook/feishu', request.headers, request.body);
  assert.deepStrictEqual(answer, { status: 200, text: '{}' });
  const reply = await bot.sent(/messages\/om_1\/reply/);
  assert.strictEqual(reply.headers.authorization, 'Bearer t-1');
  assert.match(JSON.parse(JSON.parse(reply.body).content).text, /#1 发放 口罩 500只/);
  const asked = JSON.parse((await bot.sent(/tenant_access_token/)).body);
  assert.deepStrictEqual(asked, { app_id: 'cli_1', app_secret: 'feishu-secret' });

  const gone = sealed(event('im.message.recalled_v1',
    { message_id: 'om_1', chat_id: 'oc_1', recall_time: `${seconds()}000`, recall_type: 'message_owner' }));
  assert.strictEqual((await bot.post('/webhook/feishu', gone.headers, gone.body)).status, 200);
  const told = await bot.sent(/messages\?receive_id_type=chat_id/);
  assert.match(JSON.parse(JSON.parse(told.body).content).text, /#1/);
});

test('Feishu: the address check, and what is not signed', async () => {
  const challenge = { challenge: 'ajls384kdj', token: 'feishu-token', type: 'url_verification' };
  const request = sealed(challenge);
  const unsigned = { 'Content-Type': 'application/json' };
  const answer = await bot.post('/webhook/feishu', unsigned, request.body);
  assert.deepStrictEqual(JSON.parse(answer.text), { challenge: 'ajls384kdj' });
  const { challenge: ours } = lark.generateChallenge({ encrypt: JSON.parse(request.body).encrypt },
    { encryptKey: 'feishu-key' }).challenge;
  assert.strictEqual(ours, 'ajls384kdj');

  const forged = sealed(event('im.message.receive_v1', {}));
  assert.strictEqual((await bot.post('/webhook/feishu', unsigned, forged.body)).status, 401);
  forged.headers['X-Lark-Signature'] = '0'.repeat(64);
  assert.strictEqual((await bot.post('/webhook/feishu', forged.headers, forged.body)).status, 401);
});

test('DingTalk: a signed callback is answered in its response', async () => {
  const at = Date.now();
  const sign = crypto.createHmac('sha256', 'dingtalk-secret').update(`${at}\ndingtalk-secret`).digest('base64');
  const said = {
    msgId: 'msg1==', conversationId: 'cid1==', conversationType: '2', senderStaffId: 'manager1', senderId: '$:x',
    senderNick: '杨小燕', isInAtList: true, atUsers: [{ dingtalkId: '$:bot' }], chatbotUserId: '$:bot',
    robotCode: 'ding1', createAt: at, sessionWebhook: `${bot.api}/dingtalk/session`,
    sessionWebhookExpiredTime: at + 5400000, msgtype: 'text', text: { content: ' 发放 口罩 500 只 到 三院' },
  };
  const headers = { 'Content-Type': 'application/json; charset=utf-8', timestamp: String(at), sign };
  const answer = JSON.parse((await bot.post('/webhook/dingtalk', headers, JSON.stringify(said))).text);
  assert.strictEqual(answer.msgtype, 'text');
  assert.match(answer.text.content, /#1 发放 口罩 500只/);

  await bot.run('platform', 'test', 'dingtalk', '--to', 'cid1==');
  const sent = await bot.sent(/groupMessages\/send/);
  assert.strictEqual(sent.headers['x-acs-dingtalk-access-token'], 'T1');
  assert.strictEqual(JSON.parse(sent.body).openConversationId, 'cid1==');
});

test("robots that only post: DingTalk's sign and Feishu's", async () => {
  await bot.run('platform', 'test', 'ding');
  const ours = await bot.sent(/robot\/send/);
  let theirs;
  const now = Date.now;
  Date.now = () => Number(new URL(ours.url, bot.api).searchParams.get('timestamp'));
  await new ChatBot({
    webhook: `${bot.api}/robot/send?access_token=T`, secret: 'SECdingtalk',
    httpclient: { request: async (url) => { theirs = url; } },
  }).text('x');
  Date.now = now;
  assert.strictEqual(`${bot.api}${ours.url}`, theirs);

  await bot.run('platform', 'test', 'lark');
  const body = JSON.parse((await bot.sent(/^\/hook/)).body);
  assert.strictEqual(body.sign,
    crypto.createHmac('sha256', `${body.timestamp}\nfeishu-hook-secret`).digest('base64'));
  await becomes(() => body.content.text.length > 0);
});
