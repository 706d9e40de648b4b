-- What APIs ask: the route policies of a workgroup, and what was asked of each token.

-- As its owners wrote them, line by line; null: none. The family of headers that its proxy sends: forwarded or original.
alter table workgroups add column routes text;
alter table workgroups add column routes_family text;
alter table workgroups add column routes_version integer not null default 0;

-- The UTC day (days since 1970) on which one of its strings was used last, allowed or refused; null: never.
alter table tokens add column used_day integer;
update tokens set used_day = (select max(s.last_used_at) / 86400 from token_strings s where s.token_id = tokens.id);
-- In the order of the list, now with all that tells whether a token is in use: those that are not are found without a look at the rows.
drop index tokens_standing;
create index tokens_standing on tokens (workgroup_id, sort_at, id, revoked_at, used_day, created_at) where revoked_at is null;

-- What was counted long ago is forgotten by day.
create index token_uses_by_day on token_uses (day);

-- Calls that were refused, by UTC day and code; about: the permission that was missing, where one was.
create table token_refusals (
    token_id text not null references tokens (id) on delete cascade,
    number integer not null,
    day integer not null,
    code text not null,
    about text not null,
    calls integer not null,
    primary key (token_id, day, number, code, about)
) strict, without rowid;
create index token_refusals_by_day on token_refusals (day);

-- Which permissions and devices were asked for: subject is permission or device, name its name or external id.
create table token_asks (
    token_id text not null references tokens (id) on delete cascade,
    subject text not null,
    name text not null,
    calls integer not null,
    last_day integer not null,
    primary key (token_id, subject, name)
) strict, without rowid;
create index token_asks_by_day on token_asks (last_day);
