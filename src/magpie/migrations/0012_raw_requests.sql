-- The request by which a message came, as it came but for its secrets. Kept for a week.
create table raw_requests (
    account_sid text not null,
    message_id uuid not null,
    request bytea not null, -- a RawRequest of messages/raw/model.py as MessagePack
    primary key (account_sid, message_id)
);

-- As it was submitted; none of parts that were kept before.
alter table submitted_parts add column pdu bytea;
