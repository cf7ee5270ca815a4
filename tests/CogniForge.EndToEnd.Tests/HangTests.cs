using System.Net;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Xunit.Abstractions;

namespace CogniForge.EndToEnd.Tests;

/// <summary>A Postgres that accepts queries but does not respond counts as unavailable.</summary>
/// <remarks>Services that can work without it continue; the others respond that the client should try again.</remarks>
[Collection(TrafficCollection.Name)]
public sealed class HangTests(HangingSystem system, ITestOutputHelper output)
    : TrafficTests(system, output),
        IClassFixture<HangingSystem>
{
    // Shorter than Npgsql's timeouts.
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Postgres_HangsTenSeconds_LosesNothingAndNeverBlocks()
    {
        using var traffic = await StartAsync("hang");
        var endpoints = new Dictionary<string, IReadOnlyList<ServiceEndpoint>>();
        foreach (var service in Services)
        {
            using var client = System.Client(service);
            endpoints[service] =
            [
                .. (await ServiceEndpoints.ListAsync(service, client)).Where(e => e.Path != "/health/details"),
            ]; // its 503 reports health and is no error
        }

        var running = traffic.RunAsync(Length);
        await traffic.ReachedAsync(OutageStart);
        var memory = await MemoryAsync();
        system.Postgres.Stall();
        await Task.WhenAll(
            Services.Select(s =>
                Until.GetAsync(() => HealthAsync(s), health => health is "Degraded" or "Unhealthy")
            )
        );
        Assert.Empty((await Task.WhenAll(Services.Select(s => FindProblemsAsync(s, endpoints[s])))).SelectMany(u => u));
        await traffic.ReachedAsync(OutageEnd);
        system.Postgres.Resume();
        await running;

        await Task.WhenAll(
            Services.Select(s => Until.GetAsync(() => HealthAsync(s), health => health == "Healthy", Healing))
        );
        AssertResponses(traffic);
        Assert.Equal(
            (PerService, PerService, PerService),
            (traffic.Completions.Count, traffic.Inferences, traffic.Events.Count)
        );
        await AssertStoredOnceAsync(traffic, "hang");
        await AssertMemoryIsFlatAsync(memory);
    }

    /// <summary>The endpoints without a timely response, or with an error other than a clear 503.</summary>
    private async Task<IEnumerable<string>> FindProblemsAsync(string service, IReadOnlyList<ServiceEndpoint> endpoints)
    {
        using var client = new HttpClient
        {
            BaseAddress = System.App.GetEndpoint(service, "http"),
            Timeout = _timeout,
        };
        var responses = await Task.WhenAll(
            endpoints.Select(async endpoint => (endpoint, Problem: await GetProblemAsync(client, endpoint)))
        );
        return responses.Where(r => r.Problem is not null).Select(r => $"{service}: {r.endpoint}: {r.Problem}");
    }

    private static async Task<string?> GetProblemAsync(HttpClient client, ServiceEndpoint endpoint)
    {
        using var request = endpoint.ToRequest();
        try
        {
            // Headers suffice, because some responses are endless streams.
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            var isClear =
                response.StatusCode < HttpStatusCode.InternalServerError
                || (
                    response.StatusCode == HttpStatusCode.ServiceUnavailable && response.Headers.RetryAfter is not null
                );
            return isClear ? null : $"{(int)response.StatusCode}";
        }
        catch (OperationCanceledException)
        {
            return $"nothing in {_timeout.TotalSeconds} s";
        }
    }
}
