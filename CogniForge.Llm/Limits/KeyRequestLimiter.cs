using CogniForge.Llm.Gateway;
using CogniForge.Llm.Limits.Rates;
using CogniForge.ServiceDefaults.ApiKeys;

namespace CogniForge.Llm.Limits;

/// <summary>Holds keys to their rates before the bodies of their requests are read.</summary>
internal sealed class KeyRequestLimiter(RateLimiter rates)
{
    private const int SmallBodyBytes = 64 * 1024;

    /// <summary>
    /// Takes a request from the rates of its key before its body is read, so that a key beyond its rates costs little.
    /// </summary>
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
            caller.Limits is not KeyLimits { Rates: { } limits } keyLimits
            || (limits.RequestsPerMinute is null && !isLarge)
        )
        {
            return (new(null), null);
        }

        var result = await rates.AcquireAsync(caller.Id, limits, new(1, 0), now);
        if (result.IsGranted && isLarge && result.Tokens is { Remaining: 0 })
        {
            result = rates.ReturnRequest(caller.Id, result with { Status = ReservationStatus.TokenRate });
        }

        if (result.IsGranted)
        {
            return (new(result), null);
        }

        writer.WriteLimits(result, now);
        var refusal = LimitErrors.ForKey(result, new() { Key = caller.Id, Limits = keyLimits, At = now, Tokens = 1 });
        return isLarge ? (null, refusal) : (new(null, refusal), null);
    }

    /// <summary>Puts back a taken request that needs no provider.</summary>
    public void PutBack(Caller caller, RequestPermit permit)
    {
        if (permit.Taken is { } taken)
        {
            rates.ReturnRequest(caller.Id, taken);
        }
    }
}
