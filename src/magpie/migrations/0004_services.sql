create table services (
    account_sid text not null,
    sid text not null,
    friendly_name text not null,
    inbound_request_url text,
    inbound_method text not null,
    fallback_url text,
    fallback_method text not null,
    status_callback text,
    sticky_sender boolean not null,
    smart_encoding boolean not null,
    mms_converter boolean not null,
    fallback_to_long_code boolean not null, -- obsolete: kept and echoed
    area_code_geomatch boolean not null,
    scan_message_content text not null,
    synchronous_validation boolean not null,
    validity_period int not null,
    usecase text not null,
    use_inbound_webhook_on_number boolean not null,
    date_created timestamptz not null,
    date_updated timestamptz not null,
    primary key (account_sid, sid)
);

-- A number or short code is in one pool at most, and leaves it when its account gives it up. The id
-- is that of its stay: what was remembered of an earlier stay is not true of a later one.
create table service_senders (
    account_sid text not null,
    sid text not null,
    service_sid text not null,
    id uuid not null,
    date_created timestamptz not null,
    date_updated timestamptz not null,
    primary key (account_sid, sid),
    foreign key (account_sid, sid) references senders on delete cascade,
    foreign key (account_sid, service_sid) references services on delete cascade
);
create index service_senders_by_service on service_senders (account_sid, service_sid, id);

create table service_alpha_senders (
    account_sid text not null,
    sid text not null,
    service_sid text not null,
    id uuid not null,
    alpha_sender text not null,
    date_created timestamptz not null,
    date_updated timestamptz not null,
    primary key (account_sid, sid),
    unique (account_sid, service_sid, alpha_sender),
    foreign key (account_sid, service_sid) references services on delete cascade
);

-- Whom a recipient knows a service by: the id of a sender's stay in the pool. One that has left is
-- not looked for here; what names it is out of date.
create table sticky_senders (
    account_sid text not null,
    service_sid text not null,
    "to" text not null,
    member uuid not null,
    used_at timestamptz not null, -- to the day
    primary key (account_sid, service_sid, "to")
) with (fillfactor = 85);
create index sticky_senders_by_age on sticky_senders (used_at);
