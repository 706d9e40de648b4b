-- Notices: when each token is looked at next, which stage was told to whom, what mail said and answered; and what becomes
-- of tokens after their end: knocks, removal, tombstones.

alter table installation add column last_sweep_at integer not null default 0;
-- Why nothing is sent at the moment, and when it is tried again; null: mail flows.
alter table installation add column mail_alarm text;
alter table installation add column mail_paused_until integer;
-- Since when, by the wall clock, its time is not believed, and why; null: it is.
alter table installation add column clock_doubted_at integer;
alter table installation add column clock_doubt text;

-- When the sweep looks at it next; 0: at once; null: never again.
alter table tokens add column look_at integer default 0;
-- When it leaves the system; null: not by the clock.
alter table tokens add column remove_at integer;
-- Calls after its end: how many, the last one, from where. Forgotten when it lives again.
alter table tokens add column knocks integer not null default 0;
alter table tokens add column knocked_at integer;
alter table tokens add column knocked_from text;

update tokens set remove_at = case
    when revoked_at is null then expires_at + 2419200
    when expires_at is null then revoked_at + 31536000
    when expires_at > revoked_at then expires_at + 2419200
    else revoked_at + 2419200 end;

-- What was counted before: uses on and behind the day of the end.
update tokens set
    knocks = coalesce((select cast(sum(u.refused) as bigint) from token_uses u where u.token_id = tokens.id
        and u.day >= coalesce(tokens.revoked_at, tokens.expires_at) / 86400), 0),
    knocked_at = (select max(s.last_used_at) from token_strings s where s.token_id = tokens.id),
    knocked_from = (select s.last_used_from from token_strings s
        where s.token_id = tokens.id and s.last_used_at is not null order by s.last_used_at desc limit 1)
where exists (select 1 from token_strings s
    where s.token_id = tokens.id and s.last_used_at >= coalesce(tokens.revoked_at, tokens.expires_at));

-- The sweep's question is answered from this index alone.
create index tokens_to_look_at on tokens (look_at, workgroup_id, email) where look_at is not null;
create index tokens_of_address on tokens (workgroup_id, email, look_at) where look_at is not null;
create index tokens_to_remove on tokens (remove_at) where remove_at is not null;
create index tokens_knocking on tokens (workgroup_id, knocked_at, id) where knocked_at is not null;
create index token_strings_by_expiry on token_strings (expires_at) where expires_at is not null;
create index token_strings_by_retirement on token_strings (retired_at) where retired_at is not null;

alter table workgroups add column calendar_code text;
create unique index workgroups_by_calendar on workgroups (calendar_code) where calendar_code is not null;

-- When 70 % of the life of its newest string are over: by then a holder should have renewed it. Null: nobody can.
alter table tokens add column renew_by integer;
update tokens set renew_by = (
        select s.issued_at + (s.expires_at - s.issued_at) * 7 / 10 from token_strings s
        where s.token_id = tokens.id and s.retired_at is null order by s.number desc limit 1)
    where can_renew and kind <> 'legacy' and revoked_at is null;
create index tokens_to_renew on tokens (workgroup_id, renew_by, id, sort_at) where renew_by is not null;

-- The daily digest: whether it is wanted, when it is thought of next, when the last one went out, and the code in its link.
alter table users add column digest_off integer not null default 0;
alter table users add column digest_at integer not null default 0;
alter table users add column digest_sent_at integer;
alter table users add column unsubscribe_code text;
create index users_by_digest on users (digest_at);
create unique index users_by_unsubscribe_code on users (unsubscribe_code) where unsubscribe_code is not null;

-- What a digest has told its reader, so that it is new once.
create table digest_told (
    user_id text not null references users (id) on delete cascade,
    item text not null,
    told_at integer not null,
    primary key (user_id, item)
) strict, without rowid;

-- Letters: whose they are besides a workgroup's, what they said, and how they were taken.
alter table outbox add column user_id text references users (id);
-- The token that it is about, if it is about one; it may be gone.
alter table outbox add column token_id text;
-- Given up, and then sent again by somebody: since when another letter stands in its place.
alter table outbox add column sent_again_at integer;
-- As it was sent last; null for what holds a one-time code.
alter table outbox add column subject text;
alter table outbox add column sent_text text;
alter table outbox add column sent_html text;
create index outbox_of_workgroup on outbox (workgroup_id, created_at, id) where workgroup_id is not null;
create index outbox_of_user on outbox (user_id, created_at, id) where user_id is not null;
create index outbox_undelivered on outbox (workgroup_id, undelivered_at)
    where undelivered_at is not null and sent_again_at is null;
create index outbox_old on outbox (created_at);

-- Which stage of a string's end an address was told: claimed in the transaction that owes the letter, settled when it was sent.
create table notices (
    string_id text not null references token_strings (id) on delete cascade,
    token_id text not null references tokens (id) on delete cascade,
    -- Days before the end; 0: the end itself.
    stage integer not null,
    address text not null,
    outbox_id text references outbox (id) on delete set null,
    claimed_at integer not null,
    settled_at integer,
    primary key (string_id, stage, address)
) strict;
create index notices_of_token on notices (token_id);
create index notices_of_letter on notices (outbox_id) where outbox_id is not null;

-- Where the strings of a token were used from, for telling a renewal from somewhere new.
create table token_addresses (
    token_id text not null references tokens (id) on delete cascade,
    address text not null,
    first_seen_at integer not null,
    last_seen_at integer not null,
    primary key (token_id, address)
) strict, without rowid;

-- Strings that are gone, so that a late caller is still told why.
create table tombstones (
    hash blob primary key,
    token_id text not null,
    workgroup_id text not null references workgroups (id),
    kind text not null,
    owner text not null,
    name text,
    number integer not null,
    hint text not null,
    -- expired, revoked or superseded
    why text not null,
    expires_at integer,
    -- When it stopped working.
    ended_at integer not null,
    removed_at integer not null,
    knocks integer not null default 0,
    knocked_at integer,
    knocked_from text
) strict;
create index tombstones_by_age on tombstones (removed_at);
create index tombstones_knocking on tombstones (workgroup_id, knocked_at) where knocked_at is not null;
