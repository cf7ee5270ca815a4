using System.Collections.Concurrent;
using System.Security.Claims;
using CogniForge.ServiceDefaults.Postgres;
using Microsoft.Extensions.Caching.Memory;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>
/// The callers of the keys that the store holds. While the store answers, a change of a key is seen within two seconds. While it does not, a key that was found valid within the last hour is
/// taken on: requests flow through an outage, at the price that a revocation made elsewhere is not seen until the store is back. The hour bounds that price; a key's own expiry always holds.
/// </summary>
internal sealed partial class ApiKeyCache(
    IApiKeyStore store,
    TimeProvider time,
    ILogger<ApiKeyCache> logger,
    IKeyLimits? limits = null
) : IDisposable
{
    /// <summary>For how long a key is not looked up again.</summary>
    private static readonly TimeSpan _freshFor = TimeSpan.FromSeconds(2);

    /// <summary>For how long a key that was found valid is taken while the store does not answer.</summary>
    private static readonly TimeSpan _keptFor = TimeSpan.FromHours(1);

    /// <summary>How long a request with a known key waits for the store, and how long after a failure the store is left alone.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    /// <summary>How long a request with an unknown key waits. Longer than it takes to notice that Postgres hangs.</summary>
    private static readonly TimeSpan _unknownKeyTimeout = TimeSpan.FromSeconds(5);

    // A flood of made-up keys costs bounded memory and, being of low priority, pushes no good key out.
    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = 100_000 });

    private readonly ConcurrentDictionary<string, Lazy<Task<Known>>> _lookUps = [];

    // Each query to a database that hangs comes to block a thread: when its time-out sends a cancellation, Npgsql waits for that to be taken, and not asynchronously.
    private readonly SemaphoreSlim _queries = new(8);

    // When the store last failed to answer, or was asked again after that; 0: it answers.
    private long _failedAt;

    /// <summary>The caller of the secret with this hash, or <see langword="null"/> when it is unknown, expired, disabled or revoked.</summary>
    /// <exception cref="Exception">The store is away (<see cref="TransientFaults.IsOutage"/>), and nothing is known of the key.</exception>
    public async ValueTask<ClaimsPrincipal?> FindAsync(byte[] hash, CancellationToken cancellationToken)
    {
        var id = Convert.ToHexString(hash);
        if (!_cache.TryGetValue<Known>(id, out var known) || time.GetElapsedTime(known!.At) >= _freshFor)
        {
            known = await AskAsync(id, hash, known, cancellationToken);
        }

        return known.ExpiresAt <= time.GetUtcNow() ? null : known.User;
    }

    public void Dispose()
    {
        _cache.Dispose();
        _queries.Dispose();
    }

    private async Task<Known> AskAsync(string id, byte[] hash, Known? before, CancellationToken cancellationToken)
    {
        var kept = before?.User is not null && time.GetElapsedTime(before.At) < _keptFor ? before : null;
        if (!MayAsk())
        {
            return kept ?? throw new TimeoutException("The store of the keys does not answer.");
        }

        try
        {
            var timeout = kept is null ? _unknownKeyTimeout : _patience;
            return await _lookUps
                .GetOrAdd(id, _ => new(() => LookUpAsync(id, hash)))
                .Value.WaitAsync(timeout, time, cancellationToken);
        }
        catch (Exception e) when (TransientFaults.IsOutage(e))
        {
            if (Interlocked.Exchange(ref _failedAt, time.GetTimestamp()) == 0)
            {
                Log.Away(logger, e.GetType().Name, e.Message);
            }

            if (kept is null)
            {
                throw;
            }

            return kept;
        }
    }

    /// <summary>While the store is away one request at a time tries, a while after the last one did.</summary>
    private bool MayAsk()
    {
        var failedAt = Volatile.Read(ref _failedAt);
        return failedAt == 0
            || (
                time.GetElapsedTime(failedAt) >= _patience
                && _lookUps.IsEmpty
                && Interlocked.CompareExchange(ref _failedAt, time.GetTimestamp(), failedAt) == failedAt
            );
    }

    /// <summary>Asks for all who want to know the same, and to the end, whoever of them gives up: that end tells when a store that hung is back.</summary>
    private async Task<Known> LookUpAsync(string id, byte[] hash)
    {
        try
        {
            await _queries.WaitAsync();
            ApiKey? key;
            try
            {
                key = await store.FindAsync(hash, CancellationToken.None);
            }
            finally
            {
                _queries.Release();
            }

            if (Interlocked.Exchange(ref _failedAt, 0) != 0)
            {
                Log.Back(logger);
            }

            var user =
                key?.IsValidAt(time.GetUtcNow()) == true
                    ? Caller.OfKey(key, limits).ToPrincipal(ApiKeyHandler.SchemeName)
                    : null;
            var known = new Known(user, key?.ExpiresAt, time.GetTimestamp());
            _cache.Set(
                id,
                known,
                new MemoryCacheEntryOptions
                {
                    Size = 1,
                    Priority = user is null ? CacheItemPriority.Low : CacheItemPriority.Normal,
                    AbsoluteExpirationRelativeToNow = user is null ? _freshFor : _keptFor,
                }
            );
            return known;
        }
        finally
        {
            _lookUps.TryRemove(id, out _);
        }
    }

    /// <summary>What is remembered of a secret, of one that is refused too: it has no user.</summary>
    private sealed record Known(ClaimsPrincipal? User, DateTimeOffset? ExpiresAt, long At);

    private static partial class Log
    {
        [LoggerMessage(
            500,
            LogLevel.Warning,
            "The store of the keys does not answer ({Exception}: {Reason}): keys found valid within the last hour are taken on, others get 503"
        )]
        public static partial void Away(ILogger logger, string exception, string reason);

        [LoggerMessage(501, LogLevel.Information, "The store of the keys answers again")]
        public static partial void Back(ILogger logger);
    }
}
