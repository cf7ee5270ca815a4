-- Puts requests and tokens back into the buckets of a key, or takes them where negative. See acquire.lua.
local bucket = KEYS[1]
for name, amount in pairs({ requests = tonumber(ARGV[1]), tokens = tonumber(ARGV[2]) }) do
  if amount ~= 0 and redis.call('HEXISTS', bucket, name) == 1 then
    redis.call('HINCRBY', bucket, name, amount * 60000)
  end
end
return 0
