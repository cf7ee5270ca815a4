using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CogniForge.Llm.Gateway;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.Postgres;

namespace CogniForge.Llm.Caching;

/// <summary>Gives answers again, and asks only once for what several ask at the same time. Thread-safe.</summary>
internal sealed partial class ResponseCache(
    IResponseStore store,
    ServiceDescription service,
    TimeProvider time,
    ILogger<ResponseCache> logger
)
{
    /// <summary>The largest answer that is stored, in bytes.</summary>
    public const int MaxAnswerBytes = 1024 * 1024;

    private readonly ConcurrentDictionary<string, TaskCompletionSource<CachedResponse?>> _flights = new(
        StringComparer.Ordinal
    );
    private readonly Counter<long> _lookups = service.Meter.CreateCounter<long>(
        "cogniforge.llm.cache.lookups",
        "{request}",
        "Requests, by whether the cache had the answer"
    );

    /// <summary>Looks an answer up; where there is none, the caller asks a provider and lands the flight with what came of it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="route">Its route.</param>
    /// <param name="caller">The id of the caller's key.</param>
    /// <param name="cancellationToken">The client has gone.</param>
    public async ValueTask<CacheLookup> LookUpAsync(
        InferenceRequest request,
        ModelRoute route,
        string caller,
        CancellationToken cancellationToken
    )
    {
        if (route.Cache is not { } policy || !request.Caching.Stores)
        {
            return Counted(new(CacheStatus.Bypass, null, null));
        }

        var key = CacheKey.Compute(policy.Shared ? "shared" : caller, route.Name, request.Protocol, request.Body);
        var inFlight = new InFlightRequest(this, key, policy.Lifetime, [route.Name, .. request.CacheTags]);
        while (request.Caching.Reads)
        {
            if (await TryGetAsync(key, cancellationToken) is { } response && IsFresh(response, request.Caching.MaxAge))
            {
                return Counted(new(CacheStatus.Hit, response, null));
            }

            var mine = new TaskCompletionSource<CachedResponse?>(TaskCreationOptions.RunContinuationsAsynchronously);
            var first = _flights.GetOrAdd(key, mine);
            if (first == mine)
            {
                inFlight.Leads = true;
                break;
            }

            if (await first.Task.WaitAsync(cancellationToken) is { } theirs)
            {
                return Counted(new(CacheStatus.Hit, theirs, null));
            }
        }

        return Counted(new(CacheStatus.Miss, null, inFlight));
    }

    /// <summary>Forgets the answers with a tag; null: all.</summary>
    public ValueTask PurgeAsync(string? tag, CancellationToken cancellationToken) =>
        store.PurgeAsync(tag, cancellationToken);

    internal async ValueTask CompleteAsync(InFlightRequest inFlight, CachedResponse? response)
    {
        if (response is { Body.Length: <= MaxAnswerBytes })
        {
            try
            {
                await store.SetAsync(inFlight.Key, response, CancellationToken.None);
            }
            catch (Exception e) when (IsStoreFault(e))
            {
                Log.StoreAway(logger, e.Message);
            }
        }

        if (inFlight.Leads && _flights.TryRemove(inFlight.Key, out var waiting))
        {
            waiting.TrySetResult(response);
        }
    }

    internal DateTimeOffset Now => time.GetUtcNow();

    private async ValueTask<CachedResponse?> TryGetAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return await store.GetAsync(key, cancellationToken);
        }
        catch (Exception e) when (IsStoreFault(e) && !cancellationToken.IsCancellationRequested)
        {
            Log.StoreAway(logger, e.Message);
            return null;
        }
    }

    // A cache that is away makes answers slower, never wrong.
    private static bool IsStoreFault(Exception e) =>
        TransientFaults.IsOutage(e)
        || e is IOException or UnauthorizedAccessException or TimeoutException or System.Text.Json.JsonException;

    private bool IsFresh(CachedResponse response, TimeSpan? maxAge) =>
        response.ExpiresAt > Now && (maxAge is null || Now - response.StoredAt <= maxAge);

    private CacheLookup Counted(CacheLookup lookup)
    {
        _lookups.Add(
            1,
            new KeyValuePair<string, object?>(
                "result",
                lookup.Result switch
                {
                    CacheStatus.Hit => "hit",
                    CacheStatus.Miss => "miss",
                    _ => "bypass",
                }
            )
        );
        return lookup;
    }

    private static partial class Log
    {
        [LoggerMessage(410, LogLevel.Warning, "The answer cache is away: {Reason}")]
        public static partial void StoreAway(ILogger logger, string reason);
    }
}
