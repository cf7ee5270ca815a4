using CogniForge.Llm.Gateway;
using CogniForge.ServiceDefaults.ApiKeys;

namespace CogniForge.Llm.Limits;

/// <summary>Holds keys to their rates before the bodies of their requests are read.</summary>
internal sealed class KeyRequestLimiter(Limiter limiter)
{
    private const int SmallBodyBytes = 64 * 1024;

    /// <summary>
    /// Takes a request from the rates of its key before its body is read, so that a key beyond its rates costs little.
    /// </summary>
    /// <param name="caller">The caller.</param>
    /// <param name="bodyBytes">The length of the body; null: unknown.</param>
    /// <param name="writer">Gets the state of the limits if they refuse.</param>
    /// <param name="now">The time.</param>
    /// <returns>The permission, or the refusal of a body that is too large to be read in vain.</returns>
    public async ValueTask<(RequestPermit? Permit, ErrorResponse? Refusal)> TakeAsync(
        Caller caller,
        long? bodyBytes,
        IResponseWriter writer,
        DateTimeOffset now
    )
    {
        // Only a request that was read says how many tokens it needs, and thus how long to wait for them.
        var isLarge = bodyBytes is null or > SmallBodyBytes;
        if (
            caller.Limits is not KeyLimits { Rates: { } rates } limits
            || (rates.RequestsPerMinute is null && !isLarge)
        )
        {
            return (new(null), null);
        }

        var result = await limiter.TakeRequestAsync(caller.Id, rates, isLarge, now);
        if (result.IsGranted)
        {
            return (new(result), null);
        }

        writer.WriteLimits(result, now);
        var refusal = LimitErrors.For(result, new() { Key = caller.Id, Limits = limits, At = now, Tokens = 1 });
        return isLarge ? (null, refusal) : (new(null, refusal), null);
    }

    /// <summary>Puts back a taken request that needs no provider.</summary>
    public void PutBack(Caller caller, RequestPermit permit)
    {
        if (permit.Taken is not null)
        {
            limiter.PutRequestBack(caller.Id);
        }
    }
}
