using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using CogniForge.Llm.Routing;
using Microsoft.Extensions.Options;

namespace CogniForge.Llm.Providers;

/// <summary>
/// The models that providers offer: requests their lists at once, one refresh at a time, and remembers them. A
/// provider that fails keeps its last list. Thread-safe.
/// </summary>
internal sealed partial class ProviderModels(
    ProviderConnections connections,
    ProviderApiKeys keys,
    IOptions<ModelListOptions> options,
    TimeProvider time,
    ILogger<ProviderModels> logger
)
{
    private const int MaxModels = 5_000;
    private const int MaxPages = 20;
    private const int MaxPageBytes = 8 * 1024 * 1024;
    private const int MaxConcurrency = 32;

    // Long enough that a list of a broken provider is not slow each time, short enough to notice its recovery.
    private static readonly TimeSpan _retryDelay = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Name, Uri Address), OfferedList> _lists = new();
    private readonly Lock _lock = new();
    private Task _refresh = Task.CompletedTask;

    /// <summary>
    /// Lists what the providers offer. Waits only for providers without a list, at most for the timeout; older lists
    /// are renewed in the background.
    /// </summary>
    /// <exception cref="OperationCanceledException">The client disconnected.</exception>
    public async Task<IReadOnlyList<(Provider Provider, OfferedModel Model)>> ListAsync(
        IEnumerable<Provider> providers,
        CancellationToken cancellationToken
    )
    {
        var all = providers.Where(p => p.Address is not null).ToList();
        var asked = options.Value.Lifetime > TimeSpan.Zero ? all.FindAll(p => p.Profile.ListsModels) : [];
        var now = time.GetUtcNow();
        var due = asked.FindAll(p => !_lists.TryGetValue(GetKey(p), out var list) || list.Expires <= now);
        if (due.Count > 0)
        {
            var refresh = Refresh(due, asked);
            if (due.Exists(p => !_lists.ContainsKey(GetKey(p))))
            {
                await Task.WhenAny(refresh, Task.Delay(options.Value.Timeout, time, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        return [.. all.SelectMany(p => GetOffered(p).Select(m => (p, m)))];
    }

    /// <summary>Finds a model in the last list of its provider; null: it is not listed.</summary>
    public OfferedModel? Find(Provider provider, string model) =>
        provider.Address is not null && _lists.TryGetValue(GetKey(provider), out var list)
            ? list.Models.GetValueOrDefault(model)
            : null;

    private static (string, Uri) GetKey(Provider provider) => (provider.Name, provider.Address!);

    /// <summary>The last list of a provider, or its configured models if it does not list any.</summary>
    private IEnumerable<OfferedModel> GetOffered(Provider provider) =>
        !provider.Profile.ListsModels
            ? provider.Profile.ConfiguredModelNames.Select(m => new OfferedModel(m))
        : _lists.TryGetValue(GetKey(provider), out var list) ? list.Models.Values
        : [];

    /// <summary>Starts a refresh, or returns the one that runs.</summary>
    private Task Refresh(IReadOnlyList<Provider> due, IReadOnlyList<Provider> all)
    {
        lock (_lock)
        {
            if (_refresh.IsCompleted)
            {
                foreach (var gone in _lists.Keys.Except(all.Select(GetKey)))
                {
                    _lists.TryRemove(gone, out _);
                }

                _refresh = Parallel.ForEachAsync(
                    due,
                    new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrency },
                    async (provider, _) => await RefreshAsync(provider)
                );
            }

            return _refresh;
        }
    }

    private async Task RefreshAsync(Provider provider)
    {
        using var timeout = new CancellationTokenSource(options.Value.Timeout, time);
        try
        {
            var models = await FetchAsync(provider, timeout.Token);
            _lists[GetKey(provider)] = new(models, time.GetUtcNow() + options.Value.Lifetime);
        }
        catch (Exception e)
            when (e
                    is HttpRequestException
                        or SocketException
                        or IOException
                        or JsonException
                        or OperationCanceledException
                        or ObjectDisposedException
            )
        {
            Log.NotListed(logger, provider.Name, e.GetBaseException().Message);
            var known = _lists.TryGetValue(GetKey(provider), out var list) ? list.Models : OfferedList.Empty;
            var delay = options.Value.Lifetime < _retryDelay ? options.Value.Lifetime : _retryDelay;
            _lists[GetKey(provider)] = new(known, time.GetUtcNow() + delay);
        }
    }

    /// <summary>Follows the pages of a provider's list.</summary>
    private async Task<Dictionary<string, OfferedModel>> FetchAsync(
        Provider provider,
        CancellationToken cancellationToken
    )
    {
        var isAnthropic = provider.Kind == ProviderKind.Anthropic;
        var models = new Dictionary<string, OfferedModel>(StringComparer.Ordinal);
        var query = isAnthropic ? "?limit=1000" : "";
        for (var page = 0; page < MaxPages; page++)
        {
            var body = await GetAsync(provider, new(provider.Address!, $"models{query}"), cancellationToken);
            var (found, next) = ModelListReader.Read(body);
            var before = models.Count;
            foreach (var model in found.Take(MaxModels - models.Count))
            {
                models.TryAdd(model.Id, model);
            }

            // A server that ignores the query sends the same page again and again.
            if (next is null || models.Count == before || models.Count >= MaxModels)
            {
                break;
            }

            query = (isAnthropic ? "?limit=1000&after_id=" : "?after=") + Uri.EscapeDataString(next);
        }

        return models;
    }

    private async Task<ReadOnlyMemory<byte>> GetAsync(Provider provider, Uri url, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        ProviderHeaders.AddKey(request.Headers, provider, keys.Get(provider));
        if (provider.Kind == ProviderKind.Anthropic)
        {
            ProviderHeaders.AddDefaultVersion(request.Headers);
        }

        var connectTimeout = provider.Timeouts?.Connect ?? Timeouts.Default.Connect;
        using var response = await connections.For(provider, connectTimeout).SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException(
                string.Create(CultureInfo.InvariantCulture, $"status {(int)response.StatusCode}")
            );
        }

        await response.Content.LoadIntoBufferAsync(MaxPageBytes, cancellationToken);
        return await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    private sealed record OfferedList(Dictionary<string, OfferedModel> Models, DateTimeOffset Expires)
    {
        public static Dictionary<string, OfferedModel> Empty { get; } = [];
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.ProviderModelsNotListed,
            LogLevel.Information,
            "The provider {Provider} does not list its models: {Reason}"
        )]
        public static partial void NotListed(ILogger logger, string provider, string reason);
    }
}
