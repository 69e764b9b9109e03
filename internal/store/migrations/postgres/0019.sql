-- What the columns mean stands in ../sqlite/0020.sql.
CREATE TABLE pings (
    delivery BIGINT NOT NULL REFERENCES deliveries (id),
    role     TEXT   NOT NULL,
    channel  TEXT   NOT NULL,
    case_id  TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (delivery, role)
);
CREATE INDEX pings_last ON pings (channel, case_id, role, at);
