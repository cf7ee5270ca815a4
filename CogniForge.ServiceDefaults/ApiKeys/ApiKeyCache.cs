using System.Collections.Concurrent;
using System.Security.Claims;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.ServiceDefaults.Postgres;
using CogniForge.ServiceDefaults.Resilience;
using Microsoft.Extensions.Caching.Memory;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>
/// Caches the callers of stored keys. A change of a key takes effect within two seconds. During an outage of the store,
/// keys validated within the last hour are still accepted until they expire; revocations take effect after the outage.
/// </summary>
internal sealed partial class ApiKeyCache(
    IApiKeyStore store,
    TimeProvider time,
    ILogger<ApiKeyCache> logger,
    IKeyLimits? limits = null
) : IDisposable
{
    private static readonly TimeSpan _freshFor = TimeSpan.FromSeconds(2); // until a key is looked up again
    private static readonly TimeSpan _validFor = TimeSpan.FromHours(1); // during an outage

    /// <summary>The timeout of looking up a known key, and the interval of attempts during an outage.</summary>
    private static readonly TimeSpan _knownKeyTimeout = TimeSpan.FromSeconds(1);

    /// <summary>The timeout of looking up an unknown key: longer than it takes to notice that Postgres hangs.</summary>
    private static readonly TimeSpan _unknownKeyTimeout = TimeSpan.FromSeconds(5);

    private const int MaxCached = 100_000;

    // Apart, because a full cache takes no new entry: a flood of invalid keys must not keep valid ones out.
    private readonly MemoryCache _valid = new(new MemoryCacheOptions { SizeLimit = MaxCached });
    private readonly MemoryCache _refused = new(
        new MemoryCacheOptions { SizeLimit = MaxCached, ExpirationScanFrequency = _freshFor }
    );

    private readonly ConcurrentDictionary<string, Lazy<Task<Known>>> _lookUps = [];
    private readonly ApiKeyBatchReader _reader = new(store, time);
    private readonly CircuitBreaker _circuit = new(_knownKeyTimeout, time);

    /// <summary>Finds the caller of a secret by its hash.</summary>
    /// <param name="hash">The hash of the secret.</param>
    /// <param name="network">
    /// The client's network, which shares its turn when many unknown keys are looked up; null: in-process.
    /// </param>
    /// <param name="cancellationToken">Cancelled when the client disconnects.</param>
    /// <returns>The caller; <see langword="null"/> if the key is unknown, expired, disabled or revoked.</returns>
    /// <exception cref="Exception">
    /// The store is unavailable (<see cref="TransientFaults.IsOutage"/>), and the key is not cached.
    /// </exception>
    public async ValueTask<ClaimsPrincipal?> FindAsync(
        byte[] hash,
        string? network,
        CancellationToken cancellationToken
    )
    {
        var id = Convert.ToHexString(hash);
        var known = _valid.Get<Known>(id) ?? _refused.Get<Known>(id);
        if (known is null || time.GetElapsedTime(known.At) >= _freshFor)
        {
            known = await RefreshAsync(id, hash, network ?? "", known, cancellationToken);
        }

        return known.ExpiresAt <= time.GetUtcNow() ? null : known.User;
    }

    public void Dispose()
    {
        _valid.Dispose();
        _refused.Dispose();
    }

    private async Task<Known> RefreshAsync(
        string id,
        byte[] hash,
        string network,
        Known? stale,
        CancellationToken cancellationToken
    )
    {
        var valid = stale?.User is not null && time.GetElapsedTime(stale.At) < _validFor ? stale : null;
        if (valid is not null && !CanTry())
        {
            return valid;
        }

        var timeout = valid is null ? _unknownKeyTimeout : _knownKeyTimeout;
        var lookUp = _lookUps
            .GetOrAdd(id, _ => new(() => LookUpAsync(id, hash, network, valid is not null)))
            .Value;
        try
        {
            return await lookUp.WaitAsync(timeout, time, cancellationToken);
        }
        catch (Exception e) when (TransientFaults.IsOutage(e))
        {
            // A wait in the queue says nothing about the store.
            var isStoreFault = lookUp.IsFaulted || _reader.HasRunFor(timeout / 2);
            if (isStoreFault && _circuit.Open())
            {
                Log.Unavailable(logger, e.GetType().Name, e.Message);
            }

            if (valid is not null)
            {
                return valid;
            }

            if (!isStoreFault)
            {
                throw new OverloadedException("Too many API keys are being looked up; try again shortly.", e);
            }

            throw;
        }
    }

    /// <summary>During an outage, the next probe waits for the end of a look-up that hangs.</summary>
    private bool CanTry() => !_circuit.IsOpen || (_lookUps.IsEmpty && _circuit.TryEnter());

    /// <summary>
    /// Shared by all requests with the key. No caller cancels it, because its end shows whether the store is available.
    /// </summary>
    private async Task<Known> LookUpAsync(string id, byte[] hash, string network, bool isKnown)
    {
        try
        {
            var key = await _reader.FindAsync(hash, isKnown, network);
            if (_circuit.Close())
            {
                Log.AvailableAgain(logger);
            }

            var user =
                key?.IsValidAt(time.GetUtcNow()) == true
                    ? Caller.OfKey(key, limits).ToPrincipal(ApiKeyHandler.SchemeName)
                    : null;
            var known = new Known(user, key?.ExpiresAt, time.GetTimestamp());
            if (user is null)
            {
                _valid.Remove(id);
            }

            (user is null ? _refused : _valid).Set(
                id,
                known,
                new MemoryCacheEntryOptions
                {
                    Size = 1,
                    AbsoluteExpirationRelativeToNow = user is null ? _freshFor : _validFor,
                }
            );
            return known;
        }
        finally
        {
            _lookUps.TryRemove(id, out _);
        }
    }

    /// <summary>A cached secret. Refused ones have no user.</summary>
    private sealed record Known(ClaimsPrincipal? User, DateTimeOffset? ExpiresAt, long At);

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.ApiKeyStoreUnavailable,
            LogLevel.Warning,
            "The API key store is unavailable ({Exception}: {Reason}): keys validated within the last hour are still "
                + "accepted, others get 503"
        )]
        public static partial void Unavailable(ILogger logger, string exception, string reason);

        [LoggerMessage(EventIds.ApiKeyStoreAvailableAgain, LogLevel.Information, "The API key store is available")]
        public static partial void AvailableAgain(ILogger logger);
    }
}
