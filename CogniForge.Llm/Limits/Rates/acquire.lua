-- Takes requests and tokens from the buckets of a key, all or nothing, and a slice for requests to come if at least half
-- of each limit is left. Negative needs put back. Levels are in units of 1/60,000: a limit of n per minute refills n units per millisecond.
-- KEYS[1]: a hash with the levels 'requests' and 'tokens' and the time of the last change, 'at'.
local bucket = KEYS[1]
local now = tonumber(ARGV[1]) -- milliseconds
local requests_limit, tokens_limit = tonumber(ARGV[2]), tonumber(ARGV[3]) -- per minute; 0: none
local requests_needed, tokens_needed = tonumber(ARGV[4]), tonumber(ARGV[5])
local requests_slice, tokens_slice = tonumber(ARGV[6]), tonumber(ARGV[7])
local requests_returned, tokens_returned = tonumber(ARGV[8]), tonumber(ARGV[9])
local unit = 60000

local function put_back(name, amount)
  if amount ~= 0 and redis.call('HEXISTS', bucket, name) == 1 then
    redis.call('HINCRBY', bucket, name, amount * unit)
  end
end

put_back('requests', requests_returned)
put_back('tokens', tokens_returned)

local stored = redis.call('HMGET', bucket, 'requests', 'tokens', 'at')
local at = tonumber(stored[3]) or now
local elapsed = math.max(0, now - at)

local function level(value, limit)
  return value and math.min(limit * unit, tonumber(value) + elapsed * limit) or limit * unit
end

local requests = level(stored[1], requests_limit)
local tokens = level(stored[2], tokens_limit)

local status = 'granted'
if requests_limit > 0 and requests_needed > 0 and requests < requests_needed * unit then
  status = 'request_rate'
elseif tokens_limit > 0 and tokens_needed > 0 and tokens < math.min(tokens_needed, tokens_limit) * unit then
  status = 'token_rate'
end

local has_slice = 0
if status == 'granted' then
  requests = requests - requests_needed * unit
  tokens = tokens - tokens_needed * unit
  local is_half_left = requests >= requests_limit * unit / 2 and tokens >= tokens_limit * unit / 2
  if is_half_left and requests_slice + tokens_slice > 0 then
    has_slice = 1
    requests = requests - requests_slice * unit
    tokens = tokens - tokens_slice * unit
  end

  local function store(name, value, limit)
    if limit > 0 then redis.call('HSET', bucket, name, value) else redis.call('HDEL', bucket, name) end
  end

  store('requests', requests, requests_limit)
  store('tokens', tokens, tokens_limit)
  redis.call('HSET', bucket, 'at', math.max(at, now))

  -- A bucket is full again within a minute, or when its debt is paid.
  local debt = tokens_limit > 0 and math.max(0, math.ceil(-tokens / tokens_limit)) or 0
  redis.call('PEXPIRE', bucket, 120000 + debt)
end

return { status, requests, tokens, has_slice }
