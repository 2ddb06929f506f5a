// WeCom by @wecom/crypto, Official Accounts by wechat-crypto: they seal the callbacks, and open the
// replies.

const assert = require('node:assert');
const { test, before, after } = require('node:test');
const { start, library, aesKey, seconds } = require('./bot.cjs');

const wecom = library('@wecom/crypto');
const WXBizMsgCrypt = library('wechat-crypto');
const token = 'QDG6eK';
let bot;
before(async () => { bot = await start(); });
after(() => bot.stop());

/// The query that goes with a sealed text.
function query(sealed, at = seconds()) {
  const nonce = 'n+1/';
  const signature = wecom.getSignature(token, String(at), nonce, sealed);
  return `?msg_signature=${signature}&timestamp=${at}&nonce=${encodeURIComponent(nonce)}`;
}

function element(xml, name) {
  return new RegExp(`<${name}>(?:<!\\[CDATA\\[)?(.*?)(?:\\]\\]>)?</${name}>`, 's').exec(xml)[1];
}

function message(to, user, text, id) {
  return `<xml><ToUserName><![CDATA[${to}]]></ToUserName><FromUserName><![CDATA[${user}]]></FromUserName>`
    + `<CreateTime>${seconds()}</CreateTime><MsgType><![CDATA[text]]></MsgType>`
    + `<Content><![CDATA[${text}]]></Content><MsgId>${id}</MsgId><AgentID>1000002</AgentID></xml>`;
}

const outer = (sealed) => `<xml><ToUserName><![CDATA[x]]></ToUserName><Encrypt><![CDATA[${sealed}]]></Encrypt></xml>`;

test('WeCom: the address check, a report and its retry', async () => {
  const corp = 'ww1234567890abcdef';
  const echo = wecom.encrypt(aesKey, '1616140317555161061', corp);
  const check = await bot.get(`/webhook/wecom${query(echo)}&echostr=${encodeURIComponent(echo)}`);
  assert.deepStrictEqual(check, { status: 200, text: '1616140317555161061' });

  const say = async (text, id, receiver = corp) => {
    const sealed = wecom.encrypt(aesKey, message(corp, 'li', text, id), receiver);
    return bot.post(`/webhook/wecom${query(sealed)}`, {}, outer(sealed));
  };
  const open = (answer) => {
    assert.strictEqual(answer.status, 200);
    const sealed = element(answer.text, 'Encrypt');
    assert.strictEqual(element(answer.text, 'MsgSignature'), wecom.getSignature(
      token, element(answer.text, 'TimeStamp'), element(answer.text, 'Nonce'), sealed));
    const opened = wecom.decrypt(aesKey, sealed);
    assert.strictEqual(opened.id, corp);
    assert.strictEqual(element(opened.message, 'ToUserName'), 'li');
    assert.strictEqual(element(opened.message, 'FromUserName'), corp);
    return element(opened.message, 'Content');
  };
  const first = open(await say('发放 口罩 500 只 到 三院', '18446744073709551615'));
  assert.match(first, /#1 发放 口罩 500只/);
  assert.strictEqual(open(await say('发放 口罩 500 只 到 三院', '18446744073709551615')), first);

  const stranger = await say('发放 口罩 500 只', '7', 'ww-another');
  const stale = wecom.encrypt(aesKey, message(corp, 'li', '发放 口罩 500 只', '8'), corp);
  const late = await bot.post(`/webhook/wecom${query(stale, seconds() - 301)}`, {}, outer(stale));
  assert.strictEqual(stranger.status, 401);
  assert.deepStrictEqual(late, stranger);
});

test('WeCom: what a reply does not hold is posted behind it', async () => {
  const corp = 'ww1234567890abcdef';
  const lines = Array.from({ length: 60 }, (_, i) => `需要 口罩 ${i + 1} 只 到 第${i + 1}号临时安置点`);
  const sealed = wecom.encrypt(aesKey, message(corp, 'wang', lines.join('\n'), '21'), corp);
  const answer = await bot.post(`/webhook/wecom${query(sealed)}`, {}, outer(sealed));
  const content = element(wecom.decrypt(aesKey, element(answer.text, 'Encrypt')).message, 'Content');
  assert.ok(Buffer.byteLength(content) <= 2048);
  assert.match(content, /#1 /);
  const rest = await bot.sent(/message\/send/);
  const body = JSON.parse(rest.body);
  assert.strictEqual(body.touser, 'wang');
  assert.strictEqual(body.agentid, 1000002);
  assert.ok(Buffer.byteLength(body.text.content) <= 2048);
  assert.match(rest.url, /access_token=T1$/);
});

test('WeCom AI bot: a mention in a group, answered in one finished stream', async () => {
  const said = {
    msgid: 'CAIQ/abc=', aibotid: 'b', chatid: 'wrkSFfCgAAxxxx', chattype: 'group', from: { userid: 'li' },
    response_url: 'https://qyapi.weixin.qq.com/cgi-bin/aibot/response?response_code=c',
    msgtype: 'text', text: { content: '@接力 发放 口罩 500 只 到 三院' },
  };
  const sealed = wecom.encrypt(aesKey, JSON.stringify(said), '');
  const answer = await bot.post(`/webhook/wecom-bot${query(sealed)}`, { 'Content-Type': 'application/json' },
    JSON.stringify({ encrypt: sealed }));
  assert.strictEqual(answer.status, 200);
  const envelope = JSON.parse(answer.text);
  assert.strictEqual(envelope.msgsignature,
    wecom.getSignature(token, String(envelope.timestamp), envelope.nonce, envelope.encrypt));
  const opened = wecom.decrypt(aesKey, envelope.encrypt);
  assert.strictEqual(opened.id, '');
  const { msgtype, stream } = JSON.parse(opened.message);
  assert.strictEqual(msgtype, 'stream');
  assert.strictEqual(stream.finish, true);
  assert.match(stream.content, /#1 发放 口罩 500只/);
});

test('Official Account: secure mode, and no way around it', async () => {
  const crypt = new WXBizMsgCrypt(token, aesKey, 'wx1234567890abcdef');
  const sealed = crypt.encrypt(message('gh_1', 'oABC', '需要 护目镜 20 副 到 一医院', '6054768590064713728'));
  const at = String(seconds());
  const signature = crypt.getSignature(at, 'n', sealed);
  const address = `/webhook/wechat?signature=x&timestamp=${at}&nonce=n&openid=oABC`;
  const answer = await bot.post(`${address}&encrypt_type=aes&msg_signature=${signature}`, {}, outer(sealed));
  assert.strictEqual(answer.status, 200);
  const opened = crypt.decrypt(element(answer.text, 'Encrypt'));
  assert.strictEqual(opened.id, 'wx1234567890abcdef');
  assert.strictEqual(element(opened.message, 'FromUserName'), 'gh_1');
  assert.strictEqual(element(opened.message, 'ToUserName'), 'oABC');
  assert.match(element(opened.message, 'Content'), /#1 需要 护目镜 20副/);
  assert.strictEqual(element(answer.text, 'MsgSignature'), crypt.getSignature(
    element(answer.text, 'TimeStamp'), element(answer.text, 'Nonce'), element(answer.text, 'Encrypt')));

  const plain = await bot.post(address, {}, message('gh_1', 'oABC', '发放 口罩 500 只', '9'));
  assert.strictEqual(plain.status, 401);
});

test('late and unasked: the access token is asked for, and the text sent', async () => {
  await bot.run('platform', 'test', 'wecom', '--to', 'direct-zhao');
  const asked = await bot.sent(/gettoken/);
  assert.match(asked.url, /corpid=ww1234567890abcdef&corpsecret=wecom-secret$/);
  await bot.run('platform', 'test', 'wechat', '--to', 'direct-oABC');
  const sent = await bot.sent(/custom\/send/);
  assert.strictEqual(JSON.parse(sent.body).touser, 'oABC');
});
