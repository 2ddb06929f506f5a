// The bot under test: a real `jieli serve` with every platform configured, and the platforms' APIs on
// loopback, which note what they are sent.

const { spawn, execFile } = require('node:child_process');
const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');
const { promisify } = require('node:util');
const { createRequire } = require('node:module');

/// The libraries, where tests/platforms/clients/run put them.
exports.library = createRequire(path.join(process.env.CLIENTS, 'package.json'));

exports.aesKey = '6qkdMrq68nTKduznJYO1A37W2oEgpkMUvkttRToqhUt';

const tables = (api) => `
messages_a_minute = 0
[platforms.wecom]
corp_id = "ww1234567890abcdef"
agent_id = 1000002
secret = "wecom-secret"
token = "QDG6eK"
aes_key = "${exports.aesKey}"
api = "${api}/wecom"
[platforms.wecom-bot]
token = "QDG6eK"
aes_key = "${exports.aesKey}"
api = "${api}/wecom"
[platforms.wechat]
app_id = "wx1234567890abcdef"
app_secret = "wechat-secret"
token = "QDG6eK"
aes_key = "${exports.aesKey}"
api = "${api}/wechat"
[platforms.dingtalk]
app_secret = "dingtalk-secret"
api = "${api}/dingtalk"
[platforms.feishu]
app_id = "cli_1"
app_secret = "feishu-secret"
verification_token = "feishu-token"
encrypt_key = "feishu-key"
api = "${api}/feishu"
[platforms.onebot]
secret = "onebot-secret"
access_token = "onebot-access"
api = "${api}/onebot"
[platforms.gateway]
token = "a-long-gateway-token"
api = "${api}/gateway"
[platforms.telegram]
secret_token = "telegram-secret"
bot_token = "4242:TELEGRAM"
api = "${api}/telegram"
[platforms.slack]
signing_secret = "slack-secret"
bot_token = "xoxb-1"
api = "${api}/slack"
[platforms.mattermost]
token = "mattermost-token"
api = "${api}/mattermost"
[outgoing.ding]
kind = "dingtalk-robot"
url = "${api}/robot/send?access_token=T"
secret = "SECdingtalk"
[outgoing.lark]
kind = "feishu-robot"
url = "${api}/hook"
secret = "feishu-hook-secret"
`;

/// What the platforms' APIs answer.
const answers = [
  [/gettoken|stable_token/, { errcode: 0, access_token: 'T1', expires_in: 7200 }],
  [/^\/(wecom|wechat|robot)/, { errcode: 0, errmsg: 'ok' }],
  [/oauth2\/accessToken/, { accessToken: 'T1', expireIn: 7200 }],
  [/^\/dingtalk/, { errcode: 0, errmsg: 'ok', processQueryKey: 'q' }],
  [/tenant_access_token/, { code: 0, tenant_access_token: 't-1', expire: 7200 }],
  [/bot\/v3\/info/, { code: 0, bot: { open_id: 'ou_bot' } }],
  [/^\/(feishu|hook)/, { code: 0, msg: 'success', data: { message_id: 'om_reply' } }],
  [/^\/onebot/, { status: 'ok', retcode: 0, data: { message_id: 1 } }],
  [/^\/gateway/, { success: true, task: { successCount: 1, totalCount: 1, failedCount: 0 } }],
  [/getMe/, { ok: true, result: { id: 4242, is_bot: true, first_name: '接力', username: 'jieli_bot' } }],
  [/^\/telegram/, { ok: true, result: { message_id: 1, date: 1, chat: { id: 1, type: 'group' } } }],
  [/^\/slack/, { ok: true, ts: '1.2' }],
];

/// An HTTP server that keeps every request, with its body as text; while `down`, it answers 503.
function listen() {
  const requests = [];
  const state = { down: false };
  const server = http.createServer((request, response) => {
    const pieces = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => {
      requests.push({
        url: request.url, headers: request.headers, body: Buffer.concat(pieces).toString(), refused: state.down,
      });
      response.statusCode = state.down ? 503 : 200;
      const found = answers.find(([pattern]) => pattern.test(request.url));
      response.setHeader('Content-Type', 'application/json');
      response.end(found ? JSON.stringify(found[1]) : 'ok');
    });
  });
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done(
    { server, requests, state, port: server.address().port })));
}

/// Waits for what another program brings about.
exports.becomes = async (find) => {
  for (let i = 0; i < 3000; ++i) {
    const found = find();
    if (found) return found;
    await new Promise((done) => setTimeout(done, 10));
  }
  throw new Error('it did not come within thirty seconds');
};

/// `jieli serve`, once it listens.
async function launch(config, database) {
  const child = spawn(process.env.JIELI, ['serve', '--listen', '127.0.0.1:0', '--config', config,
    '--database', database], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (piece) => { log += piece; });
  const port = (await exports.becomes(() => /listening on 127\.0\.0\.1:(\d+)/.exec(log)))[1];
  return { child, base: `http://127.0.0.1:${port}` };
}

async function end(child, signal) {
  child.kill(signal);
  await new Promise((done) => child.on('exit', done));
}

/// Starts the bot. `post(path, headers, body)` is a callback of a platform; `sent(pattern)` the first
/// request to a platform's API whose address matches, `all` holds every one; `run(...)` is another
/// command of jieli.
exports.start = async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jieli-clients-'));
  const api = await listen();
  const config = path.join(folder, 'jieli.toml');
  const database = path.join(folder, 'jieli.db');
  fs.writeFileSync(config, tables(`http://127.0.0.1:${api.port}`));
  let serving = await launch(config, database);
  return {
    api: `http://127.0.0.1:${api.port}`,
    get: (where) => fetch(serving.base + where).then(read),
    post: (where, headers, body) => fetch(serving.base + where, { method: 'POST', headers, body }).then(read),
    sent: (pattern, nth = 0) => exports.becomes(
      () => api.requests.filter((request) => pattern.test(request.url))[nth]),
    run: (...words) => promisify(execFile)(process.env.JIELI,
      [...words, '--config', config, '--database', database]),
    all: api.requests,
    apiIsDown: (down) => { api.state.down = down; },
    killAndStart: async () => {
      await end(serving.child, 'SIGKILL');
      serving = await launch(config, database);
    },
    stop: async () => {
      await end(serving.child, 'SIGTERM');
      api.server.close();
      fs.rmSync(folder, { recursive: true });
    },
  };
};

async function read(response) {
  return { status: response.status, text: await response.text() };
}

exports.seconds = () => Math.floor(Date.now() / 1000);
