using System.Net;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Xunit.Abstractions;

namespace CogniForge.AppHost.Tests;

/// <summary>A Postgres that takes connections and queries and answers none is as good as gone: who can goes on, the others are told to try again.</summary>
public sealed class HangTests(HangingSystem system, ITestOutputHelper output)
    : TrafficTests(system, output),
        IClassFixture<HangingSystem>
{
    // Shorter than Npgsql's time-outs.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Postgres_HangsForTenSeconds_LosesNothingAndNobodyWaits()
    {
        using var traffic = await StartAsync("hang");
        var endpoints = new Dictionary<string, IReadOnlyList<ServiceEndpoint>>();
        foreach (var service in Services)
        {
            using var client = System.Client(service);
            endpoints[service] =
            [
                .. (await ServiceEndpoints.ListAsync(service, client)).Where(e => e.Path != "/health/details"),
            ]; // its 503 is no refusal
        }

        var running = traffic.RunAsync(Length);
        await traffic.ReachedAsync(OutageStart);
        var memory = await MemoryAsync();
        system.Postgres.Stall();
        await Task.WhenAll(
            Services.Select(s =>
                Eventually.GetAsync(() => HealthAsync(s), health => health is "Degraded" or "Unhealthy")
            )
        );
        Assert.Empty((await Task.WhenAll(Services.Select(s => UnansweredAsync(s, endpoints[s])))).SelectMany(u => u));
        await traffic.ReachedAsync(OutageEnd);
        system.Postgres.Resume();
        await running;

        await Task.WhenAll(
            Services.Select(s => Eventually.GetAsync(() => HealthAsync(s), health => health == "Healthy", Healing))
        );
        AssertAnswered(traffic);
        Assert.Equal(
            (PerService, PerService, PerService),
            (traffic.Completions.Count, traffic.Inferences, traffic.Events.Count)
        );
        await AssertStoredOnceAsync(traffic, "hang");
        await AssertMemoryIsFlatAsync(memory);
    }

    /// <summary>What was not answered in time, or neither by a service that can go on nor with a clear 503.</summary>
    private async Task<IEnumerable<string>> UnansweredAsync(string service, IReadOnlyList<ServiceEndpoint> endpoints)
    {
        using var client = new HttpClient
        {
            BaseAddress = System.App.GetEndpoint(service, "http"),
            Timeout = _patience,
        };
        var responses = await Task.WhenAll(
            endpoints.Select(async endpoint => (endpoint, Answer: await ResponseAsync(client, endpoint)))
        );
        return responses.Where(a => a.Answer is not null).Select(a => $"{service}: {a.endpoint}: {a.Answer}");
    }

    private static async Task<string?> ResponseAsync(HttpClient client, ServiceEndpoint endpoint)
    {
        using var request = endpoint.ToRequest();
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead); // some answers go on for ever
            var isClear =
                response.StatusCode < HttpStatusCode.InternalServerError
                || (
                    response.StatusCode == HttpStatusCode.ServiceUnavailable && response.Headers.RetryAfter is not null
                );
            return isClear ? null : $"{(int)response.StatusCode}";
        }
        catch (OperationCanceledException)
        {
            return $"nothing in {_patience.TotalSeconds} s";
        }
    }
}
