-- A visitor brings nothing but the token: it alone finds the link, whosesoever that is.
create table links (
    token text primary key,
    account_sid text not null,
    message_id uuid not null,
    mms boolean not null,
    kind text not null, -- media, url
    target text,
    domain_sid text,
    messaging_service_sid text,
    "from" text,
    "to" text,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    opens int not null default 0, -- by people
    previews int not null default 0, -- by programs, and by HEAD
    last_opened_at timestamptz
) with (fillfactor = 85);
create index links_by_message on links (account_sid, message_id, token);
create index links_by_end on links (expires_at);

-- The newest of each link; the counts above go on.
create table link_opens (
    account_sid text not null,
    token text not null,
    id uuid not null,
    at timestamptz not null,
    person boolean not null,
    client text,
    user_agent text not null,
    primary key (account_sid, token, id)
);

-- A name belongs to one account; it is what a visitor's Host says.
create table link_domains (
    account_sid text not null,
    sid text not null,
    name text not null unique,
    config_sid text not null,
    fallback_url text,
    callback_url text,
    continue_on_failure boolean not null default false,
    disable_https boolean not null default false,
    date_created timestamptz not null,
    date_updated timestamptz not null,
    primary key (account_sid, sid)
);

create table link_services (
    account_sid text not null,
    messaging_service_sid text not null,
    domain_sid text not null,
    primary key (account_sid, messaging_service_sid),
    foreign key (account_sid, domain_sid) references link_domains on delete cascade
);
create index link_services_by_domain on link_services (account_sid, domain_sid);
