ALTER TABLE api_key
    -- CIDR ranges from which the key is accepted; null: any address.
    ADD COLUMN allowed_addresses text[];
