-- People, devices, permissions and activity: invitations, letters that are owed, imports, and a record that also holds
-- what was denied and what was done outside of any workgroup.

alter table users add column time_zone text not null default 'UTC';
-- Since when the person cannot sign in.
alter table users add column disabled_at bigint;

-- Counts the edits; an edit names the one it saw.
alter table memberships add column version bigint not null default 1;
alter table workgroups add column version bigint not null default 1;
alter table permissions add column version bigint not null default 1;
alter table device_groups add column version bigint not null default 1;
alter table devices add column version bigint not null default 1;

-- Lower case; filled in after this migration where it is empty, for SQL's own lower() knows ASCII alone.
alter table devices add column name_folded text not null default '';
-- External id, name and metadata in lower case, one a line.
alter table devices add column search_text text not null default '';
create index devices_by_name on devices (workgroup_id, name_folded, id);
create index device_metadata_by_entry on device_metadata (key, value);
create index device_group_members_by_device on device_group_members (device_id);
create index memberships_by_group on memberships (device_group_id) where device_group_id is not null;

-- The device that a token opened and that was removed since: what the record and the list still call it. Such a token
-- has no device_id, so nothing is reached through it and the external id is free again.
alter table tokens add column former_device_id text;
alter table tokens add column former_external_id text;
alter table tokens add column former_device_name text;

-- What the code is about: the invitation, or the user whose password it resets.
alter table one_time_codes add column subject_id text;
create index one_time_codes_by_subject on one_time_codes (subject_id) where subject_id is not null;

-- Pending ones alone: what was accepted or withdrawn is gone, and told by the record.
create table invitations (
    id text primary key,
    workgroup_id text not null references workgroups (id),
    email text not null,
    email_folded text not null,
    owner boolean not null,
    -- JSON list of names; empty for owners.
    permissions text not null,
    device_group_id text references device_groups (id),
    invited_by_kind text not null,
    invited_by_id text not null,
    invited_by_name text not null,
    created_at bigint not null,
    -- Of the link that was sent last.
    expires_at bigint not null,
    unique (workgroup_id, email_folded)
);
create index invitations_by_group on invitations (device_group_id) where device_group_id is not null;

-- Letters that are owed: written in the transaction of their cause, sent by the clock.
create table outbox (
    id text primary key,
    -- What must not be owed twice.
    dedupe_key text not null unique,
    letter text not null,
    workgroup_id text references workgroups (id),
    recipient text not null,
    -- JSON; never a one-time code, never a token string.
    payload text not null,
    created_at bigint not null,
    due_at bigint not null,
    leased_until bigint,
    attempts bigint not null,
    last_answer text,
    sent_at bigint,
    -- When it was given up.
    undelivered_at bigint
);
create index outbox_due on outbox (due_at) where sent_at is null and undelivered_at is null;

-- Files that were read and checked, and how far their import has come.
create table imports (
    id text primary key,
    workgroup_id text not null references workgroups (id),
    -- devices or legacy_tokens
    kind text not null,
    file_name text not null,
    -- JSON list of checked rows; empty once all of it is done.
    content text not null,
    total bigint not null,
    done bigint not null,
    -- previewed, running, done or stopped
    state text not null,
    -- Why it stopped.
    problem text,
    actor_kind text not null,
    actor_id text not null,
    actor_name text not null,
    address text,
    created_at bigint not null,
    finished_at bigint
);
create index imports_running on imports (created_at) where state = 'running';

-- The record, now also for the installation as a whole, and for what was denied.
-- Null: the installation.
alter table activity alter column workgroup_id drop not null;
-- As it was called then.
alter table activity add column subject_name text not null default '';
-- Why it was denied; null: it was done.
alter table activity add column denied text;
update activity set subject_name = coalesce(
    (select t.owner || coalesce(' · ' || t.name, '') from tokens t where t.id = subject_id),
    (select d.name from devices d where d.id = subject_id),
    (select g.name from device_groups g where g.id = subject_id),
    (select u.name from users u where u.id = subject_id),
    (select w.name from workgroups w where w.id = subject_id),
    '');
drop index activity_by_workgroup;
create index activity_by_workgroup on activity (workgroup_id, at, id);
create index activity_by_actor on activity (workgroup_id, actor_id, at, id);
create index activity_by_verb on activity (workgroup_id, verb, at, id);
