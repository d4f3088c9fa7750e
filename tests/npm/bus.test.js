// The bus with Node's own ZeroMQ: every message of the running roles against the published schemas, and a request from here.

import assert from "node:assert/strict";
import {readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {after, before, test} from "node:test";

import Ajv from "ajv-draft-04";
import * as zmq from "zeromq";

import {startRoles} from "./roles.js";
import {until} from "./sim.js";

const ROLES = [
  "crypto-spot-monitor",
  "kalshi-monitor",
  "polymarket-monitor",
  "execution-service",
  "orchestrator",
  "crypto-shard",
];

const ajv = new Ajv({allErrors: true, strict: false});
const schema = (name) =>
  ajv.compile(JSON.parse(readFileSync(join(process.env.ARBEES_BUS_SCHEMAS, `${name}.json`), "utf8")));
const isEnvelope = schema("envelope");
const KINDS = [
  ["crypto.prices.", schema("price")],
  ["crypto.index.", schema("index-print")],
  ["prices.kalshi.", schema("price")],
  ["prices.poly.", schema("price")],
  ["contracts.kalshi.", schema("contract")],
  ["contracts.polymarket.", schema("contract")],
  ["crypto.execution.", schema("crypto-execution-request")],
  ["trades.", schema("execution-result")],
];

// All messages of some endpoints, each checked against its schema and counted by the beginning of its topic.
class Ear {
  constructor(endpoints, options = {}) {
    this.counts = Object.fromEntries(KINDS.map(([prefix]) => [prefix, 0]));
    this.wrong = [];
    this.gaps = 0;
    this.last = new Map();
    this.messages = [];
    this.sockets = endpoints.map((endpoint) => {
      const socket = new zmq.Subscriber({receiveHighWaterMark: 0, ...options});
      socket.connect(endpoint);
      socket.subscribe("");
      this.listen(socket, endpoint);
      return socket;
    });
  }

  async listen(socket, endpoint) {
    for await (const frames of socket) this.take(endpoint, frames);
  }

  take(endpoint, frames) {
    assert.equal(frames.length, 2);
    const [topic, body] = frames.map(String);
    const message = JSON.parse(body);
    if (!isEnvelope(message)) this.wrong.push([topic, isEnvelope.errors, body]);
    const kind = KINDS.find(([prefix]) => topic.startsWith(prefix));
    if (!kind) return this.wrong.push([topic, "an unknown topic", body]);
    if (!kind[1](message.payload)) this.wrong.push([topic, kind[1].errors, body]);
    this.counts[kind[0]] += 1;
    const key = `${endpoint} ${topic}`;
    if (this.last.has(key) && message.topic_seq !== this.last.get(key) + 1) this.gaps += 1;
    this.last.set(key, message.topic_seq);
    if (topic.startsWith("trades.") || this.messages.length < 5_000) this.messages.push({topic, message});
  }

  close() {
    for (const socket of this.sockets) socket.close();
  }
}

let system;
before(async () => {
  system = await startRoles(ROLES);
});
after(() => system?.stop());

const ENDPOINTS = ["spot_pub", "kalshi_pub", "polymarket_pub", "requests_pub", "results_pub", "contracts_pub"];

test("every message of every role is as its schema says, and none is missing", async () => {
  const ear = new Ear(ENDPOINTS.map((key) => system.endpoints[key]));
  await until(() => Object.values(ear.counts).every((count) => count > 0), `all kinds: ${JSON.stringify(ear.counts)}`, 120_000);
  await until(() => ear.counts["prices.kalshi."] > 500, "five hundred prices", 120_000);
  ear.close();
  assert.deepEqual(ear.wrong.slice(0, 3), []);
  assert.equal(ear.gaps, 0);
  const executed = ear.messages.filter(({topic}) => topic.startsWith("trades."));
  assert.ok(executed.every(({message}) => message.source === "execution_service"));
});

test("a request made in another language is executed once", async () => {
  const ear = new Ear([system.endpoints.kalshi_pub, system.endpoints.results_pub]);
  const publisher = new zmq.Publisher();
  await publisher.bind(system.endpoints.more_requests);
  // The ladder that closes at the next full hour loses its sellers before it; tickers name the hour in New York.
  const closesSoon = (topic) => {
    const soon = new Date(Date.now() + 120_000);
    if (soon.getUTCHours() === new Date().getUTCHours()) return false;
    const clock = new Intl.DateTimeFormat("en-US", {timeZone: "America/New_York", hour: "2-digit", hourCycle: "h23"});
    return topic.includes(`${clock.format(soon)}-T`);
  };
  const tradable = ({topic, message: {payload}}) =>
    topic.startsWith("prices.kalshi.KXBTCD-") &&
    !closesSoon(topic) &&
    payload.status === "proven" &&
    payload.phase === "active" &&
    payload.asks.length > 0 &&
    payload.asks[0][0] < 0.9 &&
    payload.asks[0][1] > 20;
  let seq = 0;
  const send = (id, market) => {
    const now = new Date();
    const payload = {
      request_id: id,
      platform: "kalshi",
      market_id: market,
      direction: "Long",
      suggested_size: 5,
      max_price: 0.99,
      timestamp: now.toISOString(),
    };
    seq += 1;
    const envelope = {seq, topic_seq: seq, timestamp_ms: now.getTime(), source: "node", payload};
    return publisher.send([`crypto.execution.${id}`, JSON.stringify(envelope)]);
  };
  // Sends until so many answers of an id are there.
  const answers = async (id, market, count) => {
    let sentAt = 0;
    return until(
      async () => {
        if (Date.now() - sentAt > 1_000) {
          sentAt = Date.now();
          await send(id, market);
        }
        const all = ear.messages.filter(({topic}) => topic.startsWith("trades.") && topic.endsWith(`.${id}`));
        return all.length >= count && all;
      },
      `answer ${count} of ${id}`,
      90_000,
    );
  };
  const isFilled = ({topic}) => /^trades\.(executed|partial)\./.test(topic);
  // Who sells may be gone when the order comes: then another request is made.
  let [id, market, first] = [];
  for (let attempt = 1; attempt <= 10 && !(first && isFilled(first)); ++attempt) {
    ear.messages = [];
    id = `node-${attempt}`;
    market = (await until(() => ear.messages.findLast(tradable), "a market", 90_000)).message.payload.market_id;
    first = (await answers(id, market, 1))[0];
  }
  assert.match(first.topic, new RegExp(`^trades\\.(executed|partial)\\.${id}$`), JSON.stringify(first));
  assert.ok(first.message.payload.filled_qty > 0);
  const again = (await answers(id, market, 2))[1];
  assert.equal(again.topic, first.topic);
  assert.equal(again.message.payload.duplicate, true);
  assert.equal(again.message.payload.filled_qty, first.message.payload.filled_qty);
  assert.deepEqual(ear.wrong.slice(0, 3), []);
  publisher.close();
  ear.close();
});

test("with keys a monitor speaks to those who know its key only", async () => {
  const server = zmq.curveKeyPair();
  const file = join(tmpdir(), `arbees-bus-key-${process.pid}`);
  writeFileSync(file, `${server.secretKey}\n`, {mode: 0o600});
  const monitor = await startRoles(["crypto-spot-monitor"], {settings: `curve_secret_key_file = "${file}"\n`});
  try {
    // All processes of one system may have one pair.
    const options = {
      curveServerKey: server.publicKey,
      curvePublicKey: server.publicKey,
      curveSecretKey: server.secretKey,
    };
    const plain = new Ear([monitor.endpoints.spot_pub]);
    const known = new Ear([monitor.endpoints.spot_pub], options);
    await until(() => known.counts["crypto.prices."] > 10, "encrypted prices", 60_000);
    assert.equal(plain.counts["crypto.prices."], 0);
    assert.deepEqual(known.wrong.slice(0, 3), []);
    plain.close();
    known.close();
  } finally {
    await monitor.stop();
    rmSync(file);
  }
});
