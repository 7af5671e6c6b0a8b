-- A lane that drains takes nothing new; what waits in it goes at its pace.
alter table lanes add column draining boolean not null default false;
