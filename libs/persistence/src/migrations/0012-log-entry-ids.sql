-- A log entry is named to its readers by a random id. The running number counts the acts of every tenant: it stays for the order and
-- the chain, and is never answered.

alter table audit_entries add column entry uuid not null default gen_random_uuid();
create unique index audit_entries_by_entry on audit_entries (entry);
