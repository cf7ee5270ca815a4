using System.Collections.Concurrent;
using System.Net;
using Aspire.Hosting.Testing;

namespace CogniForge.AppHost.Tests;

/// <summary>Steady traffic of chats, inferences and events, 200 requests a second, and a memory of every answer.</summary>
/// <param name="system">Where it flows.</param>
/// <param name="model">The model that the inferences ask for, and the name of the events.</param>
/// <param name="key">The key of the chats: one that the gateway keeps in its database, as its clients have.</param>
internal sealed class Traffic(RunningSystem system, string model, string key) : IDisposable
{
    private const int PerSecond = 200;
    private const int MaxInFlight = 2_000;
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(15);

    private readonly HttpClient _llm = Client(system, "llm", key);
    private readonly HttpClient _serving = Client(system, "serving");
    private readonly HttpClient _analytics = Client(system, "analytics");
    private readonly ConcurrentDictionary<int, TaskCompletionSource> _marks = new();
    private int _sent;

    /// <summary>The ids of the completions that were answered.</summary>
    public ConcurrentBag<Guid> Completions { get; } = [];

    /// <summary>The ids of the events that were acknowledged.</summary>
    public ConcurrentBag<string> Events { get; } = [];

    /// <summary>How many inferences were answered.</summary>
    public int Inferences => _inferences;

    /// <summary>How many inferences were asked for.</summary>
    public int InferencesSent => _inferencesSent;

    /// <summary>How many requests got a 503.</summary>
    public int Unavailable => _unavailable;

    /// <summary>Answers that were neither right nor a clear 503: one that says when to try again.</summary>
    public ConcurrentBag<string> Wrong { get; } = [];

    /// <summary>The services of requests that had no answer within their time-out.</summary>
    public ConcurrentBag<string> Hung { get; } = [];

    /// <summary>The services of requests that nobody was there to answer.</summary>
    public ConcurrentBag<string> Unanswered { get; } = [];

    private int _inferences;
    private int _inferencesSent;
    private int _unavailable;

    /// <summary>Completes once the traffic has flowed for this long; at once if that time has passed already.</summary>
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

    /// <summary>Sends for so long, and waits for the last answer.</summary>
    public async Task RunAsync(TimeSpan time)
    {
        var inFlight = new SemaphoreSlim(MaxInFlight);
        var requests = new List<Task>();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var total = (int)(time.TotalSeconds * PerSecond); _sent < total;)
        {
            await timer.WaitForNextTickAsync();
            for (var i = 0; i < PerSecond / 20; i++)
            {
                Assert.True(
                    await inFlight.WaitAsync(_timeout),
                    "The system does not keep up: too many requests are under way."
                );
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
        // A client of its own: the traffic wants to see each failure, which the resilience of the test's other clients would hide.
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
            Unanswered.Add(service);
        }
        finally
        {
            inFlight.Release();
        }
    }

    private async Task ChatAsync(int number)
    {
        using var response = await _llm.PostAsync("/v1/chat/completions", Samples.Chat($"number {number}"));
        if (!await IsRightAsync("llm", response, HttpStatusCode.OK))
        {
            return;
        }

        var answer = await Samples.ReadAsync(response);
        if ((string?)answer["choices"]?[0]?["message"]?["content"] != $"You said: number {number}")
        {
            Wrong.Add($"llm: {answer.ToJsonString()}");
        }

        Completions.Add(Guid.Parse(response.Headers.GetValues("x-request-id").Single()));
    }

    private async Task InferAsync()
    {
        Interlocked.Increment(ref _inferencesSent);
        using var response = await _serving.PostAsync($"/v2/models/{model}/infer", Samples.Rows());
        if (await IsRightAsync("serving", response, HttpStatusCode.OK))
        {
            Interlocked.Increment(ref _inferences);
        }
    }

    private async Task TrackAsync(int number)
    {
        var id = $"{model}-{number}";
        using var response = await _analytics.PostAsync("/api/v1/events", Samples.Event(model, id));
        if (await IsRightAsync("analytics", response, HttpStatusCode.Accepted))
        {
            Events.Add(id);
        }
    }

    private async Task<bool> IsRightAsync(string service, HttpResponseMessage response, HttpStatusCode right)
    {
        if (response.StatusCode == right)
        {
            return true;
        }

        if (response.StatusCode == HttpStatusCode.ServiceUnavailable && response.Headers.RetryAfter is not null)
        {
            Interlocked.Increment(ref _unavailable);
        }
        else
        {
            Wrong.Add($"{service}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        }

        return false;
    }
}
