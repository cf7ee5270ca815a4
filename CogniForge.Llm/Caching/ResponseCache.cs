using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json;
using CogniForge.Llm.Gateway;
using CogniForge.Llm.Limits;
using CogniForge.Llm.Protocols;
using CogniForge.Llm.Routing;
using CogniForge.ServiceDefaults;
using CogniForge.ServiceDefaults.ApiKeys;
using CogniForge.ServiceDefaults.Postgres;
using Microsoft.Extensions.Options;

namespace CogniForge.Llm.Caching;

/// <summary>Reuses responses and coalesces identical concurrent requests into one provider call. Thread-safe.</summary>
internal sealed partial class ResponseCache(
    IResponseStore store,
    IOptions<CacheOptions> options,
    ServiceDescription service,
    TimeProvider time,
    ILogger<ResponseCache> logger
)
{
    /// <summary>The maximum body size of a stored response, in bytes.</summary>
    public const int MaxResponseBytes = 1024 * 1024;

    private readonly ConcurrentDictionary<string, InFlightRequest> _inFlight = new(StringComparer.Ordinal);
    private readonly Counter<long> _lookups = service.Meter.CreateCounter<long>(
        "cogniforge.llm.cache.lookups",
        "{request}",
        "Requests by the result of their cache lookup"
    );

    /// <summary>On a miss, the caller calls a provider and completes the in-flight request.</summary>
    public async ValueTask<CacheLookup> LookUpAsync(
        InferenceRequest request,
        ResolvedRoute route,
        Caller caller,
        Project? project,
        CancellationToken cancellationToken
    )
    {
        if (route.Route.Cache is not { } policy || !request.CacheControl.CanStore || request.IsStateful)
        {
            return Record(new(CacheStatus.Bypass, null, null));
        }

        // Another key could not refer to a response that OpenAI keeps for this one.
        var isKept = request.IsStored && route.Targets.Any(t => t.Provider.Protocols.Contains(Protocol.Responses));
        var owner = policy.Shared && !isKept ? "shared" : caller.Id;
        string key;
        try
        {
            key = CacheKey.Compute(
                owner,
                route.Route.Name,
                request.Protocol,
                request.Body,
                CacheKeyContext.Describe(
                    request,
                    route,
                    hasBudget: caller.Limits is KeyLimits { Budget: not null } || project?.Limits.Budget is not null
                )
            );
        }
        catch (JsonException)
        {
            // The provider decides about invalid Unicode in a field that the gateway does not read.
            return Record(new(CacheStatus.Bypass, null, null));
        }

        var inFlight = new InFlightRequest(
            this,
            key,
            policy.Lifetime,
            options.Value.MaxStreamBytes,
            [route.Route.Name, .. request.CacheTags]
        );
        var deadline = Now + options.Value.InFlightTimeout;
        while (request.CacheControl.CanRead)
        {
            var cached = await TryGetAsync(key, cancellationToken);
            if (cached is not null && IsFresh(cached, request.CacheControl.MaxAge))
            {
                return Record(new(CacheStatus.Hit, cached, null));
            }

            var first = _inFlight.GetOrAdd(key, inFlight);
            if (first == inFlight)
            {
                break;
            }

            try
            {
                var wait = TimeSpan.FromTicks(Math.Max(0, (deadline - Now).Ticks));
                if (await first.Response.WaitAsync(wait, time, cancellationToken) is { } shared)
                {
                    return Record(new(CacheStatus.Hit, shared, null));
                }
            }
            catch (TimeoutException)
            {
                _inFlight.TryUpdate(key, inFlight, first); // later requests wait for this one
                break;
            }
        }

        return Record(new(CacheStatus.Miss, null, inFlight));
    }

    /// <summary>Removes the responses with a tag; null: all.</summary>
    public ValueTask PurgeAsync(string? tag, CancellationToken cancellationToken) =>
        store.PurgeAsync(tag, cancellationToken);

    internal async ValueTask StoreAsync(string key, CachedResponse response)
    {
        if (response.Body.Length > MaxResponseBytes)
        {
            return;
        }

        try
        {
            await store.SetAsync(key, response, CancellationToken.None);
        }
        catch (Exception e) when (IsStoreFault(e))
        {
            Log.StoreUnavailable(logger, e.Message);
        }
    }

    /// <summary>Ends the wait of further identical requests for this one.</summary>
    internal void Remove(InFlightRequest inFlight) => _inFlight.TryRemove(KeyValuePair.Create(inFlight.Key, inFlight));

    internal DateTimeOffset Now => time.GetUtcNow();

    private async ValueTask<CachedResponse?> TryGetAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return await store.GetAsync(key, cancellationToken);
        }
        catch (Exception e) when (IsStoreFault(e) && !cancellationToken.IsCancellationRequested)
        {
            Log.StoreUnavailable(logger, e.Message);
            return null;
        }
    }

    // An unavailable store makes responses slower, never wrong.
    private static bool IsStoreFault(Exception e) =>
        TransientFaults.IsOutage(e)
        || e is IOException or UnauthorizedAccessException or TimeoutException or JsonException;

    private bool IsFresh(CachedResponse response, TimeSpan? maxAge) =>
        response.ExpiresAt > Now && (maxAge is null || Now - response.StoredAt <= maxAge);

    private CacheLookup Record(CacheLookup lookup)
    {
        var result = lookup.Status switch
        {
            CacheStatus.Hit => "hit",
            CacheStatus.Miss => "miss",
            _ => "bypass",
        };
        _lookups.Add(1, new KeyValuePair<string, object?>("result", result));
        return lookup;
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.CacheUnavailable, LogLevel.Warning, "The response cache is unavailable: {Reason}")]
        public static partial void StoreUnavailable(ILogger logger, string reason);
    }
}
