using CogniForge.Llm.Redis;
using StackExchange.Redis;

namespace CogniForge.Llm.Limits;

/// <summary>Reads what <see cref="RedisScripts"/> count. What a replica grants of its lease is in it up to a second later, when the lease is renewed.</summary>
internal sealed class RedisBudgetCounts(RedisConnection redis) : IBudgetCounts
{
    /// <summary>
    /// KEYS: budget. Answers {spent, held by open requests}. A request's field is its id; of a lease only what is open counts, for the rest of it is nobody's yet.
    /// </summary>
    private const string Count = """
        local budget, spent, held = redis.call('HGETALL', KEYS[1]), 0, 0
        for i = 1, #budget, 2 do
          local field, value = budget[i], budget[i + 1]
          if field == 'spent' then spent = tonumber(value)
          elseif #field == 32 or string.sub(field, 1, 5) == 'open:' then held = held + tonumber(value) end
        end
        return {spent, held}
        """;

    public async ValueTask<BudgetCount?> CountAsync(string key, BudgetWindow window)
    {
        if (await redis.TryAsync(Count, [LedgerBook.BudgetKey(key, window)]) is not { } response)
        {
            return null;
        }

        var counts = (RedisResult[])response!;
        return new((long)counts[0], (long)counts[1]);
    }
}
