-- The keys that sign access tokens lie in a file (ERX_TOKEN_KEYS_FILE). What lay here in the clear signs nothing any more;
-- the table stays for processes of the version before.
delete from signing_key;
