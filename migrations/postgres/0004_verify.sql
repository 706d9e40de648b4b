-- What APIs ask: the route policies of a workgroup, and what was asked of each token.

-- As its owners wrote them, line by line; null: none. The family of headers that its proxy sends: forwarded or original.
alter table workgroups add column routes text;
alter table workgroups add column routes_family text;
alter table workgroups add column routes_version bigint not null default 0;

-- Calls that were refused, by UTC day (days since 1970) and code.
create table token_refusals (
    token_id text not null references tokens (id) on delete cascade,
    number bigint not null,
    day bigint not null,
    code text not null,
    calls bigint not null,
    primary key (token_id, day, number, code)
);

-- Which permissions and devices were asked for: subject is permission or device, name its name or external id.
create table token_asks (
    token_id text not null references tokens (id) on delete cascade,
    subject text not null,
    name text not null,
    calls bigint not null,
    last_at bigint not null,
    primary key (token_id, subject, name)
);
