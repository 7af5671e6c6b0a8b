-- Each try of a webhook, whole: for the inspector, and to be called again. Kept for a week.
-- Columns are what is searched by; the rest is one value, which costs less to write.
create table webhook_log (
    account_sid text not null,
    id uuid not null,
    message_id uuid not null,
    event text not null, -- what it told
    endpoint text not null, -- the URL without query, credentials and fragment
    code int, -- none: it went well
    ms double precision not null,
    exchange bytea not null, -- an Exchange of webhooks/log/model.py as JSON
    answer bytea,
    primary key (account_sid, id)
);
create index webhook_log_by_message on webhook_log (account_sid, message_id);
create index webhook_log_failed on webhook_log (account_sid, id) where code is not null;

-- What failed, by code: only such messages are in it.
create index messages_by_error on messages (account_sid, error_code, id) where error_code is not null;
