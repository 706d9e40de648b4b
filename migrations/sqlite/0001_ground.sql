-- The ground: workgroups and their people, the catalogue, devices, tokens and their strings, and the record of what was done.
-- Ids are uuid v7 as text, times unix seconds, flags 0 or 1, hashes bytes, JSON opaque text.

create table installation (
    only_row integer primary key check (only_row = 1),
    last_seen_at integer not null default 0,
    -- The number of the newest change; raised in the transaction of the change itself, so numbers follow commit order without gaps.
    change_number integer not null default 0
) strict;
insert into installation (only_row) values (1);

create table workgroups (
    id text primary key,
    slug text not null unique,
    name text not null,
    time_zone text not null,
    -- Lifetime code, such as 1y.
    longest_lifetime text not null,
    non_expiring integer not null,
    -- JSON list of days, widest first.
    notice_stages text not null,
    notice_hour integer not null,
    created_at integer not null
) strict;

create table users (
    id text primary key,
    email text not null,
    email_folded text not null unique,
    name text not null,
    -- Argon2id in PHC string format.
    password_hash text not null,
    administrator integer not null,
    created_at integer not null,
    last_signed_in_at integer
) strict;

create table device_groups (
    id text primary key,
    workgroup_id text not null references workgroups (id),
    name text not null,
    name_folded text not null,
    -- in, not_in or metadata
    rule text not null,
    metadata_key text,
    metadata_value text,
    created_at integer not null,
    unique (workgroup_id, name_folded)
) strict;

create table devices (
    id text primary key,
    workgroup_id text not null references workgroups (id),
    external_id text not null,
    name text not null,
    created_at integer not null,
    unique (workgroup_id, external_id)
) strict;

create table device_metadata (
    device_id text not null references devices (id) on delete cascade,
    key text not null,
    value text not null,
    primary key (device_id, key)
) strict;

create table device_group_members (
    group_id text not null references device_groups (id) on delete cascade,
    device_id text not null references devices (id) on delete cascade,
    primary key (group_id, device_id)
) strict;

create table memberships (
    workgroup_id text not null references workgroups (id),
    user_id text not null references users (id),
    owner integer not null,
    -- JSON list of names; empty for owners, who hold every permission.
    permissions text not null,
    device_group_id text references device_groups (id),
    created_at integer not null,
    primary key (workgroup_id, user_id)
) strict;
create index memberships_by_user on memberships (user_id);

create table sessions (
    -- SHA-256 of what the cookie holds.
    id_hash blob primary key,
    handle text not null unique,
    user_id text not null references users (id),
    created_at integer not null,
    last_seen_at integer not null,
    address text not null,
    agent text not null
) strict;
create index sessions_by_user on sessions (user_id);

create table one_time_codes (
    code_hash blob primary key,
    purpose text not null,
    expires_at integer not null,
    created_at integer not null
) strict;

create table permissions (
    name text primary key,
    position integer not null,
    label text not null,
    description text not null,
    section text not null,
    for_devices integer not null,
    powerful integer not null,
    retired_at integer
) strict;

create table tokens (
    id text primary key,
    workgroup_id text not null references workgroups (id),
    kind text not null,
    owner text not null,
    name text,
    email text not null,
    -- Owner, name, e-mail and hints in lower case, one a line.
    search_text text not null,
    lifetime text not null,
    can_renew integer not null,
    permissions text not null,
    scopes text not null,
    device_group_id text references device_groups (id),
    device_id text references devices (id),
    note text,
    rate_limit integer,
    created_at integer not null,
    -- person, token or command_line; the id of the first two; the name as it was.
    created_by_kind text not null,
    created_by_id text not null,
    created_by_name text not null,
    revoked_at integer,
    revoked_by text,
    version integer not null,
    -- The number of its newest string: numbers are never used again, also when a dead string is removed.
    newest_number integer not null,
    -- The latest expiry among its strings that are not retired; null if one never expires.
    expires_at integer,
    -- When the first notice stage that applies to that string begins.
    expiring_at integer,
    -- expires_at, or the last second of the year 9999: what lists are sorted by.
    sort_at integer not null
) strict;
create index tokens_all on tokens (workgroup_id, sort_at, id);
-- Behind tokens_all: of two indexes that cost the same, SQLite takes the newer one, and this one holds no revoked tokens.
-- SQLite looks revoked_at up in the row unless the index holds it: with it, tokens are counted in the index alone.
create index tokens_standing on tokens (workgroup_id, sort_at, id, revoked_at) where revoked_at is null;
create index tokens_revoked on tokens (workgroup_id, sort_at, id) where revoked_at is not null;
create index tokens_expiring on tokens (workgroup_id, expiring_at, revoked_at) where revoked_at is null;
create index tokens_by_group on tokens (device_group_id, sort_at, id) where device_group_id is not null;
create index tokens_by_device on tokens (device_id) where device_id is not null;
create index tokens_by_maker on tokens (created_by_id) where created_by_kind = 'token';

create table token_strings (
    id text primary key,
    token_id text not null references tokens (id) on delete cascade,
    number integer not null,
    -- SHA-256 of the string, which itself is never stored.
    hash blob not null unique,
    hint text not null,
    origin text not null,
    issued_at integer not null,
    expires_at integer,
    -- May lie ahead: a reissue can end older strings later.
    retired_at integer,
    -- The string it was renewed from, and the salt of that derivation until the parent dies.
    parent_id text,
    salt blob,
    last_used_at integer,
    last_used_from text,
    unique (token_id, number)
) strict;
create unique index token_strings_one_successor on token_strings (parent_id) where retired_at is null;
create index token_strings_salted on token_strings (parent_id) where salt is not null;

create table token_uses (
    token_id text not null references tokens (id) on delete cascade,
    number integer not null,
    -- Days since 1970, UTC.
    day integer not null,
    allowed integer not null,
    refused integer not null,
    primary key (token_id, day, number)
) strict, without rowid;

-- How many unrevoked tokens of a workgroup reach a turn on a day: 'ends' (expires_at), 'nears' (expiring_at);
-- on day 0 how many never end ('never') and how many are revoked ('revoked'). Kept in the transaction of every change.
create table expiry_days (
    workgroup_id text not null references workgroups (id),
    turn text not null,
    day integer not null,
    tokens integer not null,
    primary key (workgroup_id, turn, day)
) strict, without rowid;

create table activity (
    id text primary key,
    workgroup_id text not null references workgroups (id),
    at integer not null,
    actor_kind text not null,
    actor_id text not null,
    actor_name text not null,
    verb text not null,
    subject_kind text not null,
    subject_id text not null,
    before_values text not null,
    after_values text not null,
    address text
) strict;
create index activity_by_subject on activity (subject_id, at);
create index activity_by_workgroup on activity (workgroup_id, at);

create table idempotency_keys (
    caller text not null,
    address text not null,
    key text not null,
    body_hash blob not null,
    -- The first answer without its token string.
    answer text not null,
    created_at integer not null,
    primary key (caller, address, key)
) strict;
create index idempotency_keys_by_age on idempotency_keys (created_at);

create table changes (
    number integer primary key,
    subject_kind text not null,
    subject_id text not null
) strict;
