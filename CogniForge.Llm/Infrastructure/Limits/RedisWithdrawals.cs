using CogniForge.Llm.Application.Admission;

namespace CogniForge.Llm.Infrastructure.Limits;

/// <summary>Withdraws claims from limits that are in Redis.</summary>
internal sealed class RedisWithdrawals(RedisGate redis, RedisLimits limits, InMemoryLimits alone) : IWithdrawals
{
    public async ValueTask WithdrawAsync(Claim claim)
    {
        limits.Settle(claim, 0, 0);
        if (claim.Limits.RequestsPerMinute is null)
        {
            return;
        }

        if (redis.IsAway)
        {
            alone.Correct(claim.Key, 0, -1);
        }
        else
        {
            await redis.TryAsync(RedisScripts.PutBack, [LedgerBook.RateKey(claim.Key)], 1, 0);
        }
    }
}
