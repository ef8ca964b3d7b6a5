-- The newest sale of a client's request is looked up also among those that were abandoned.
create index sale_of_request on sale (client_id, request_key, begun_at);
