-- What an operator decides about parked events is an event of the service's own log; the consumer looks for these in every transaction.
CREATE INDEX parked_decisions ON events (district, sequence) WHERE type LIKE '%.ParkedEventsDecided.v1';
DROP TABLE operator_decisions;
