-- Tenant tables lead their keys with account_sid, so that they can be distributed by it.
-- Text sorts by code point whatever the server's locale: sids and tokens are ASCII.

create table accounts (
    sid text primary key,
    owner_account_sid text not null,
    friendly_name text not null,
    status text not null,
    type text not null,
    auth_token bytea not null, -- sealed: AES-GCM under the platform's key
    date_created timestamptz not null,
    date_updated timestamptz not null
);
create index accounts_by_owner on accounts (owner_account_sid, sid);

create table api_keys (
    account_sid text not null,
    sid text not null,
    friendly_name text not null,
    secret_hash bytea not null,
    date_created timestamptz not null,
    date_updated timestamptz not null,
    primary key (account_sid, sid)
);
create index api_keys_by_sid on api_keys (sid);

-- What can be bought, and who holds it: the one table that says whose a number is.
create table inventory (
    address text primary key,
    country text not null,
    kind text not null, -- local, toll-free, mobile, short-code
    sms boolean not null default true,
    mms boolean not null default true,
    voice boolean not null default true,
    locality text,
    region text,
    postal_code text,
    latitude text,
    longitude text,
    lata text,
    rate_center text,
    account_sid text
);
create index inventory_for_sale on inventory (country, kind, address) where account_sid is null;
create index inventory_by_kind on inventory (country, kind);

create table senders (
    account_sid text not null,
    sid text not null,
    address text not null,
    kind text not null,
    friendly_name text not null,
    sms boolean not null,
    mms boolean not null,
    voice boolean not null,
    fax boolean not null default false,
    sms_url text not null default '',
    sms_method text not null default 'POST',
    sms_fallback_url text not null default '',
    sms_fallback_method text not null default 'POST',
    sms_application_sid text not null default '',
    status_callback text not null default '',
    status_callback_method text not null default 'POST',
    recorded jsonb not null default '{}', -- voice and address settings: kept and echoed
    date_created timestamptz not null,
    date_updated timestamptz not null,
    primary key (account_sid, sid)
);
create unique index senders_by_address on senders (account_sid, address);

create table applications (
    account_sid text not null,
    sid text not null,
    friendly_name text,
    sms_url text,
    sms_method text not null default 'POST',
    sms_fallback_url text,
    sms_fallback_method text not null default 'POST',
    message_status_callback text,
    recorded jsonb not null default '{}',
    date_created timestamptz not null,
    date_updated timestamptz not null,
    primary key (account_sid, sid)
);

-- id is the time-ordered UUID inside the sid, so that a list by id is a list by time
-- although the sids of texts (SM) and pictures (MM) begin differently.
create table messages (
    account_sid text not null,
    id uuid not null,
    mms boolean not null,
    direction text not null,
    status text not null,
    "from" text,
    "to" text not null,
    body text not null,
    num_segments int not null,
    num_media int not null,
    messaging_service_sid text,
    price numeric(12, 5),
    price_unit text,
    error_code int,
    error_message text,
    date_created timestamptz not null,
    date_updated timestamptz not null,
    date_sent timestamptz,
    expires_at timestamptz,
    status_callback text,
    options jsonb, -- the create parameters that later steps ask for
    primary key (account_sid, id)
) with (fillfactor = 85);
create index messages_by_to on messages (account_sid, "to", id);
create index messages_by_from on messages (account_sid, "from", id);

create table idempotency (
    account_sid text not null,
    token text not null,
    request_hash bytea not null,
    answer bytea not null,
    at timestamptz not null,
    primary key (account_sid, token)
);
create index idempotency_by_age on idempotency (at);

create table feedback (
    account_sid text not null,
    message_id uuid not null,
    outcome text not null,
    date_created timestamptz not null,
    date_updated timestamptz not null,
    primary key (account_sid, message_id)
);

create table media (
    account_sid text not null,
    message_id uuid not null,
    sid text not null,
    position int not null,
    state text not null, -- pending, stored, failed
    content_type text not null,
    size int not null,
    digest text,
    source_url text,
    file_name text,
    date_created timestamptz not null,
    date_updated timestamptz not null,
    primary key (account_sid, message_id, sid)
);
create index media_by_digest on media (digest) where digest is not null;

-- One row a hop: what a person reads as the story of a message.
create table timeline (
    account_sid text not null,
    message_id uuid not null,
    at timestamptz not null,
    hop text not null,
    detail jsonb
);
create index timeline_by_message on timeline (account_sid, message_id, at);

-- One row a part handed to a carrier; part 0 is an MMS or the first segment.
create table attempts (
    account_sid text not null,
    message_id uuid not null,
    attempt int not null,
    part smallint not null,
    carrier text not null,
    state text not null, -- submitting, accepted, refused, unknown
    carrier_id text,
    receipt text,
    possible_duplicate boolean not null default false,
    submitted_at timestamptz not null,
    answered_at timestamptz,
    primary key (account_sid, message_id, attempt, part)
) with (fillfactor = 80);
create index attempts_by_carrier_id on attempts (carrier, carrier_id) where carrier_id is not null;

create table parked_receipts (
    carrier text not null,
    carrier_id text not null,
    receipt jsonb not null,
    parked_at timestamptz not null
);
create index parked_receipts_by_id on parked_receipts (carrier, carrier_id);
create index parked_receipts_by_age on parked_receipts (parked_at);

-- What carriers have handed us already, so that a redelivery has no second effect.
create table seen (
    carrier text not null,
    key text not null,
    at timestamptz not null,
    primary key (carrier, key)
);
create index seen_by_age on seen (at);

create table assembling (
    carrier text not null,
    "from" text not null,
    "to" text not null,
    reference int not null,
    total smallint not null,
    part smallint not null,
    body text not null,
    raw bytea,
    at timestamptz not null,
    primary key (carrier, "from", "to", reference, total, part)
);
create index assembling_by_age on assembling (at);

create table consent (
    account_sid text not null,
    scope text not null, -- a sender's address, or a messaging service's sid
    address text not null,
    state text not null, -- stopped, started
    at timestamptz not null,
    primary key (account_sid, scope, address)
);

create table webhook_cookies (
    account_sid text not null,
    "from" text not null,
    "to" text not null,
    cookies jsonb not null,
    expires_at timestamptz not null,
    primary key (account_sid, "from", "to")
);

create table alerts (
    account_sid text not null,
    sid text not null,
    error_code int not null,
    level text not null, -- error, warning
    resource_sid text,
    text text not null,
    detail jsonb not null default '{}',
    date_created timestamptz not null,
    primary key (account_sid, sid)
);

-- The paced queue (kit/queue). A lane row is written by the dispatcher that holds its lock, the
-- count of what was put by those who put: the two never wait for each other.
create table lanes (
    account_sid text not null,
    queue text not null,
    lane text not null,
    pace double precision not null default 0, -- seconds a unit takes; 0 is unpaced
    capacity bigint, -- units that may wait; null is without limit
    tat timestamptz not null default 'epoch', -- GCRA: when the next unit may go
    laid_by text, -- the node that wrote tat,
    laid_at timestamptz not null default 'epoch', -- and when
    taken bigint not null default 0,
    paused boolean not null default false,
    primary key (account_sid, queue, lane)
) with (fillfactor = 50);

create table lane_puts (
    account_sid text not null,
    queue text not null,
    lane text not null,
    put bigint not null,
    primary key (account_sid, queue, lane)
) with (fillfactor = 50);

create table jobs (
    account_sid text not null,
    queue text not null,
    lane text not null,
    id uuid not null,
    serial uuid, -- jobs of one serial run one after another
    cost int not null,
    due_at timestamptz, -- null is ready, infinity is held
    claim int not null default 0, -- fencing number: how often it was claimed
    claimed_by text,
    lease_until timestamptz,
    payload bytea not null,
    primary key (account_sid, queue, id)
) with (
    fillfactor = 70,
    autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000,
    autovacuum_vacuum_cost_delay = 0
);
create index jobs_ready on jobs (queue, account_sid, lane, id)
    where lease_until is null and due_at is null;
create index jobs_due on jobs (queue, due_at) where lease_until is null and due_at < 'infinity';
create index jobs_leased on jobs (queue, lease_until) where lease_until is not null;
create index jobs_serial on jobs (account_sid, queue, serial, id) where serial is not null;

-- The simulated phone network. It stands outside of all accounts, as the real one does.
create table simulated_carriers (
    name text primary key,
    profile jsonb not null,
    date_updated timestamptz not null
);

create table handsets (
    number text primary key,
    carrier text not null,
    date_created timestamptz not null,
    state text not null default 'on' -- on, airplane
);

create table handset_messages (
    number text not null, -- the handset
    id uuid not null,
    direction text not null, -- received, sent
    "from" text not null,
    "to" text not null,
    body text not null,
    type text not null, -- sms, mms
    parts jsonb not null, -- [{content_type, size, digest, name}]
    key text not null, -- what the carrier calls it: the same delivery twice is one message
    at timestamptz not null,
    primary key (number, id),
    unique (number, key)
);
create index handset_messages_by_part on handset_messages using gin (parts jsonb_path_ops);
