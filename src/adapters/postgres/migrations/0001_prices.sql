-- Prices as time series, and who has written how much of them.
--
-- Money is exact: numerics with the scale of the venues. Times stand twice: to the microsecond for people, and as
-- nanoseconds since 1970 UTC.

CREATE FUNCTION arbees_time(ns bigint) RETURNS timestamptz
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN (timestamp '1970-01-01' + (ns / 1000) * interval '1 microsecond') AT TIME ZONE 'UTC';

-- One row for each process that wrote. A batch and its number are committed together: what is sent again is known.
CREATE TABLE writers (
  writer text PRIMARY KEY, last_batch bigint NOT NULL, row_count bigint NOT NULL, updated_at timestamptz NOT NULL);

CREATE TABLE crypto_prices (
  time timestamptz NOT NULL,
  received_ns bigint NOT NULL,
  exchange_ns bigint,
  asset text NOT NULL,
  venue text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('quote', 'trade', 'index')),
  price_usd numeric(20, 8) NOT NULL,
  bid numeric(20, 8),
  ask numeric(20, 8),
  quantity numeric(24, 8))
--@ native
  PARTITION BY RANGE (time)
--@ always
;

CREATE TABLE market_prices (
  time timestamptz NOT NULL,
  received_ns bigint NOT NULL,
  exchange_ns bigint,
  venue text NOT NULL,
  market_id text NOT NULL,
  symbol text NOT NULL,
  asset text NOT NULL,
  yes_bid numeric(6, 4),
  yes_ask numeric(6, 4),
  yes_bid_size numeric(20, 2),
  yes_ask_size numeric(20, 2),
  status text NOT NULL)
--@ native
  PARTITION BY RANGE (time)
--@ always
;
COMMENT ON COLUMN crypto_prices.price_usd IS 'trade price; of a quote the middle, cut to eight decimals';
COMMENT ON COLUMN market_prices.symbol IS 'ticker; on Polymarket the token that pays on Yes';

-- What happened to processes and to this database: only ever added to.
CREATE TABLE audit (
  time timestamptz NOT NULL, at_ns bigint NOT NULL, process text NOT NULL, kind text NOT NULL, detail text NOT NULL);
CREATE INDEX audit_by_time ON audit USING brin (time);
CREATE FUNCTION arbees_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME;
END $$;
CREATE TRIGGER audit_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit EXECUTE FUNCTION arbees_refuse_change();

--@ native
CREATE INDEX crypto_prices_by_time ON crypto_prices USING brin (time);
CREATE INDEX crypto_prices_by_asset ON crypto_prices (asset, time DESC);
CREATE INDEX market_prices_by_time ON market_prices USING brin (time);
CREATE INDEX market_prices_by_market ON market_prices (market_id, time DESC);

-- The partition of one day (UTC) of a table, made if it is missing.
CREATE FUNCTION arbees_add_day(parent text, day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  child text := parent || '_' || to_char(day, 'YYYYMMDD');
BEGIN
  IF to_regclass(child) IS NOT NULL THEN RETURN; END IF;
  PERFORM pg_advisory_xact_lock(4702394921427289154);
  IF to_regclass(child) IS NOT NULL THEN RETURN; END IF;
  EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', child, parent,
                 day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
END $$;

-- Drops the days that end before the bound; how many it were.
CREATE FUNCTION arbees_drop_before(parent text, bound timestamptz) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  child text;
  dropped integer := 0;
BEGIN
  FOR child IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = to_regclass(parent) AND c.relname ~ '_[0-9]{8}$'
       AND (to_date(right(c.relname, 8), 'YYYYMMDD') + 1)::timestamp AT TIME ZONE 'UTC' <= bound
     ORDER BY 1
  LOOP
    EXECUTE format('DROP TABLE %I', child);
    dropped := dropped + 1;
  END LOOP;
  RETURN dropped;
END $$;

CREATE VIEW crypto_prices_hourly AS
  SELECT date_trunc('hour', time) AS hour, asset, venue,
         (array_agg(price_usd ORDER BY received_ns))[1] AS open, max(price_usd) AS high, min(price_usd) AS low,
         (array_agg(price_usd ORDER BY received_ns DESC))[1] AS close, count(*) AS changes
    FROM crypto_prices GROUP BY 1, 2, 3;
CREATE VIEW market_prices_hourly AS
  SELECT date_trunc('hour', time) AS hour, venue, market_id, symbol,
         min(yes_bid) AS lowest_bid, max(yes_bid) AS highest_bid, min(yes_ask) AS lowest_ask,
         max(yes_ask) AS highest_ask, count(*) AS changes
    FROM market_prices WHERE status = 'proven' GROUP BY 1, 2, 3, 4;

--@ timescaledb
SELECT create_hypertable('crypto_prices', 'time', chunk_time_interval => INTERVAL '1 day');
SELECT create_hypertable('market_prices', 'time', chunk_time_interval => INTERVAL '1 day');
CREATE INDEX crypto_prices_by_asset ON crypto_prices (asset, time DESC);
CREATE INDEX market_prices_by_market ON market_prices (market_id, time DESC);

ALTER TABLE crypto_prices SET (timescaledb.compress, timescaledb.compress_segmentby = 'asset, venue, kind',
                               timescaledb.compress_orderby = 'time DESC');
ALTER TABLE market_prices SET (timescaledb.compress, timescaledb.compress_segmentby = 'market_id, symbol',
                               timescaledb.compress_orderby = 'time DESC');
SELECT add_compression_policy('crypto_prices', INTERVAL '7 days');
SELECT add_compression_policy('market_prices', INTERVAL '7 days');

-- Chunks come by themselves.
CREATE FUNCTION arbees_add_day(parent text, day date) RETURNS void LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE FUNCTION arbees_drop_before(parent text, bound timestamptz) RETURNS integer LANGUAGE sql AS $$
  SELECT count(*)::integer FROM drop_chunks(parent::regclass, older_than => bound) $$;

CREATE MATERIALIZED VIEW crypto_prices_hourly WITH (timescaledb.continuous) AS
  SELECT time_bucket(INTERVAL '1 hour', time) AS hour, asset, venue, first(price_usd, received_ns) AS open,
         max(price_usd) AS high, min(price_usd) AS low, last(price_usd, received_ns) AS close, count(*) AS changes
    FROM crypto_prices GROUP BY 1, 2, 3 WITH NO DATA;
CREATE MATERIALIZED VIEW market_prices_hourly WITH (timescaledb.continuous) AS
  SELECT time_bucket(INTERVAL '1 hour', time) AS hour, venue, market_id, symbol, min(yes_bid) AS lowest_bid,
         max(yes_bid) AS highest_bid, min(yes_ask) AS lowest_ask, max(yes_ask) AS highest_ask, count(*) AS changes
    FROM market_prices WHERE status = 'proven' GROUP BY 1, 2, 3, 4 WITH NO DATA;
SELECT add_continuous_aggregate_policy('crypto_prices_hourly', start_offset => INTERVAL '3 hours',
                                       end_offset => INTERVAL '1 hour', schedule_interval => INTERVAL '1 hour');
SELECT add_continuous_aggregate_policy('market_prices_hourly', start_offset => INTERVAL '3 hours',
                                       end_offset => INTERVAL '1 hour', schedule_interval => INTERVAL '1 hour');
