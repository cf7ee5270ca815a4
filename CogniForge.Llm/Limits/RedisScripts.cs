namespace CogniForge.Llm.Limits;

/// <summary>
/// What Redis does in one step for limits. Of each key there are a hash <c>rate</c> (levels of token buckets) and of each budget's window a hash <c>budget</c> (<c>spent</c>, <c>held</c>, and what
/// each open request and each lease holds), sorted sets <c>open</c> (who holds, by expiry) and <c>seen</c> (what was counted of late, so that it is counted once), all with the key's id as hash tag.
/// A budget's <c>epoch</c> names the memory of Redis that it lives in: where Redis has forgotten it, it is rebuilt under a new one, and every replica tells what only it knows.
/// </summary>
internal static class RedisScripts
{
    /// <summary>The budget is not there: it has to be rebuilt.</summary>
    public const int Missing = 8;

    /// <summary>The budget is of another epoch: this replica has to tell what it knows.</summary>
    public const int Unknown = 9;

    /// <summary>The budget is of another epoch: this replica has to tell everything that it knows.</summary>
    public const string Everything = "everything";

    /// <summary>How long is known what was counted, in milliseconds.</summary>
    private const string SeenFor = "120000";

    /// <summary>
    /// After Redis has forgotten everything, only the replicas know what is open. For so many seconds nothing is granted of budgets, in which each of them tells.
    /// </summary>
    private const string OthersEnterIn = "5";

    // Times later than all: members that keep the sets from being empty, for an empty set forgets when it expires.
    private const string Never = "9e15";

    /// <summary>
    /// Takes a claim. KEYS: rate, budget, open. ARGV: now, requests/min, tokens/min (0: none), tokens, amount (-1: no budget), id, input's cost, cost per token, wanted, least, expires, epoch, own lease,
    /// slice of requests and of tokens wanted beforehand, requests and tokens given back.
    /// Answers {admittance, level of requests, level of tokens, granted, left, whether the slice was taken, expired ids…}.
    /// </summary>
    public const string Take = $$"""
        {{Give}}
        give(tonumber(ARGV[16]), tonumber(ARGV[17]))
        local now, rpm, tpm, need, amount = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
        local rate = redis.call('HMGET', KEYS[1], 'requests', 'tokens', 'at')
        local at = tonumber(rate[3]) or now
        local past = math.max(0, now - at)
        local function fill(stored, limit)
          return stored and math.min(limit * 60000, tonumber(stored) + past * limit) or limit * 60000
        end
        local requests, tokens = fill(rate[1], rpm), fill(rate[2], tpm)
        local result = 0
        if rpm > 0 and requests < 60000 then result = 1
        elseif tpm > 0 and tokens < math.min(need, tpm) * 60000 then result = 2 end

        local granted, left, expired = tonumber(ARGV[9]), -1, {}
        if amount >= 0 then
          local id, input, per, wanted, least = ARGV[6], tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10])
          local budget = redis.call('HMGET', KEYS[2], 'epoch', 'spent', 'held', 'stale', ARGV[13], 'from')
          if not budget[1] or budget[4] then return {8} end
          if budget[1] ~= ARGV[12] then return {9} end
          expired = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now, 'LIMIT', 0, 10)
          local lost = false
          for _, member in ipairs(expired) do
            if string.sub(member, 1, 6) == 'lease:' then -- only the database knows what was spent of it
              lost = true
              redis.call('HINCRBY', KEYS[2], 'orphaned', redis.call('HGET', KEYS[2], 'open:' .. member) or 0)
              redis.call('HSET', KEYS[2], 'stale', 1)
              redis.call('ZREM', KEYS[3], member)
            end
          end
          if lost then return {8} end
          local spent, held, lease = tonumber(budget[2]), tonumber(budget[3]), tonumber(budget[5] or 0)
          local free = amount - spent - held
          if result == 0 then
            if budget[6] and tonumber(redis.call('TIME')[1]) < tonumber(budget[6]) then
              result = 4
            elseif free < input + per * least then
              result = amount - spent < input + per * least and 3 or 4
              if result == 4 then redis.call('HSET', KEYS[2], 'short', now) end
            else
              if free < input + per * wanted then granted = math.floor((free - input) / per) end
              local cost = input + per * granted
              redis.call('HSET', KEYS[2], id, cost)
              redis.call('HINCRBY', KEYS[2], 'held', cost)
              redis.call('ZADD', KEYS[3], ARGV[11], id)
              free = free - cost
            end
          end
          left = math.max(0, free + lease)
          for _, member in ipairs(expired) do redis.call('ZADD', KEYS[3], now + 60000, member) end
        end

        local slice = 0
        if result == 0 then
          requests, tokens = requests - 60000, tokens - need * 60000
          if tonumber(ARGV[14]) + tonumber(ARGV[15]) > 0 and (rpm == 0 or requests >= rpm * 30000) and (tpm == 0 or tokens >= tpm * 30000) then
            slice, requests, tokens = 1, requests - tonumber(ARGV[14]) * 60000, tokens - tonumber(ARGV[15]) * 60000
          end
          if rpm > 0 then redis.call('HSET', KEYS[1], 'requests', requests) elseif rate[1] then redis.call('HDEL', KEYS[1], 'requests') end
          if tpm > 0 then redis.call('HSET', KEYS[1], 'tokens', tokens) elseif rate[2] then redis.call('HDEL', KEYS[1], 'tokens') end
          if rpm > 0 or tpm > 0 then
            redis.call('HSET', KEYS[1], 'at', math.max(at, now))
            redis.call('PEXPIRE', KEYS[1], 120000 + (tpm > 0 and tokens < 0 and math.ceil(-tokens / tpm) or 0))
          end
        end
        return {result, requests, tokens, granted, left, slice, unpack(expired)}
        """;

    /// <summary>Puts back (or takes, where negative) of rates. KEYS: rate. ARGV: requests, tokens.</summary>
    public const string PutBack = $$"""
        {{Give}}
        give(tonumber(ARGV[1]), tonumber(ARGV[2]))
        return 0
        """;

    /// <summary>
    /// Counts what requests have cost, each once; what the lease held for them, it holds no more. KEYS: budget, open, seen. ARGV: now, epoch, own lease, id and sum of those that only the lease knows,
    /// then id and cost of each of the others. Answers 0, 8 or 9.
    /// </summary>
    public const string Settle = $$"""
        local epoch = redis.call('HGET', KEYS[1], 'epoch')
        if not epoch then return 8 end
        if epoch ~= ARGV[2] then return 9 end
        {{Count}}
        local leased = 0
        if tonumber(ARGV[5]) > 0 and redis.call('ZADD', KEYS[3], 'NX', ARGV[1], ARGV[4]) == 1 then
          leased = tonumber(ARGV[5])
          redis.call('HINCRBY', KEYS[1], 'spent', leased)
        end
        for i = 6, #ARGV, 2 do
          if count(ARGV[i], ARGV[i + 1]) then leased = leased + tonumber(ARGV[i + 1]) end
        end
        leased = math.min(leased, tonumber(redis.call('HGET', KEYS[1], ARGV[3]) or 0))
        if leased > 0 then
          redis.call('HINCRBY', KEYS[1], ARGV[3], -leased)
          redis.call('HINCRBY', KEYS[1], 'held', -leased)
        end
        redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', tonumber(ARGV[1]) - {{SeenFor}})
        return 0
        """;

    /// <summary>
    /// Tells what this replica knows, and rebuilds the budget where it is gone. KEYS: budget, open, seen, memory. ARGV: now, a new epoch, what the database says was spent (-1: it was not asked), time to live,
    /// own lease (which is given back), number of settled, number of open, the epoch that this replica was in before, how many of the settled were not told then, whether nobody can tell if that epoch or the
    /// database has counted some of them, whether these are all settled, then id and cost of the settled (those not told first), id, cost and expiry of the open, ids that the database has counted.
    /// Answers the epoch; empty: it has to be rebuilt; <see cref="Everything"/>: nothing has happened.
    /// </summary>
    public const string Enter = $$"""
        local epoch, before = redis.call('HGET', KEYS[1], 'epoch'), nil
        local settled, open = tonumber(ARGV[6]), tonumber(ARGV[7])
        local first = 12 + settled * 2
        -- A budget that was rebuilt while this replica was cut off may have counted what that spent meanwhile, or not.
        if epoch and (redis.call('HEXISTS', KEYS[1], 'stale') == 1 or (epoch ~= ARGV[8] and ARGV[10] == '1')) then epoch, before = nil, epoch end
        if not epoch then
          if ARGV[3] == '-1' then return '' end
          epoch = ARGV[2]
          local orphaned = redis.call('HGET', KEYS[1], 'orphaned') or 0
          redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
          redis.call('HSET', KEYS[1], 'epoch', epoch, 'spent', ARGV[3], 'held', 0, 'orphaned', orphaned)
          redis.call('HINCRBY', KEYS[1], 'spent', orphaned)
          redis.call('SET', KEYS[4], redis.call('TIME')[1], 'NX')
          local since = before and redis.call('TIME')[1] or redis.call('GET', KEYS[4])
          local from = tonumber(since) + {{OthersEnterIn}}
          if tonumber(redis.call('TIME')[1]) < from then redis.call('HSET', KEYS[1], 'from', from) end
          redis.call('ZADD', KEYS[2], {{Never}}, '-')
          redis.call('ZADD', KEYS[3], {{Never}}, '-')
          for i = 1, 3 do redis.call('PEXPIRE', KEYS[i], ARGV[4]) end
          for i = first + open * 3, #ARGV do redis.call('ZADD', KEYS[3], ARGV[1], ARGV[i]) end
        end
        if epoch ~= ARGV[8] and ARGV[11] == '0' then return '{{Everything}}' end
        local lease = redis.call('HGET', KEYS[1], ARGV[5])
        if lease then
          redis.call('HDEL', KEYS[1], ARGV[5], 'open:' .. ARGV[5])
          redis.call('ZREM', KEYS[2], ARGV[5])
          redis.call('HINCRBY', KEYS[1], 'held', -lease)
        end
        {{Count}}
        if epoch == ARGV[8] then settled = tonumber(ARGV[9]) end
        for i = 12, 11 + settled * 2, 2 do count(ARGV[i], ARGV[i + 1]) end
        for i = first, first + open * 3 - 1, 3 do
          if redis.call('HEXISTS', KEYS[1], ARGV[i]) == 0 and not redis.call('ZSCORE', KEYS[3], ARGV[i]) then
            redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
            redis.call('HINCRBY', KEYS[1], 'held', ARGV[i + 1])
            redis.call('ZADD', KEYS[2], ARGV[i + 2], ARGV[i])
          end
        end
        return epoch
        """;

    /// <summary>
    /// Renews this replica's lease. KEYS: budget, open. ARGV: now, epoch, lease, what it is to hold, expiry, budget, what open requests hold of it (which counts as spent should this replica die).
    /// Answers {0, by how much it has become larger, left of the budget}; {-1}: somebody is short of it; {-8}, {-9}: as above.
    /// </summary>
    public const string Lease = """
        local budget = redis.call('HMGET', KEYS[1], 'epoch', 'spent', 'held', 'short', ARGV[3], 'stale')
        if not budget[1] or budget[6] then return {-8} end
        if budget[1] ~= ARGV[2] then return {-9} end
        if budget[4] and tonumber(ARGV[1]) - tonumber(budget[4]) < 5000 then return {-1} end
        local lease = tonumber(budget[5] or 0)
        local free = math.max(0, tonumber(ARGV[6]) - tonumber(budget[2]) - tonumber(budget[3]))
        local more = math.max(0, math.min(tonumber(ARGV[4]) - lease, math.floor(free / 4)))
        if lease + more > 0 then
          redis.call('HSET', KEYS[1], ARGV[3], lease + more, 'open:' .. ARGV[3], ARGV[7])
          redis.call('HINCRBY', KEYS[1], 'held', more)
          redis.call('ZADD', KEYS[2], ARGV[5], ARGV[3])
        elseif budget[5] then
          redis.call('HDEL', KEYS[1], ARGV[3], 'open:' .. ARGV[3])
          redis.call('ZREM', KEYS[2], ARGV[3])
        end
        return {0, more, free + lease}
        """;

    /// <summary>What a budget counts as spent is not less than what the database does. KEYS: budget. ARGV: what the database says was spent. Answers 0; nothing where there is no budget.</summary>
    public const string Recount = """
        local spent = redis.call('HGET', KEYS[1], 'spent')
        if spent and tonumber(spent) < tonumber(ARGV[1]) then redis.call('HSET', KEYS[1], 'spent', ARGV[1]) end
        return spent and 0
        """;

    /// <summary>Marks since when Redis remembers, in its own seconds. KEYS: memory.</summary>
    public const string Remember = "redis.call('SET', KEYS[1], redis.call('TIME')[1], 'NX') return 0";

    /// <summary>What a request holds of a budget. KEYS: budget. ARGV: id. Nothing where it holds nothing.</summary>
    public const string Held = "return redis.call('HGET', KEYS[1], ARGV[1])";

    private const string Give = """
        local function give(requests, tokens)
          if requests ~= 0 and redis.call('HEXISTS', KEYS[1], 'requests') == 1 then redis.call('HINCRBY', KEYS[1], 'requests', 60000 * requests) end
          if tokens ~= 0 and redis.call('HEXISTS', KEYS[1], 'tokens') == 1 then redis.call('HINCRBY', KEYS[1], 'tokens', 60000 * tokens) end
        end
        """;

    // Answers whether it was counted without having been held for itself: then a lease held it.
    private const string Count = """
        local function count(id, cost)
          local held = redis.call('HGET', KEYS[1], id)
          if held then
            redis.call('HDEL', KEYS[1], id)
            redis.call('ZREM', KEYS[2], id)
            redis.call('HINCRBY', KEYS[1], 'held', -held)
          end
          local isNew = redis.call('ZADD', KEYS[3], 'NX', ARGV[1], id) == 1
          if isNew or held then redis.call('HINCRBY', KEYS[1], 'spent', cost) end
          return isNew and not held
        end
        """;
}
