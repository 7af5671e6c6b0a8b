-- Each try of a webhook, whole: for the inspector, and to be sent again. Kept for a week.
create table webhook_log (
    account_sid text not null,
    id uuid not null,
    message_id uuid not null,
    token uuid not null, -- of the delivery: the same on all its tries and replays
    replay_of uuid,
    kind text not null, -- status, inbound, action
    event text not null, -- what it told
    endpoint text not null, -- the URL without query, credentials and fragment
    method text not null,
    attempt smallint not null,
    attempts smallint not null,
    fallback boolean not null,
    at timestamptz not null,
    status smallint,
    code int, -- none: it went well
    failure text,
    ms double precision not null,
    next_at timestamptz,
    size int, -- of the answer's body
    exchange json not null, -- what went out, and the headers of the answer
    answer bytea,
    primary key (account_sid, id)
);
create index webhook_log_by_message on webhook_log (account_sid, message_id);
create index webhook_log_failed on webhook_log (account_sid, id) where code is not null;

-- What failed, by code: only such messages are in it.
create index messages_by_error on messages (account_sid, error_code, id) where error_code is not null;
