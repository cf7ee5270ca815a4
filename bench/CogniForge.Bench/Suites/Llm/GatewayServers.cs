using System.Net.Http.Headers;
using System.Text.Json;
using CogniForge.Bench.Processes;

namespace CogniForge.Bench.Suites.Llm;

/// <summary>Starts the targets to compare.</summary>
internal static class GatewayServers
{
    public const string Direct = "direct";
    public const string Forwarder = "bare forwarder";
    public static readonly string Yarp = YarpForwarder.Version;
    public const string Llm = "llm";
    public const string Unlimited = "llm, no limits";
    public const string Portkey = "Portkey " + Processes.Portkey.Version;

    private const string ProviderKey = "sk-of-the-fake-provider";
    private const string Model = "some-model";

    /// <summary>
    /// Starts the targets in front of the fast provider and, where possible, of the slow one and that of many streams.
    /// </summary>
    public static async Task<(
        IReadOnlyList<ChatTarget> Fast,
        IReadOnlyList<ChatTarget> Slow,
        IReadOnlyList<ChatTarget> Streams,
        string? Note
    )> StartAsync(
        ServerSet servers,
        StoreServers stores,
        Uri slow,
        Action<string> progress,
        CancellationToken cancellationToken
    )
    {
        var provider = await servers.StartProviderAsync(cancellationToken);
        var forwarder = await servers.StartForwarderAsync(provider.Address, cancellationToken);
        var yarp = await servers.StartYarpAsync(provider.Address, cancellationToken);
        var streaming = await servers.StartStreamingProviderAsync(cancellationToken);
        var slowForwarder = await servers.StartForwarderAsync(slow, cancellationToken);
        var settings = await stores.SettingsAsync("llmdb", cancellationToken);
        await stores.TakeEventsAsync("llm.completion.recorded.v1", cancellationToken);
        var llm = await servers.StartServiceAsync(
            "llm",
            "CogniForge.Llm",
            new Dictionary<string, string>(settings)
            {
                ["Providers__fake__Kind"] = "OpenAICompatible",
                ["Providers__fake__BaseUrl"] = new Uri(provider.Address, "/v1").ToString(),
                ["Providers__fake__ApiKey"] = ProviderKey,
                ["Providers__slow__Kind"] = "OpenAICompatible",
                ["Providers__slow__BaseUrl"] = new Uri(slow, "/v1").ToString(),
                ["Providers__slow__ApiKey"] = ProviderKey,
                ["Providers__streams__Kind"] = "OpenAICompatible",
                ["Providers__streams__BaseUrl"] = new Uri(streaming.Address, "/v1").ToString(),
                ["Providers__streams__ApiKey"] = ProviderKey,
            },
            cancellationToken
        );
        var (key, unlimited) = await PrepareAsync(llm.Address, servers.Key, cancellationToken);
        List<ChatTarget> fastTargets =
        [
            new(Direct, provider, Model, ProviderKey),
            new(Forwarder, forwarder, Model, ProviderKey),
            new(Yarp, yarp, Model, ProviderKey),
            new(Llm, llm, $"fake/{Model}", key) { Backlog = new(llm, servers.Key) },
            new(Unlimited, llm, $"fake/{Model}", unlimited) { Backlog = new(llm, servers.Key) },
        ];
        List<ChatTarget> slowTargets =
        [
            new(Forwarder, slowForwarder, Model, ProviderKey),
            new(Llm, llm, $"slow/{Model}", key),
        ];

        var (streamForwarder, streamYarp) = (
            await servers.StartForwarderAsync(streaming.Address, cancellationToken),
            await servers.StartYarpAsync(streaming.Address, cancellationToken)
        );
        List<ChatTarget> streams =
        [
            new(Direct, streaming, Model, ProviderKey),
            new(Forwarder, streamForwarder, Model, ProviderKey),
            new(Yarp, streamYarp, Model, ProviderKey),
            new(Llm, llm, $"streams/{Model}", key),
        ];

        var (portkey, reason) = await Processes.Portkey.StartAsync(progress, cancellationToken);
        if (portkey is null)
        {
            return (fastTargets, slowTargets, streams, $"{Portkey} is left out: {reason}");
        }

        servers.Add(portkey);
        fastTargets.Add(new(Portkey, portkey, Model, ProviderKey, Processes.Portkey.Headers(provider.Address)));
        slowTargets.Add(new(Portkey, portkey, Model, ProviderKey, Processes.Portkey.Headers(slow)));
        return (fastTargets, slowTargets, streams, null);
    }

    /// <summary>
    /// Gives the model a price, and creates two virtual keys: one with a budget and limits, one without.
    /// </summary>
    private static async Task<(string Limited, string Unlimited)> PrepareAsync(
        Uri llm,
        string rootKey,
        CancellationToken cancellationToken
    )
    {
        using var http = new HttpClient { BaseAddress = llm };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", rootKey);
        await SendAsync(HttpMethod.Put, $"/api/v1/llm/prices/2026-01-01/{Model}", new { input = 2.0m, output = 10.0m });

        // Limits that are checked but not reached. A fast machine would exceed the maximum of a million requests a
        // minute.
        var limits = new
        {
            routes = new[] { "*" },
            tokensPerMinute = 1_000_000_000,
            budget = new { amount = 1_000_000, period = "month" },
        };
        return (await KeyAsync(limits), await KeyAsync(null));

        async Task<string> KeyAsync(object? limits) => (
                await SendAsync(
                    HttpMethod.Post,
                    "/api/v1/llm/keys",
                    new
                    {
                        name = "bench",
                        scopes = new[] { "llm:invoke" },
                        limits,
                    }
                )
            ).GetProperty("key").GetString()!;

        async Task<JsonElement> SendAsync(HttpMethod method, string path, object body)
        {
            using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative))
            {
                Content = JsonContent.Create(body),
            };
            using var response = await http.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            return response.IsSuccessStatusCode
                ? JsonDocument.Parse(text).RootElement
                : throw new BenchException($"llm responded to {method} {path} with {(int)response.StatusCode}: {text}");
        }
    }
}
