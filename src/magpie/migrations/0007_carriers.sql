-- Links and routes that an operator has made by the API; those of the file are nowhere here.
create table carriers (
    name text primary key,
    kind text not null,
    configuration bytea not null, -- sealed whole, for secrets are among it
    date_created timestamptz not null,
    date_updated timestamptz not null
);

-- Of links of the file, too. Without a row a link is active.
create table carrier_statuses (
    name text primary key,
    status text not null -- active, paused, draining
);

create table carrier_routes (
    sid text primary key,
    prefix text not null,
    carrier text not null,
    kinds text[] not null,
    priority int not null,
    date_created timestamptz not null,
    date_updated timestamptz not null
);

-- One row: by its number a node knows whether it has seen the last change of the three above.
create table carrier_changes (number bigint not null);
insert into carrier_changes values (0);

-- How each node finds its links, for whoever asks another node.
create table carrier_reports (
    node text not null,
    name text not null,
    at timestamptz not null,
    report jsonb not null,
    primary key (node, name)
);
