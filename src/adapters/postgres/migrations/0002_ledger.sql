-- The ledger's rows, of any number of ledgers: the tables and columns of the ledger file, with the ledger in front.
--
-- Integers with their unit in the name are the truth, as in the file; the columns after them are derived from them,
-- for people. Rows of ledger 0 come from the bus.

CREATE TABLE ledgers (
  ledger bigint PRIMARY KEY, mode text NOT NULL, started_at_ns bigint NOT NULL, schema_version integer NOT NULL,
  started_at timestamptz GENERATED ALWAYS AS (arbees_time(started_at_ns)) STORED, mirrored_at timestamptz);

CREATE TABLE sessions (
  ledger bigint NOT NULL, session bigint NOT NULL, mode text NOT NULL, started_at_ns bigint NOT NULL,
  last_sequence bigint NOT NULL, last_ordinal bigint NOT NULL, ignored_duplicates bigint NOT NULL,
  started_at timestamptz GENERATED ALWAYS AS (arbees_time(started_at_ns)) STORED,
  PRIMARY KEY (ledger, session));

CREATE TABLE instruments (
  ledger bigint NOT NULL, instrument bigint NOT NULL, venue text NOT NULL, symbol text NOT NULL,
  PRIMARY KEY (ledger, instrument));

CREATE TABLE limits (
  ledger bigint NOT NULL, limits_id bigint NOT NULL, session bigint NOT NULL, position_micro bigint NOT NULL,
  asset_micro bigint NOT NULL, total_micro bigint NOT NULL, PRIMARY KEY (ledger, limits_id));

CREATE TABLE decisions (
  ledger bigint NOT NULL, decision_id bigint NOT NULL, session bigint NOT NULL, sequence bigint NOT NULL,
  at_ns bigint NOT NULL, opportunity bigint NOT NULL, event_group bigint NOT NULL, detector text NOT NULL,
  verdict text NOT NULL, legs bigint NOT NULL, outlay_micro bigint NOT NULL, guaranteed_micro bigint NOT NULL,
  fees_micro bigint NOT NULL, request bigint, started_at_ns bigint NOT NULL, settles_at_ns bigint NOT NULL,
  size_centi bigint NOT NULL, binding text NOT NULL, expected_loss_micro bigint NOT NULL,
  tail_reserve_micro bigint NOT NULL,
  time timestamptz GENERATED ALWAYS AS (arbees_time(at_ns)) STORED,
  profit numeric(20, 6) GENERATED ALWAYS AS ((guaranteed_micro - outlay_micro) / 1000000.0) STORED,
  PRIMARY KEY (ledger, decision_id));
CREATE INDEX decisions_by_time ON decisions USING brin (time);

CREATE TABLE opportunities (
  ledger bigint NOT NULL, opportunity bigint NOT NULL, session bigint NOT NULL, sequence bigint NOT NULL,
  event_group bigint NOT NULL, detector text NOT NULL, verdict text NOT NULL, started_at_ns bigint NOT NULL,
  ended_at_ns bigint NOT NULL, best_profit_micro bigint NOT NULL, best_outlay_micro bigint NOT NULL,
  best_size_centi bigint NOT NULL, judgements bigint NOT NULL, request bigint,
  time timestamptz GENERATED ALWAYS AS (arbees_time(started_at_ns)) STORED,
  profit numeric(20, 6) GENERATED ALWAYS AS (best_profit_micro / 1000000.0) STORED,
  outlay numeric(20, 6) GENERATED ALWAYS AS (best_outlay_micro / 1000000.0) STORED,
  PRIMARY KEY (ledger, session, opportunity));
CREATE INDEX opportunities_by_time ON opportunities USING brin (time);

CREATE TABLE requests (
  ledger bigint NOT NULL, request bigint NOT NULL, session bigint NOT NULL, opportunity bigint NOT NULL,
  detector text NOT NULL, created_at_ns bigint NOT NULL, deadline_ns bigint NOT NULL, outlay_micro bigint NOT NULL,
  guaranteed_micro bigint NOT NULL, name text,
  time timestamptz GENERATED ALWAYS AS (arbees_time(created_at_ns)) STORED,
  outlay numeric(20, 6) GENERATED ALWAYS AS (outlay_micro / 1000000.0) STORED,
  guaranteed numeric(20, 6) GENERATED ALWAYS AS (guaranteed_micro / 1000000.0) STORED,
  PRIMARY KEY (ledger, request));
COMMENT ON COLUMN requests.name IS 'the request_id of the bus';

CREATE TABLE request_legs (
  ledger bigint NOT NULL, request bigint NOT NULL, leg bigint NOT NULL, instrument bigint NOT NULL,
  venue text NOT NULL, asset text NOT NULL, outcome text NOT NULL, price_e4 bigint NOT NULL,
  quantity_centi bigint NOT NULL, cost_micro bigint NOT NULL, fee_micro bigint NOT NULL,
  PRIMARY KEY (ledger, request, leg));

CREATE TABLE orders (
  ledger bigint NOT NULL, order_id bigint NOT NULL, request bigint NOT NULL, leg bigint NOT NULL,
  session bigint NOT NULL, limits_id bigint, instrument bigint NOT NULL, venue text NOT NULL, asset text NOT NULL,
  outcome text NOT NULL, side text NOT NULL, time_in_force text NOT NULL, limit_e4 bigint NOT NULL,
  quantity_centi bigint NOT NULL, submitted_at_ns bigint NOT NULL, deadline_ns bigint NOT NULL, state text NOT NULL,
  reason text NOT NULL, ended_at_ns bigint, ended_filled_centi bigint,
  time timestamptz GENERATED ALWAYS AS (arbees_time(submitted_at_ns)) STORED,
  price numeric(8, 4) GENERATED ALWAYS AS (limit_e4 / 10000.0) STORED,
  quantity numeric(20, 2) GENERATED ALWAYS AS (quantity_centi / 100.0) STORED,
  PRIMARY KEY (ledger, order_id));
CREATE INDEX orders_by_time ON orders USING brin (time);

CREATE TABLE entries (
  ledger bigint NOT NULL, entry_id bigint NOT NULL, session bigint NOT NULL, sequence bigint NOT NULL,
  at_ns bigint NOT NULL, kind text NOT NULL,
  time timestamptz GENERATED ALWAYS AS (arbees_time(at_ns)) STORED, PRIMARY KEY (ledger, entry_id));

CREATE TABLE postings (
  ledger bigint NOT NULL, entry_id bigint NOT NULL, venue text NOT NULL, account text NOT NULL,
  amount_micro bigint NOT NULL, amount numeric(20, 6) GENERATED ALWAYS AS (amount_micro / 1000000.0) STORED,
  PRIMARY KEY (ledger, entry_id, account));

CREATE TABLE cash_movements (
  ledger bigint NOT NULL, entry_id bigint NOT NULL, venue text NOT NULL, amount_micro bigint NOT NULL,
  PRIMARY KEY (ledger, entry_id));

CREATE TABLE fills (
  ledger bigint NOT NULL, fill_id bigint NOT NULL, order_id bigint NOT NULL, venue text NOT NULL,
  venue_fill_id bigint NOT NULL, price_e4 bigint NOT NULL, quantity_centi bigint NOT NULL, fee_micro bigint NOT NULL,
  at_ns bigint NOT NULL,
  time timestamptz GENERATED ALWAYS AS (arbees_time(at_ns)) STORED,
  price numeric(8, 4) GENERATED ALWAYS AS (price_e4 / 10000.0) STORED,
  quantity numeric(20, 2) GENERATED ALWAYS AS (quantity_centi / 100.0) STORED,
  fee numeric(20, 6) GENERATED ALWAYS AS (fee_micro / 1000000.0) STORED,
  PRIMARY KEY (ledger, fill_id), UNIQUE (ledger, order_id, venue_fill_id, venue));
CREATE INDEX fills_by_time ON fills USING brin (time);

CREATE TABLE fill_names (
  ledger bigint NOT NULL, order_id bigint NOT NULL, venue_fill_id bigint NOT NULL, name text NOT NULL,
  PRIMARY KEY (ledger, order_id, venue_fill_id));

CREATE TABLE fill_reversals (
  ledger bigint NOT NULL, reversal_id bigint NOT NULL, fill_id bigint NOT NULL, at_ns bigint NOT NULL,
  PRIMARY KEY (ledger, reversal_id), UNIQUE (ledger, fill_id));

CREATE TABLE settlements (
  ledger bigint NOT NULL, settlement_id bigint NOT NULL, instrument bigint NOT NULL, venue text NOT NULL,
  asset text NOT NULL, outcome text NOT NULL, quantity_centi bigint NOT NULL, payout_micro bigint NOT NULL,
  cost_micro bigint NOT NULL, at_ns bigint NOT NULL,
  time timestamptz GENERATED ALWAYS AS (arbees_time(at_ns)) STORED,
  quantity numeric(20, 2) GENERATED ALWAYS AS (quantity_centi / 100.0) STORED,
  payout numeric(20, 6) GENERATED ALWAYS AS (payout_micro / 1000000.0) STORED,
  cost numeric(20, 6) GENERATED ALWAYS AS (cost_micro / 1000000.0) STORED,
  PRIMARY KEY (ledger, settlement_id));

CREATE TABLE request_ends (
  ledger bigint NOT NULL, request bigint NOT NULL, session bigint NOT NULL, ended_at_ns bigint NOT NULL,
  opportunity bigint NOT NULL, detector text NOT NULL, outcome text NOT NULL, legs bigint NOT NULL,
  orders bigint NOT NULL, asked_centi bigint NOT NULL, matched_centi bigint NOT NULL, kept_centi bigint NOT NULL,
  naked_ns bigint NOT NULL, naked_loss_micro bigint NOT NULL, unwind_cost_micro bigint NOT NULL,
  slippage_micro bigint NOT NULL, PRIMARY KEY (ledger, request));

-- `place` is the number of the row in the ledger file.
CREATE TABLE trading_states (
  ledger bigint NOT NULL, place bigint NOT NULL, session bigint NOT NULL, sequence bigint NOT NULL,
  at_ns bigint NOT NULL, state text NOT NULL, reason text NOT NULL,
  time timestamptz GENERATED ALWAYS AS (arbees_time(at_ns)) STORED, PRIMARY KEY (ledger, place));

CREATE VIEW balances AS
  SELECT ledger, venue, account, sum(amount_micro)::bigint AS amount_micro, sum(amount) AS amount
    FROM postings GROUP BY ledger, venue, account;
CREATE VIEW positions AS
  SELECT ledger, instrument, venue, outcome, sum(quantity_centi)::bigint AS quantity_centi,
         sum(quantity_centi) / 100.0 AS quantity
    FROM (SELECT o.ledger, o.instrument, o.venue, o.outcome,
                 CASE o.side WHEN 'buy' THEN f.quantity_centi ELSE -f.quantity_centi END AS quantity_centi
            FROM fills f JOIN orders o USING (ledger, order_id)
           WHERE NOT EXISTS (SELECT FROM fill_reversals r WHERE r.ledger = f.ledger AND r.fill_id = f.fill_id)
           UNION ALL SELECT ledger, instrument, venue, outcome, -quantity_centi FROM settlements) held
   GROUP BY ledger, instrument, venue, outcome HAVING sum(quantity_centi) <> 0;
-- Fills with the names of what was traded.
CREATE VIEW trades AS
  SELECT f.ledger, f.time, f.at_ns, o.venue, i.symbol, o.asset, o.outcome, o.side, f.price, f.quantity, f.fee,
         f.fill_id, f.order_id, o.request
    FROM fills f JOIN orders o USING (ledger, order_id)
    LEFT JOIN instruments i ON i.ledger = o.ledger AND i.instrument = o.instrument
   WHERE NOT EXISTS (SELECT FROM fill_reversals r WHERE r.ledger = f.ledger AND r.fill_id = f.fill_id);
