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
    district  text PRIMARY KEY,
    position  bigint NOT NULL DEFAULT 0,
    leaf_hash bytea  NOT NULL DEFAULT ''  -- of the event at `position`
);

-- Who leads a job of this service (relay, reactions) until when. A process that stands still loses its lease; what it writes is fenced.
CREATE TABLE leases (
    district text        NOT NULL DEFAULT '*',  -- all of them
    job      text        NOT NULL,
    holder   uuid        NOT NULL,
    until    timestamptz NOT NULL,
    PRIMARY KEY (district, job)
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

-- Raise GC005 while the district of this transaction is being folded anew (`rebuilding` in read_schema.sql).
CREATE FUNCTION refuse_rebuilding() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM rebuilding WHERE district = current_setting('guangcai.district')) THEN
        RAISE EXCEPTION 'this district is being rebuilt' USING ERRCODE = 'GC005';
    END IF;
END $$;

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
    p_prints bytea[],
    k_event integer[], k_key uuid[], k_print bytea[],
    r_event integer[], r_kind text[], r_key text[], r_holder text[], r_places integer[],
    c_event integer[], c_stream text[], c_version integer[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    i integer;
    held bigint;
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
        p_prints := p_prints[p_lo:p_hi];
    END IF;
    FOR i IN 1 .. coalesce(cardinality(k_event), 0) LOOP
        CONTINUE WHEN k_event[i] NOT BETWEEN p_lo AND p_hi;
        INSERT INTO requests VALUES (p_district, k_key[i], k_print[i]) ON CONFLICT DO NOTHING;
        IF EXISTS (SELECT FROM requests WHERE district = p_district AND key = k_key[i] AND fingerprint <> k_print[i])
           OR EXISTS (SELECT FROM events WHERE district = p_district AND command_id = k_key[i] AND fingerprint IS DISTINCT FROM k_print[i]) THEN
            RAISE EXCEPTION 'key of another request' USING ERRCODE = 'GC003';
        END IF;
    END LOOP;
    IF EXISTS (SELECT FROM requests WHERE district = p_district AND key = ANY (p_commands))
       AND EXISTS (SELECT FROM requests r JOIN unnest(p_commands, p_prints) AS batch(command, print) ON r.key = command
                   WHERE r.district = p_district AND r.fingerprint IS DISTINCT FROM print) THEN
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

-- Raise GC004 unless the event that the caller knows is still in the log: after a failover or a restore, a log may have lost its last events.
-- Equal leaf hashes at one sequence mean equal logs up to there (the log matching property of Raft, 5.3).
CREATE FUNCTION expect_event(p_district text, p_sequence bigint, p_leaf_hash bytea) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF p_sequence > 0 AND NOT EXISTS (SELECT FROM events WHERE district = p_district AND sequence = p_sequence AND leaf_hash = p_leaf_hash) THEN
        RAISE EXCEPTION 'the log of % has lost events', p_district USING ERRCODE = 'GC004';
    END IF;
END $$;

-- Append a batch of commands to one district's log in one round trip. k_…: commands that are steps of a request, with the key of that. Event k belongs to command p_commands[k]; a command's events are adjacent.
-- outcomes is null when all were accepted (sequences base+1 …); otherwise one {"command", "outcome", "sequence"|"reservation"} per command, in order.
CREATE FUNCTION append(
    p_service text, p_district text, p_known bigint, p_known_hash bytea,
    p_streams text[], p_versions integer[], p_commands uuid[], p_ords smallint[], p_types text[], p_tails bytea[],
    p_prints bytea[],
    k_event integer[], k_key uuid[], k_print bytea[],
    r_event integer[], r_kind text[], r_key text[], r_holder text[], r_places integer[],
    c_event integer[], c_stream text[], c_version integer[],
    OUT base bigint, OUT outcomes jsonb, OUT last bigint, OUT last_hash bytea
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
    PERFORM expect_event(p_district, p_known, p_known_hash);
    recorded := to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
    BEGIN
        PERFORM append_slice(p_district, base, recorded, 1, total, p_streams, p_versions, p_commands, p_ords, p_types, p_tails,
                             p_prints, k_event, k_key, k_print, r_event, r_kind, r_key, r_holder, r_places, c_event, c_stream, c_version);
        PERFORM pg_notify('log_' || p_service, p_district);
        last := base + total;
        last_hash := (SELECT leaf_hash FROM events WHERE district = p_district AND sequence = last);
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
                                     p_prints, k_event, k_key, k_print, r_event, r_kind, r_key, r_holder, r_places, c_event, c_stream, c_version);
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
    last := next;
    last_hash := (SELECT leaf_hash FROM events WHERE district = p_district AND sequence = last);
    IF next > base THEN
        PERFORM pg_notify('log_' || p_service, p_district);
    END IF;
END $$;

-- A page of the log in sequence order; `previous` is the leaf hash of the event before each.
CREATE FUNCTION read_log(p_district text, p_after bigint, p_limit integer)
RETURNS TABLE (sequence bigint, type text, body bytea, previous bytea) LANGUAGE plpgsql AS $$
DECLARE
    before bytea;
BEGIN
    PERFORM set_config('guangcai.district', p_district, true);
    before := coalesce((SELECT e.leaf_hash FROM events e WHERE e.district = p_district AND e.sequence = p_after), '');
    RETURN QUERY SELECT e.sequence, e.type, e.body, lag(e.leaf_hash, 1, before) OVER (ORDER BY e.sequence) FROM events e
                 WHERE e.district = p_district AND e.sequence > p_after ORDER BY e.sequence LIMIT p_limit;
END $$;

-- A stream behind a version, and before it whatever the command has already written (anywhere) and for which request: `mine` tells them apart.
CREATE FUNCTION read_stream(p_district text, p_known bigint, p_known_hash bytea, p_stream text, p_after integer, p_command uuid)
RETURNS TABLE (mine boolean, body bytea, fingerprint bytea) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('guangcai.district', p_district, true);
    PERFORM expect_event(p_district, p_known, p_known_hash);
    RETURN QUERY SELECT true, e.body, e.fingerprint FROM events e WHERE e.district = p_district AND e.command_id = p_command ORDER BY e.command_ord;
    RETURN QUERY SELECT false, e.body, NULL::bytea FROM events e
                 WHERE e.district = p_district AND e.stream = p_stream AND e.streamversion > p_after ORDER BY e.streamversion;
END $$;

-- Take or renew a lease: true for its holder, until it has not asked for p_seconds.
CREATE FUNCTION try_lead(p_job text, p_holder uuid, p_seconds double precision) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('guangcai.district', '*', true);
    INSERT INTO leases AS l (job, holder, until) VALUES (p_job, p_holder, clock_timestamp() + make_interval(secs => p_seconds))
    ON CONFLICT (district, job) DO UPDATE SET holder = excluded.holder, until = excluded.until
    WHERE l.holder = p_holder OR l.until < clock_timestamp();
    RETURN FOUND;
END $$;

-- The relay's cursor: it moves only for its leader, only from where that left it, and only forward. It counts as 0 when its event is not in
-- the log any more: what took the place of lost events must be published, too.
CREATE FUNCTION relay_position(p_district text) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('guangcai.district', p_district, true);
    RETURN coalesce((SELECT c.position FROM relay_cursor c JOIN events e ON e.district = c.district AND e.sequence = c.position
                     WHERE c.district = p_district AND e.leaf_hash = c.leaf_hash), 0);
END $$;

CREATE FUNCTION relay_advance(p_job text, p_holder uuid, p_district text, p_from bigint, p_to bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    hash bytea;
BEGIN
    PERFORM set_config('guangcai.district', '*', true);
    IF NOT EXISTS (SELECT FROM leases WHERE job = p_job AND holder = p_holder) THEN
        RETURN false;
    END IF;
    PERFORM set_config('guangcai.district', p_district, true);
    hash := (SELECT leaf_hash FROM events WHERE district = p_district AND sequence = p_to);
    INSERT INTO relay_cursor VALUES (p_district) ON CONFLICT DO NOTHING;
    PERFORM FROM relay_cursor WHERE district = p_district FOR UPDATE;
    UPDATE relay_cursor SET position = p_to, leaf_hash = hash
    WHERE district = p_district AND hash IS NOT NULL AND p_to > p_from AND relay_position(p_district) = p_from;
    RETURN FOUND;
END $$;

-- Districts, the sizes of their logs and the leaf hashes of their last events: the only thing a service may see of all districts at once.
CREATE FUNCTION log_heads() RETURNS TABLE (district text, size bigint, leaf_hash bytea) LANGUAGE plpgsql AS $$
DECLARE
    heads log_head[];
    head log_head;
BEGIN
    PERFORM set_config('guangcai.district', '*', true);
    heads := ARRAY(SELECT h FROM log_head h ORDER BY h.district);
    FOREACH head IN ARRAY heads LOOP
        PERFORM set_config('guangcai.district', head.district, true);
        district := head.district;
        size := head.size;
        leaf_hash := coalesce((SELECT e.leaf_hash FROM events e WHERE e.district = head.district AND e.sequence = head.size), '');
        RETURN NEXT;
    END LOOP;
END $$;

-- Events that are not published yet, over all districts.
CREATE FUNCTION relay_lag() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    head record;
    lag bigint := 0;
BEGIN
    FOR head IN SELECT * FROM log_heads() LOOP
        lag := lag + greatest(0, head.size - relay_position(head.district));
    END LOOP;
    RETURN lag;
END $$;
