-- People who sign in to the console. They belong to the platform, not to an account.
create table users (
    id uuid primary key,
    name text not null unique,
    role text not null, -- owner, operator, agent, viewer
    password_hash text, -- argon2id; none: only by a sign-in link
    date_created timestamptz not null,
    date_updated timestamptz not null
);

-- Secrets of the two below are random and long: their SHA-256 is as good as they are.
create table sessions (
    id uuid primary key,
    digest bytea not null unique,
    user_id uuid not null references users on delete cascade,
    date_created timestamptz not null,
    seen_at timestamptz not null,
    ends_at timestamptz not null,
    address text not null,
    user_agent text not null
);
create index sessions_by_user on sessions (user_id, seen_at);

create table sign_in_links (
    digest bytea primary key,
    user_id uuid not null references users on delete cascade,
    ends_at timestamptz not null
);
