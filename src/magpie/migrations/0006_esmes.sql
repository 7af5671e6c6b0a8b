-- Programs of customers that bind by SMPP. A system_id belongs to one account of the platform.
create table esmes (
    account_sid text not null,
    sid text not null,
    system_id text not null unique,
    password_hash bytea not null, -- keyed: what is made at random is only compared
    friendly_name text not null,
    enabled boolean not null,
    allowed text[] not null, -- networks it may bind from; none is all
    most_binds int not null,
    send_window int not null,
    rate int not null, -- segments a second on each bind; 0 is no limit
    messaging_service_sid text,
    id_form text not null, -- sid, hex, decimal
    date_form text not null, -- minutes, seconds
    receipt_tlvs boolean not null,
    alphabet text not null, -- gsm7, latin1, ascii
    long_text text not null, -- udh, sar, payload
    deduplicates boolean not null,
    receives text not null, -- none, all, list
    numbers text[] not null,
    date_created timestamptz not null,
    date_updated timestamptz not null,
    primary key (account_sid, sid)
);

-- Long texts that customers submit in parts, until they are whole. `message_id` is that of the
-- message they become; `whole_at` is when it was accepted, and parts that come again after that
-- are known for a while.
create table submitted_texts (
    account_sid text not null,
    system_id text not null,
    "from" text not null,
    "to" text not null,
    reference int not null,
    total smallint not null,
    message_id uuid not null,
    at timestamptz not null,
    whole_at timestamptz,
    current boolean not null default true, -- false once its reference names another text
    primary key (account_sid, message_id)
);
create unique index submitted_texts_by_reference
    on submitted_texts (account_sid, system_id, "from", "to", reference, total) where current;
create index submitted_texts_open on submitted_texts (at) where whole_at is null;
create index submitted_texts_whole on submitted_texts (whole_at);

create table submitted_parts (
    account_sid text not null,
    message_id uuid not null,
    part smallint not null,
    body text not null,
    registered smallint not null, -- registered_delivery of the part
    validity int,
    primary key (account_sid, message_id, part)
);
