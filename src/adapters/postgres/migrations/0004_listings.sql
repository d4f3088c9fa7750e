-- What a listing says of a contract: version 5 of the ledger file.

ALTER TABLE instruments ADD COLUMN asset text NOT NULL DEFAULT 'unknown';
ALTER TABLE instruments ADD COLUMN title text NOT NULL DEFAULT '';
