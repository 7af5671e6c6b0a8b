-- Who changed what. Each row holds the digest of the one before: a row that is changed or taken
-- out breaks the chain (see audit/chain.py).
create table audit (
    serial bigint primary key,
    at timestamptz not null,
    account_sid text not null,
    who text not null,
    address text not null,
    action text not null,
    detail jsonb not null,
    digest bytea not null
);
create index audit_by_account on audit (account_sid, serial);
