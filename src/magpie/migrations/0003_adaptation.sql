-- What is known of a file and what was made of it: once for everybody, by the digest of its bytes.
create table made_media (
    source text not null,
    recipe text not null, -- its text, or "probe"
    digest text, -- what was made
    size int not null,
    answer jsonb,
    code int, -- the file was of no use for this recipe
    why text,
    at timestamptz not null,
    primary key (source, recipe)
);
create index made_media_by_digest on made_media (digest) where digest is not null;
create index made_media_by_age on made_media (at);

-- What an account wants done with a picture that a carrier does not take.
alter table accounts
    add column mms_converter boolean not null default true,
    add column convert_refused boolean not null default false;
