using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting.Testing;

namespace CogniForge.EndToEnd.Tests;

/// <summary>
/// Steady traffic of chats, inferences and events, 200 requests a second, with a record of every response.
/// </summary>
/// <remarks>On a slow machine it waits for responses: what is under test are outages, not overload.</remarks>
/// <param name="system">The system.</param>
/// <param name="model">The model for the inferences, and the name of the events.</param>
/// <param name="key">The key for the chats, stored in the gateway's database like its clients' keys.</param>
internal sealed class Traffic(RunningSystem system, string model, string key) : IDisposable
{
    private const int PerSecond = 200;
    private const int MaxInFlight = 32;
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(15);

    private readonly HttpClient _llm = Client(system, "llm", key);
    private readonly HttpClient _serving = Client(system, "serving");
    private readonly HttpClient _analytics = Client(system, "analytics");
    private readonly ConcurrentDictionary<int, TaskCompletionSource> _marks = new();
    private int _sent;

    /// <summary>The ids of the successful completions.</summary>
    public ConcurrentBag<Guid> Completions { get; } = [];

    /// <summary>The ids of the acknowledged events.</summary>
    public ConcurrentBag<string> Events { get; } = [];

    /// <summary>The number of successful inferences.</summary>
    public int Inferences => _inferences;

    /// <summary>The number of inferences sent.</summary>
    public int InferencesSent => _inferencesSent;

    /// <summary>The 503 responses with Retry-After.</summary>
    public ConcurrentBag<string> Unavailable { get; } = [];

    /// <summary>The responses that are neither correct nor a 503 with Retry-After.</summary>
    public ConcurrentBag<string> Wrong { get; } = [];

    /// <summary>The services of the requests that timed out.</summary>
    public ConcurrentBag<string> Hung { get; } = [];

    /// <summary>The services of the requests that failed without a response.</summary>
    public ConcurrentBag<string> NoResponse { get; } = [];

    private int _inferences;
    private int _inferencesSent;

    /// <summary>Completes once the traffic has run for the given time; immediately if that time has passed.</summary>
    public Task ReachedAsync(TimeSpan time)
    {
        var requests = (int)(time.TotalSeconds * PerSecond);
        var mark = _marks.GetOrAdd(requests, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        if (Volatile.Read(ref _sent) >= requests)
        {
            mark.TrySetResult();
        }

        return mark.Task;
    }

    /// <summary>Sends for the given time, and waits for the last response.</summary>
    public async Task RunAsync(TimeSpan time)
    {
        using var inFlight = new SemaphoreSlim(MaxInFlight);
        var requests = new List<Task>();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var total = (int)(time.TotalSeconds * PerSecond); _sent < total;)
        {
            await timer.WaitForNextTickAsync();
            for (var i = 0; i < PerSecond / 20; i++)
            {
                await inFlight.WaitAsync();
                requests.Add(SendAsync(_sent, inFlight));
                if (_marks.TryGetValue(Interlocked.Increment(ref _sent), out var mark))
                {
                    mark.TrySetResult();
                }
            }
        }

        await Task.WhenAll(requests);
    }

    public void Dispose()
    {
        _llm.Dispose();
        _serving.Dispose();
        _analytics.Dispose();
    }

    private static HttpClient Client(RunningSystem system, string service, string? key = null)
    {
        // The tests' other clients retry, which would hide failures that the traffic must see.
        var client = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5) })
        {
            BaseAddress = system.App.GetEndpoint(service, "http"),
            Timeout = _timeout,
        };
        client.DefaultRequestHeaders.Authorization = key is null ? null : new("Bearer", key);
        return client;
    }

    private async Task SendAsync(int number, SemaphoreSlim inFlight)
    {
        var service = (number % 3) switch
        {
            0 => "llm",
            1 => "serving",
            _ => "analytics",
        };
        try
        {
            await (
                service switch
                {
                    "llm" => ChatAsync(number),
                    "serving" => InferAsync(),
                    _ => TrackAsync(number),
                }
            );
        }
        catch (OperationCanceledException)
        {
            Hung.Add(service);
        }
        catch (HttpRequestException)
        {
            NoResponse.Add(service);
        }
        finally
        {
            inFlight.Release();
        }
    }

    private async Task ChatAsync(int number)
    {
        using var response = await _llm.PostAsync("/v1/chat/completions", Samples.Chat($"number {number}"));
        if (!await IsExpectedAsync("llm", response, HttpStatusCode.OK))
        {
            return;
        }

        var completion = await Samples.ReadAsync(response);
        if ((string?)completion["choices"]?[0]?["message"]?["content"] != $"You said: number {number}")
        {
            Wrong.Add($"llm: {completion.ToJsonString()}");
        }

        Completions.Add(Guid.Parse(response.Headers.GetValues("x-request-id").Single()));
    }

    private async Task InferAsync()
    {
        Interlocked.Increment(ref _inferencesSent);
        using var response = await _serving.PostAsync($"/v2/models/{model}/infer", Samples.Rows());
        if (await IsExpectedAsync("serving", response, HttpStatusCode.OK))
        {
            Interlocked.Increment(ref _inferences);
        }
    }

    private async Task TrackAsync(int number)
    {
        var id = $"{model}-{number}";
        using var response = await _analytics.PostAsync("/api/v1/events", Samples.Event(model, id));
        if (await IsExpectedAsync("analytics", response, HttpStatusCode.Accepted))
        {
            Events.Add(id);
        }
    }

    /// <summary>Reads the message of a problem, without the trace that makes each response differ.</summary>
    private static async Task<string> DetailAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync();
        try
        {
            return (string?)JsonNode.Parse(body)?["detail"] ?? body;
        }
        catch (JsonException)
        {
            return body;
        }
    }

    private async Task<bool> IsExpectedAsync(string service, HttpResponseMessage response, HttpStatusCode expected)
    {
        if (response.StatusCode == expected)
        {
            return true;
        }

        var isClear =
            response.StatusCode == HttpStatusCode.ServiceUnavailable && response.Headers.RetryAfter is not null;
        (isClear ? Unavailable : Wrong).Add($"{service}: {(int)response.StatusCode} {await DetailAsync(response)}");
        return false;
    }
}
