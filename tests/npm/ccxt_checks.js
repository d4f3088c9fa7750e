// What every exchange of ccxt must be able to do with a loopback venue, by ccxt's unified methods alone.

import assert from "node:assert/strict";
import {test} from "node:test";

function assertBook(book) {
  assert.ok(book.bids.length >= 10 && book.asks.length >= 10, "at least ten levels");
  assert.ok(book.bids[0][0] < book.asks[0][0], "not crossed");
  for (const side of [book.bids, book.asks]) for (const level of side) assert.ok(level[0] > 0 && level[1] > 0);
}

function assertTrades(trades, symbol) {
  assert.ok(trades.length > 0);
  for (const trade of trades) {
    assert.equal(trade.symbol, symbol);
    assert.ok(trade.price > 0 && trade.amount > 0 && trade.timestamp > 0 && trade.id);
    assert.ok(["buy", "sell"].includes(trade.side));
  }
}

function assertTicker(ticker, symbol) {
  assert.equal(ticker.symbol, symbol);
  assert.ok(ticker.last > 0);
  assert.ok(ticker.bid < ticker.ask);
}

// `exchange()` gives the connected exchange; `symbols` are ccxt's names of the three products.
export function checkRest(exchange, symbols) {
  for (const symbol of symbols) {
    test(`fetch ${symbol}`, async () => {
      const client = exchange();
      assertBook(await client.fetchOrderBook(symbol));
      assertTicker(await client.fetchTicker(symbol), symbol);
      assertTrades(await client.fetchTrades(symbol), symbol);
      const candles = await client.fetchOHLCV(symbol, "1m", undefined, 60);
      assert.ok(candles.length >= 30);
      for (const [time, open, high, low, close] of candles) {
        assert.equal(time % 60_000, 0);
        assert.ok(low <= Math.min(open, close) && high >= Math.max(open, close));
      }
      for (let i = 1; i < candles.length; ++i) assert.ok(candles[i][0] > candles[i - 1][0], "oldest first");
    });
  }
}

// `tickerParams` ask for a ticker with best prices where ccxt's own choice has none.
export function checkStreams(exchange, symbols, tickerParams = {}) {
  for (const symbol of symbols) {
    test(`watch ${symbol}`, async () => {
      const client = exchange();
      const seen = new Set();
      for (let i = 0; i < 20; ++i) {
        const book = await client.watchOrderBook(symbol);
        assertBook(book);
        seen.add(JSON.stringify([book.bids.slice(0, 10), book.asks.slice(0, 10)]));
      }
      assert.ok(seen.size > 3, "the book moves");
      assertTrades(await client.watchTrades(symbol), symbol);
      assertTicker(await client.watchTicker(symbol, tickerParams), symbol);
    });
  }
}

export function checkUnknownSymbol(exchange) {
  test("an unknown symbol is refused", async () => {
    await assert.rejects(exchange().fetchTicker("NOTHING/USD"), {name: "BadSymbol"});
  });
}
