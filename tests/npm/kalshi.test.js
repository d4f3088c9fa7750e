// Kalshi's own TypeScript client, and a plain WebSocket that keeps books, against the loopback Kalshi.

import assert from "node:assert/strict";
import {createPrivateKey, constants, randomUUID, sign} from "node:crypto";
import {readFile} from "node:fs/promises";
import {createRequire} from "node:module";
import {after, before, test} from "node:test";

import WebSocket from "ws";

import {startSim, until} from "./sim.js";

// Published for require() alone; axios is the one that it brings along.
const require = createRequire(import.meta.url);
const kalshi = require("kalshi-typescript");
const axios = createRequire(require.resolve("kalshi-typescript"))("axios");

const SOCKET_PATH = "/trade-api/ws/v2";

let sim;
let venue;
let pem;
before(async () => {
  sim = await startSim();
  venue = sim.ready.kalshi;
  pem = await readFile(venue.private_key_file, "utf8");
});
after(() => sim?.stop());

// One API of the client, with an axios of its own: the client's signing hooks pile up on a shared one.
function client(Api, {keyId = venue.key_id, privateKeyPem = pem} = {}) {
  const configuration = new kalshi.Configuration({apiKey: keyId, privateKeyPem, basePath: venue.rest});
  return new Api(configuration, venue.rest, axios.create());
}

// The status and body of the refusal that a call ends with.
async function refusal(call) {
  const error = await call.then(
    () => assert.fail("was not refused"),
    (reason) => reason,
  );
  assert.ok(error.response, String(error));
  return {status: error.response.status, body: error.response.data};
}

// An open market with both sides of its book and long enough to go. Shortly before a window ends its markets are as good
// as decided: then the next window is waited for, which takes a minute or two.
async function openMarket(series = "KXBTC15M") {
  const markets = client(kalshi.MarketApi);
  return until(async () => {
    const {data} = await markets.getMarkets(100, undefined, undefined, series, ...Array(7), "open");
    return data.markets.find(
      (market) =>
        Number(market.yes_bid_dollars) > 0.02 &&
        Number(market.yes_ask_dollars) < 0.98 &&
        Date.parse(market.close_time) > Date.now() + 20_000,
    );
  }, "an open market with a book", 150_000);
}

const order = (market, changes) => ({
  ticker: market.ticker,
  side: "bid",
  count: "2.00",
  price: "0.0100",
  time_in_force: "good_till_canceled",
  self_trade_prevention_type: "taker_at_cross",
  client_order_id: randomUUID(),
  exchange_index: market.exchange_index,
  ...changes,
});

test("exchange and listings", async () => {
  const {data: status} = await client(kalshi.ExchangeApi).getExchangeStatus();
  assert.equal(status.exchange_active, true);
  assert.equal(status.exchange_index_statuses.find(({exchange_index}) => exchange_index === 2).trading_active, true);
  const market = await openMarket();
  assert.equal(market.status, "active");
  assert.equal(market.exchange_index, 2);
  assert.ok(market.price_ranges.length > 0);
  const markets = client(kalshi.MarketApi);
  assert.equal((await markets.getMarket(market.ticker)).data.market.event_ticker, market.event_ticker);
  const {data: series} = await markets.getSeries("KXBTC15M");
  assert.equal(series.series.fee_type, "quadratic");
  assert.equal(series.series.fee_multiplier, 1);
  const {data: event} = await client(kalshi.EventsApi).getEvent(market.event_ticker, true);
  assert.equal(event.event.series_ticker, "KXBTC15M");
  assert.ok(event.event.markets.some(({ticker}) => ticker === market.ticker));
});

test("lists come page by page", async () => {
  const markets = client(kalshi.MarketApi);
  const seen = new Set();
  let cursor;
  do {
    const {data} = await markets.getMarkets(7, cursor);
    assert.ok(data.markets.length <= 7);
    for (const {ticker} of data.markets) {
      assert.ok(!seen.has(ticker), ticker);
      seen.add(ticker);
    }
    cursor = data.cursor;
  } while (cursor);
  assert.equal((await refusal(markets.getMarkets(1001))).status, 400);
  assert.ok(seen.size >= 2);
});

test("an order rests, is found and is canceled", async () => {
  const market = await openMarket("KXBTCD");
  const [orders, portfolio] = [client(kalshi.OrdersApi), client(kalshi.PortfolioApi)];
  const before = Number((await portfolio.getBalance()).data.balance_dollars);
  const wanted = order(market);
  const created = await orders.createOrderV2(wanted);
  assert.equal(created.status, 201);
  assert.equal(created.data.remaining_count, "2.00");
  assert.equal(created.data.client_order_id, wanted.client_order_id);
  const {data: found} = await orders.getOrder(created.data.order_id);
  assert.equal(found.order.status, "resting");
  assert.equal(found.order.yes_price_dollars, "0.0100");
  const duplicate = await refusal(orders.createOrderV2(wanted));
  assert.deepEqual([duplicate.status, duplicate.body.error.code], [409, "order_already_exists"]);

  // Without the shard the cancel goes to the wrong one.
  assert.equal((await refusal(orders.cancelOrderV2(created.data.order_id))).status, 404);
  const canceled = await orders.cancelOrderV2(created.data.order_id, undefined, market.exchange_index);
  assert.equal(canceled.data.reduced_by, "2.00");
  assert.equal(Number((await portfolio.getBalance()).data.balance_dollars), before);
});

test("a purchase moves balance, position and fills", async () => {
  const market = await openMarket("KXBTCD");
  const [orders, portfolio] = [client(kalshi.OrdersApi), client(kalshi.PortfolioApi)];
  const before = Number((await portfolio.getBalance()).data.balance_dollars);
  const {data: bought} = await orders.createOrderV2(
    order(market, {price: "0.9900", count: "1.00", time_in_force: "immediate_or_cancel"}),
  );
  assert.equal(bought.fill_count, "1.00");
  const {data: fills} = await portfolio.getFills(undefined, bought.order_id);
  const paid = fills.fills.reduce(
    (sum, fill) => sum + Number(fill.yes_price_dollars) * Number(fill.count_fp) + Number(fill.fee_cost),
    0,
  );
  const balance = Number((await portfolio.getBalance()).data.balance_dollars);
  assert.ok(Math.abs(before - balance - paid) < 1.5e-4, `${before} - ${balance} against ${paid}`);
  const {data: positions} = await portfolio.getPositions();
  assert.equal(positions.market_positions.find(({ticker}) => ticker === market.ticker).position_fp, "1.00");
  const killed = await refusal(orders.createOrderV2(order(market, {time_in_force: "fill_or_kill"})));
  assert.deepEqual([killed.status, killed.body.error.code], [409, "fill_or_kill_insufficient_resting_volume"]);
});

test("wrong signatures and unknown keys are refused", async () => {
  const ed25519 = await readFile(venue.ed25519_private_key_file, "utf8");
  const unknown = client(kalshi.PortfolioApi, {keyId: randomUUID()});
  const {status, body} = await refusal(unknown.getBalance());
  assert.deepEqual([status, body.error.code, body.error.details], [401, "authentication_error", "NOT_FOUND"]);
  const other = client(kalshi.PortfolioApi, {keyId: venue.ed25519_key_id});
  assert.equal((await refusal(other.getBalance())).body.error.details, "INCORRECT_API_KEY_SIGNATURE");

  const ask = (signedPath, ageMs) => {
    const timestamp = String(Date.now() - ageMs);
    const signature = sign(null, Buffer.from(`${timestamp}GET${signedPath}`), createPrivateKey(ed25519));
    const headers = {
      "KALSHI-ACCESS-KEY": venue.ed25519_key_id,
      "KALSHI-ACCESS-TIMESTAMP": timestamp,
      "KALSHI-ACCESS-SIGNATURE": signature.toString("base64"),
    };
    return fetch(`${venue.rest}/portfolio/fills?limit=5`, {headers}).then((response) => response.status);
  };
  const path = "/trade-api/v2/portfolio/fills";
  assert.equal(await ask(path, 0), 200);
  assert.equal(await ask(path, 61_000), 401);
  assert.equal(await ask(`${path}?limit=5`, 0), 401);
});

// ---- WebSocket ----

function socketHeaders() {
  const timestamp = String(Date.now());
  const signature = sign("sha256", Buffer.from(`${timestamp}GET${SOCKET_PATH}`), {
    key: pem,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  });
  return {
    "KALSHI-ACCESS-KEY": venue.key_id,
    "KALSHI-ACCESS-TIMESTAMP": timestamp,
    "KALSHI-ACCESS-SIGNATURE": signature.toString("base64"),
  };
}

async function connect(onMessage) {
  const socket = new WebSocket(venue.ws, {headers: socketHeaders()});
  socket.on("message", (text) => onMessage(JSON.parse(text)));
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  return socket;
}

// The books of one subscription, kept from its snapshots and deltas; sizes in hundredths of a contract.
class Books {
  constructor() {
    this.books = new Map();
    this.sequence = 0;
    this.deltas = 0;
  }

  take({type, seq, msg}) {
    if (type !== "orderbook_snapshot" && type !== "orderbook_delta") return;
    assert.equal(seq, this.sequence + 1);
    this.sequence = seq;
    if (type === "orderbook_snapshot") {
      const side = (levels) => new Map((levels ?? []).map(([price, count]) => [price, Math.round(count * 100)]));
      this.books.set(msg.market_ticker, {yes: side(msg.yes_dollars_fp), no: side(msg.no_dollars_fp), states: []});
    } else {
      ++this.deltas;
      const levels = this.books.get(msg.market_ticker)[msg.side];
      const size = (levels.get(msg.price_dollars) ?? 0) + Math.round(msg.delta_fp * 100);
      assert.ok(size >= 0, `${msg.market_ticker} ${msg.side} ${msg.price_dollars}: ${size}`);
      if (size === 0) levels.delete(msg.price_dollars);
      else levels.set(msg.price_dollars, size);
    }
    this.books.get(msg.market_ticker).states.push(this.text(msg.market_ticker));
  }

  text(ticker) {
    const {yes, no} = this.books.get(ticker);
    const side = (levels) => [...levels].sort((a, b) => Number(a[0]) - Number(b[0]));
    return JSON.stringify([side(yes), side(no)]);
  }
}

const restText = ({yes_dollars, no_dollars}) => {
  const side = (levels) => levels.map(([price, count]) => [price, Math.round(count * 100)]);
  return JSON.stringify([side(yes_dollars), side(no_dollars)]);
};

test("books kept from the stream are those of REST", async () => {
  const books = new Books();
  const types = new Set();
  const socket = await connect((message) => {
    types.add(message.type);
    books.take(message);
  });
  const markets = client(kalshi.MarketApi);
  // Ten to compare, none of which closes while it is looked at.
  const tickers = await until(async () => {
    const {data} = await markets.getMarkets(40, ...Array(10), "open");
    const lasting = data.markets.filter((market) => Date.parse(market.close_time) > Date.now() + 60_000);
    return lasting.length >= 10 ? lasting.map(({ticker}) => ticker) : undefined;
  }, "markets that stay open", 150_000);
  const subscribe = {channels: ["orderbook_delta", "ticker"], market_tickers: tickers};
  socket.send(JSON.stringify({id: 1, cmd: "subscribe", params: subscribe}));
  await until(() => books.books.size === tickers.length, "all snapshots");
  await until(() => books.deltas > 200, "two hundred changes");
  assert.ok(types.has("ticker"));

  let compared = 0;
  for (const ticker of tickers.slice(0, 10)) {
    const book = books.books.get(ticker);
    book.states = [books.text(ticker)];
    const {data: rest} = await markets.getMarketOrderbook(ticker);
    const wanted = restText(rest.orderbook_fp);
    // What REST showed is what the stream's book was at some instant since the request began.
    await until(() => book.states.includes(wanted), `${ticker}: ${wanted}`);
    ++compared;
  }
  assert.equal(compared, 10);
  socket.terminate();
});

test("own orders and fills are told, and the heart beats", async () => {
  const market = await openMarket("KXBTCD");
  const messages = [];
  const pings = [];
  const socket = await connect((message) => messages.push(message));
  socket.on("ping", (payload) => pings.push(String(payload)));
  socket.send(JSON.stringify({id: 1, cmd: "subscribe", params: {channels: ["fill", "user_orders"]}}));
  await until(() => messages.filter(({type}) => type === "subscribed").length === 2, "both subscriptions");
  const wanted = order(market, {price: "0.9900", count: "1.00", time_in_force: "immediate_or_cancel"});
  const {data: bought} = await client(kalshi.OrdersApi).createOrderV2(wanted);
  const fill = await until(() => messages.find(({type}) => type === "fill"), "the fill");
  assert.equal(fill.msg.order_id, bought.order_id);
  assert.equal(fill.msg.client_order_id, wanted.client_order_id);
  assert.equal(fill.msg.is_taker, true);
  await until(() => messages.find(({type, msg}) => type === "user_order" && msg.status === "executed"), "the order");
  await until(() => pings.length > 0, "a ping");
  assert.equal(pings[0], "heartbeat");
  socket.terminate();
});

test("a WebSocket that is not signed is refused", async () => {
  const socket = new WebSocket(venue.ws);
  const status = await new Promise((resolve) => {
    socket.once("unexpected-response", (_, response) => resolve(response.statusCode));
    socket.once("open", () => resolve(101));
  });
  assert.equal(status, 401);
});
