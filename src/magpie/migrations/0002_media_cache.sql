-- What a URL gave an account when it was last fetched. URLs may hold secrets and may be longer than
-- an index entry, so that only their SHA-256 is here.
create table fetched_media (
    account_sid text not null,
    url_digest bytea not null,
    etag text,
    last_modified text,
    digest text not null,
    content_type text not null,
    size int not null,
    file_name text,
    fresh_until timestamptz not null,
    fetched_at timestamptz not null,
    primary key (account_sid, url_digest)
);
create index fetched_media_by_digest on fetched_media (digest);
create index fetched_media_by_age on fetched_media (fetched_at);

-- Bytes that perhaps nobody uses: about to be written, or of media that were deleted.
create table loose_media (
    digest text primary key,
    at timestamptz not null
);
create index loose_media_by_age on loose_media (at);

create index alerts_by_resource on alerts (account_sid, resource_sid, sid)
    where resource_sid is not null;
create index alerts_by_age on alerts (date_created);
