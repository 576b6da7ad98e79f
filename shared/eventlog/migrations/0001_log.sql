-- The log of one service: one sequence without gaps per district, append-only, and what must be true in the same transaction.
-- Runs with search_path = the service's schema; every table is protected by district afterwards (protect.sql).

CREATE TABLE log_head (
    district text PRIMARY KEY,
    size     bigint NOT NULL DEFAULT 0 CHECK (size >= 0)
);

CREATE TABLE events (
    district      text     COLLATE "C" NOT NULL,  -- names are compared byte by byte: no alphabet has a say in an index
    sequence      bigint   NOT NULL CHECK (sequence > 0),
    stream        text     COLLATE "C" NOT NULL,
    streamversion integer  NOT NULL CHECK (streamversion > 0),
    command_id    uuid     NOT NULL,
    command_ord   smallint NOT NULL,
    type          text     NOT NULL,
    body          bytea    NOT NULL,  -- bytea, not jsonb: the stored bytes are the evidence
    fingerprint   bytea,              -- of the request (shared/http/fingerprint.py); null: no request, but a reaction
    leaf_hash     bytea    NOT NULL GENERATED ALWAYS AS (sha256('\x00'::bytea || body)) STORED,  -- RFC 6962, 2.1
    CONSTRAINT events_pkey PRIMARY KEY (district, sequence),
    CONSTRAINT one_event_per_stream_version UNIQUE (district, stream, streamversion),
    CONSTRAINT one_outcome_per_command UNIQUE (district, command_id, command_ord)
);

-- Requests whose events have command ids of their own (Call.step): the key that the caller sent, and the request it belongs to.
CREATE TABLE requests (
    district    text  NOT NULL,
    key         uuid  NOT NULL,
    fingerprint bytea NOT NULL,
    PRIMARY KEY (district, key)
);

-- Uniqueness across streams: at most `places` holders per (kind, key), taken and freed by events.
CREATE TABLE reservations (
    district text NOT NULL,
    kind     text NOT NULL,
    key      text NOT NULL,
    holder   text NOT NULL,
    PRIMARY KEY (district, kind, key, holder)
);

CREATE TABLE relay_cursor (
    district text PRIMARY KEY,
    position bigint NOT NULL DEFAULT 0
);

-- What a reaction decided to do; performed later, at least once, with a command id derived from the key.
CREATE TABLE intents (
    district  text        NOT NULL,
    key       text        NOT NULL,
    kind      text        NOT NULL,
    payload   jsonb       NOT NULL,
    due       timestamptz NOT NULL,
    event_id  uuid        NOT NULL,
    state     text        NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'refused', 'failed')),
    attempts  integer     NOT NULL DEFAULT 0,
    not_before timestamptz NOT NULL DEFAULT '-infinity',
    outcome   text,
    PRIMARY KEY (district, key)
);
CREATE INDEX intents_open ON intents (district, due) WHERE state = 'open';

-- What an operator decided about parked events; a rebuild honours it.
CREATE TABLE operator_decisions (
    district   text        NOT NULL,
    source     text        NOT NULL,
    sequence   bigint      NOT NULL,
    decision   text        NOT NULL CHECK (decision IN ('retried', 'skipped')),
    reason     text        NOT NULL,
    actor      text        NOT NULL,
    decided_at timestamptz NOT NULL,
    PRIMARY KEY (district, source, sequence, decided_at)
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log is append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE ON events FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER events_no_truncate BEFORE TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Insert events [lo, hi] of the batch behind sequence `base`. Raises on a taken version, command id or reservation, a moved stream, or a
-- key that belongs to another request.
CREATE FUNCTION append_slice(
    p_district text, p_base bigint, p_recorded text, p_lo integer, p_hi integer,
    p_streams text[], p_versions integer[], p_commands uuid[], p_ords smallint[], p_types text[], p_tails bytea[],
    p_keys uuid[], p_prints bytea[],
    r_event integer[], r_kind text[], r_key text[], r_holder text[], r_places integer[],
    c_event integer[], c_stream text[], c_version integer[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    i integer;
    held bigint;
    is_step boolean;
BEGIN
    FOR i IN 1 .. coalesce(cardinality(c_event), 0) LOOP
        CONTINUE WHEN c_event[i] NOT BETWEEN p_lo AND p_hi;
        SELECT coalesce(max(streamversion), 0) INTO held FROM events WHERE district = p_district AND stream = c_stream[i];
        IF held <> c_version[i] THEN
            RAISE EXCEPTION 'stream moved' USING ERRCODE = 'GC001';
        END IF;
    END LOOP;
    IF p_lo > 1 OR p_hi < cardinality(p_streams) THEN  -- a part only: cutting the arrays of a whole batch copies them for nothing
        p_streams := p_streams[p_lo:p_hi]; p_versions := p_versions[p_lo:p_hi]; p_commands := p_commands[p_lo:p_hi];
        p_ords := p_ords[p_lo:p_hi]; p_types := p_types[p_lo:p_hi]; p_tails := p_tails[p_lo:p_hi];
        p_keys := p_keys[p_lo:p_hi]; p_prints := p_prints[p_lo:p_hi];
    END IF;
    INSERT INTO requests
    SELECT DISTINCT ON (key) p_district, key, print FROM unnest(p_commands, p_keys, p_prints) AS batch(command, key, print)
    WHERE key <> command AND print IS NOT NULL
    ON CONFLICT DO NOTHING;
    is_step := FOUND;
    IF EXISTS (SELECT FROM unnest(p_keys, p_prints) AS batch(key, print) JOIN requests r ON r.district = p_district AND r.key = batch.key
               WHERE r.fingerprint IS DISTINCT FROM print)
       OR is_step AND EXISTS (SELECT FROM unnest(p_keys, p_prints) AS batch(key, print)
                              JOIN events e ON e.district = p_district AND e.command_id = batch.key WHERE e.fingerprint IS DISTINCT FROM print) THEN
        RAISE EXCEPTION 'key of another request' USING ERRCODE = 'GC003';
    END IF;
    INSERT INTO events (district, sequence, stream, streamversion, command_id, command_ord, type, body, fingerprint)
    SELECT p_district, p_base + k, stream, version, command, ord, type,
           convert_to('{"sequence":"' || lpad((p_base + k)::text, 12, '0') || '","streamversion":' || version
                      || ',"recordedtime":"' || p_recorded || '",', 'UTF8') || tail, print
    FROM unnest(p_streams, p_versions, p_commands, p_ords, p_types, p_tails, p_prints)
         WITH ORDINALITY AS batch(stream, version, command, ord, type, tail, print, k);
    FOR i IN 1 .. coalesce(cardinality(r_event), 0) LOOP
        CONTINUE WHEN r_event[i] NOT BETWEEN p_lo AND p_hi;
        IF r_places[i] = 0 THEN
            DELETE FROM reservations WHERE district = p_district AND kind = r_kind[i] AND key = r_key[i] AND holder = r_holder[i];
        ELSE
            -- The head row is locked by the caller, so counting holders cannot race.
            SELECT count(*) INTO held FROM reservations WHERE district = p_district AND kind = r_kind[i] AND key = r_key[i] AND holder <> r_holder[i];
            IF held >= r_places[i] THEN
                RAISE EXCEPTION 'no place left' USING ERRCODE = 'GC002', DETAIL = i::text;
            END IF;
            INSERT INTO reservations VALUES (p_district, r_kind[i], r_key[i], r_holder[i]) ON CONFLICT DO NOTHING;
        END IF;
    END LOOP;
END $$;

-- Append a batch of commands to one district's log in one round trip. Event k belongs to command p_commands[k]; a command's events are adjacent.
-- outcomes is null when all were accepted (sequences base+1 …); otherwise one {"command", "outcome", "sequence"|"reservation"} per command, in order.
CREATE FUNCTION append(
    p_service text, p_district text,
    p_streams text[], p_versions integer[], p_commands uuid[], p_ords smallint[], p_types text[], p_tails bytea[],
    p_keys uuid[], p_prints bytea[],
    r_event integer[], r_kind text[], r_key text[], r_holder text[], r_places integer[],
    c_event integer[], c_stream text[], c_version integer[],
    OUT base bigint, OUT outcomes jsonb
) LANGUAGE plpgsql AS $$
DECLARE
    total integer := cardinality(p_streams);
    recorded text;
    lo integer := 1;
    hi integer;
    next bigint;
    detail text;
    verdict jsonb;
BEGIN
    PERFORM set_config('guangcai.district', p_district, true);
    UPDATE log_head SET size = size + total WHERE district = p_district RETURNING size - total INTO base;
    IF NOT FOUND THEN
        INSERT INTO log_head (district) VALUES (p_district) ON CONFLICT DO NOTHING;
        UPDATE log_head SET size = size + total WHERE district = p_district RETURNING size - total INTO base;
    END IF;
    recorded := to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
    BEGIN
        PERFORM append_slice(p_district, base, recorded, 1, total, p_streams, p_versions, p_commands, p_ords, p_types, p_tails,
                             p_keys, p_prints, r_event, r_kind, r_key, r_holder, r_places, c_event, c_stream, c_version);
        PERFORM pg_notify('log_' || p_service, p_district);
        RETURN;
    EXCEPTION WHEN unique_violation OR SQLSTATE 'GC001' OR SQLSTATE 'GC002' OR SQLSTATE 'GC003' THEN
        NULL;  -- somebody in the batch cannot be accepted: find out who, one by one
    END;
    outcomes := '[]';
    next := base;
    WHILE lo <= total LOOP
        hi := lo;
        -- A command's events are numbered 0, 1, …: a new 0 starts the next command, even when a retry of the same command id follows.
        WHILE hi < total AND p_ords[hi + 1] > 0 LOOP hi := hi + 1; END LOOP;
        IF EXISTS (SELECT FROM events WHERE district = p_district AND command_id = p_commands[lo]) THEN
            verdict := jsonb_build_object('outcome', 'duplicate');
        ELSE
            BEGIN
                PERFORM append_slice(p_district, next, recorded, lo, hi, p_streams, p_versions, p_commands, p_ords, p_types, p_tails,
                                     p_keys, p_prints, r_event, r_kind, r_key, r_holder, r_places, c_event, c_stream, c_version);
                verdict := jsonb_build_object('outcome', 'accepted', 'sequence', next + 1);
                next := next + hi - lo + 1;
            EXCEPTION
                WHEN unique_violation OR SQLSTATE 'GC001' THEN
                    verdict := jsonb_build_object('outcome', 'conflict');
                WHEN SQLSTATE 'GC003' THEN
                    verdict := jsonb_build_object('outcome', 'reused');
                WHEN SQLSTATE 'GC002' THEN
                    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
                    verdict := jsonb_build_object('outcome', 'reserved', 'reservation', detail::integer);
            END;
        END IF;
        outcomes := outcomes || verdict;
        lo := hi + 1;
    END LOOP;
    UPDATE log_head SET size = next WHERE district = p_district;
    IF next > base THEN
        PERFORM pg_notify('log_' || p_service, p_district);
    END IF;
END $$;

-- A page of the log in sequence order.
CREATE FUNCTION read_log(p_district text, p_after bigint, p_limit integer)
RETURNS TABLE (sequence bigint, type text, body bytea) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('guangcai.district', p_district, true);
    RETURN QUERY SELECT e.sequence, e.type, e.body FROM events e
                 WHERE e.district = p_district AND e.sequence > p_after ORDER BY e.sequence LIMIT p_limit;
END $$;

-- A stream behind a version, and before it whatever the command has already written (anywhere) and for which request: `mine` tells them apart.
CREATE FUNCTION read_stream(p_district text, p_stream text, p_after integer, p_command uuid)
RETURNS TABLE (mine boolean, body bytea, fingerprint bytea) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('guangcai.district', p_district, true);
    RETURN QUERY SELECT true, e.body, e.fingerprint FROM events e WHERE e.district = p_district AND e.command_id = p_command ORDER BY e.command_ord;
    RETURN QUERY SELECT false, e.body, NULL::bytea FROM events e
                 WHERE e.district = p_district AND e.stream = p_stream AND e.streamversion > p_after ORDER BY e.streamversion;
END $$;

-- The relay's cursor: it moves only from where its leader left it, and only forward.
CREATE FUNCTION relay_position(p_district text) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('guangcai.district', p_district, true);
    RETURN coalesce((SELECT position FROM relay_cursor WHERE district = p_district), 0);
END $$;

CREATE FUNCTION relay_advance(p_district text, p_from bigint, p_to bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('guangcai.district', p_district, true);
    INSERT INTO relay_cursor AS c (district, position) VALUES (p_district, p_to)
    ON CONFLICT (district) DO UPDATE SET position = p_to WHERE c.position = p_from AND p_to > p_from;
    RETURN FOUND;
END $$;

-- Districts and the sizes of their logs: the only thing a service may see of all districts at once.
CREATE FUNCTION log_heads() RETURNS TABLE (district text, size bigint) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('guangcai.district', '*', true);
    RETURN QUERY SELECT h.district, h.size FROM log_head h ORDER BY h.district;
END $$;
