-- Contracts that came or went outside our orders, and why transfers were booked: version 4 of the ledger file.

ALTER TABLE cash_movements ADD COLUMN reason text NOT NULL DEFAULT '';

CREATE TABLE adjustments (
  ledger bigint NOT NULL, adjustment_id bigint NOT NULL, instrument bigint NOT NULL, venue text NOT NULL,
  asset text NOT NULL, outcome text NOT NULL, quantity_centi bigint NOT NULL, cost_micro bigint NOT NULL,
  at_ns bigint NOT NULL, reason text NOT NULL,
  time timestamptz GENERATED ALWAYS AS (arbees_time(at_ns)) STORED,
  quantity numeric(20, 2) GENERATED ALWAYS AS (quantity_centi / 100.0) STORED,
  cost numeric(20, 6) GENERATED ALWAYS AS (cost_micro / 1000000.0) STORED,
  PRIMARY KEY (ledger, adjustment_id));

CREATE OR REPLACE VIEW positions AS
  SELECT ledger, instrument, venue, outcome, sum(quantity_centi)::bigint AS quantity_centi,
         sum(quantity_centi) / 100.0 AS quantity
    FROM (SELECT o.ledger, o.instrument, o.venue, o.outcome,
                 CASE o.side WHEN 'buy' THEN f.quantity_centi ELSE -f.quantity_centi END AS quantity_centi
            FROM fills f JOIN orders o USING (ledger, order_id)
           WHERE NOT EXISTS (SELECT FROM fill_reversals r WHERE r.ledger = f.ledger AND r.fill_id = f.fill_id)
           UNION ALL SELECT ledger, instrument, venue, outcome, quantity_centi FROM adjustments
           UNION ALL SELECT ledger, instrument, venue, outcome, -quantity_centi FROM settlements) held
   GROUP BY ledger, instrument, venue, outcome HAVING sum(quantity_centi) <> 0;
