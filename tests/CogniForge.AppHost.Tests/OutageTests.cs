using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Dapper;
using Npgsql;

namespace CogniForge.AppHost.Tests;

/// <summary>Every plug is pulled under steady traffic, and put in again: nothing acknowledged is lost or counted twice, nothing hangs, everything heals.</summary>
[Collection(OutageCollection.Name)]
public sealed class OutageTests(OutageSystem system)
{
    private static readonly TimeSpan _traffic = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _outageStart = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _outageEnd = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan _healing = TimeSpan.FromMinutes(1);
    private const int PerService = 2_000;
    private static readonly string[] _services = ["llm", "serving", "analytics", "web"];

    [Theory]
    [InlineData("messaging")]
    [InlineData("postgres")]
    [InlineData("cache")]
    public async Task Server_StoppedForTenSeconds_LosesNothing(string server)
    {
        using var traffic = await StartAsync($"outage-{server}");
        var memory = await MemoryAsync();
        var running = traffic.RunAsync(_traffic);

        await traffic.ReachedAsync(_outageStart);
        await CommandAsync(server, "stop");
        await Task.WhenAll(_services.Select(s => Eventually.GetAsync(() => HealthAsync(s), health => health is "Degraded" or "Unhealthy")));
        await traffic.ReachedAsync(_outageEnd);
        await CommandAsync(server, "start");
        await running;

        await Task.WhenAll(_services.Select(s => Eventually.GetAsync(() => HealthAsync(s), health => health == "Healthy", _healing)));
        Assert.Empty(traffic.Faults);

        // The gateway and the models answer on, whatever is away; only taking events in needs the broker.
        Assert.Equal((PerService, PerService), (traffic.Completions.Count, traffic.Inferences));
        Assert.Equal(PerService, traffic.Events.Count + traffic.Unavailable);
        Assert.Equal(server == "messaging", traffic.Unavailable > 0);
        await AssertStoredOnceAsync(traffic, $"outage-{server}");
        await AssertMemoryIsFlatAsync(memory);
    }

    [Fact]
    public async Task Analytics_KilledAndStarted_LosesNothing()
    {
        using var traffic = await StartAsync("outage-kill");
        var running = traffic.RunAsync(_traffic);

        await traffic.ReachedAsync(_outageStart);
        await KillAsync("analytics");
        await Eventually.GetAsync(() => HealthAsync("analytics"), health => health == "away");
        await traffic.ReachedAsync(_outageEnd);
        await system.App.ResourceNotifications.WaitForResourceAsync("analytics", KnownResourceStates.TerminalStates.OfType<string>());
        await CommandAsync("analytics", "start");
        await running;

        await Eventually.GetAsync(() => HealthAsync("analytics"), health => health == "Healthy", _healing);
        Assert.DoesNotContain(traffic.Faults, f => f.Service != "analytics" || f.Fault.StartsWith("no answer within", StringComparison.Ordinal));
        await AssertStoredOnceAsync(traffic, "outage-kill");
    }

    private async Task<Traffic> StartAsync(string model)
    {
        using var serving = system.Client("serving");
        using var registered = await serving.PostAsync("/api/v1/serving/models", Samples.Model(model));
        registered.EnsureSuccessStatusCode();
        return new Traffic(system, model);
    }

    private async Task CommandAsync(string resource, string command)
    {
        var result = await system.App.ResourceCommands.ExecuteCommandAsync(resource, command);
        Assert.True(result.Success, $"{command} {resource}: {result.Message}");
    }

    private async Task KillAsync(string service)
    {
        using var client = system.Client(service);
        var processId = (int)(await Samples.GetAsync(client, "/health/details"))["processId"]!;
        using var process = Process.GetProcessById(processId);
        process.Kill();
    }

    private async Task<string> HealthAsync(string service)
    {
        using var client = new HttpClient { BaseAddress = system.App.GetEndpoint(service, "http") };
        try
        {
            return await client.GetStringAsync("/health");
        }
        catch (HttpRequestException e)
        {
            return e.StatusCode is null ? "away" : "Unhealthy";
        }
    }

    private async Task<Dictionary<string, long>> MemoryAsync()
    {
        var memory = new Dictionary<string, long>();
        foreach (var service in _services)
        {
            using var client = system.Client(service);
            memory[service] = (long)(await Samples.GetAsync(client, "/health/details"))["workingSetBytes"]!;
        }

        return memory;
    }

    /// <summary>What the services hold after the outage is what they held before it, give or take what a run-time keeps at hand.</summary>
    private async Task AssertMemoryIsFlatAsync(Dictionary<string, long> before)
    {
        const long Allowance = 150L << 20;
        foreach (var (service, after) in await MemoryAsync())
        {
            Assert.True(after < before[service] + Allowance, $"{service} grew from {before[service] >> 20} to {after >> 20} MiB.");
        }
    }

    private async Task AssertStoredOnceAsync(Traffic traffic, string model)
    {
        await using var llm = await OpenAsync("llmdb");
        await using var serving = await OpenAsync("servingdb");
        await using var analytics = await OpenAsync("analyticsdb");

        // The owner's record and analytics' own are sets of ids: "once" is that they are equal and hold every acknowledged one.
        await Eventually.GetAsync(() => MissingAsync(llm, "completion"), missing => missing == 0, _healing);
        await Eventually.GetAsync(() => MissingAsync(analytics, "completion"), missing => missing == 0, _healing);
        Assert.Equal(await IdsAsync(llm, "SELECT id FROM completion"), await IdsAsync(analytics, "SELECT id FROM completion"));

        var inferences = await Eventually.GetAsync(
            () => IdsAsync(serving, "SELECT id FROM inference WHERE model = @model", model), ids => ids.Count >= traffic.Inferences, _healing);
        Assert.InRange(inferences.Count, traffic.Inferences, traffic.InferencesSent);
        await Eventually.TrueAsync(async () => inferences.SetEquals(await IdsAsync(analytics, "SELECT id FROM inference WHERE model = @model", model)), _healing);

        var acknowledged = traffic.Events.ToArray();
        Assert.Equal(acknowledged.Length, acknowledged.Distinct().Count());
        await Eventually.GetAsync(
            () => analytics.ExecuteScalarAsync<long>("SELECT count(*) FROM user_event WHERE message_id = ANY(@acknowledged)", new { acknowledged }), n => n == acknowledged.Length, _healing);

        async Task<int> MissingAsync(NpgsqlConnection database, string table)
        {
            var ids = traffic.Completions.ToArray();
            return ids.Length - (int)await database.ExecuteScalarAsync<long>($"SELECT count(*) FROM {table} WHERE id = ANY(@ids)", new { ids });
        }
    }

    private static async Task<HashSet<Guid>> IdsAsync(NpgsqlConnection database, string sql, string? model = null) => [.. await database.QueryAsync<Guid>(sql, new { model })];

    private async Task<NpgsqlConnection> OpenAsync(string database)
    {
        var connection = new NpgsqlConnection(await system.App.GetConnectionStringAsync(database));
        await connection.OpenAsync();
        return connection;
    }
}

/// <summary>A system whose plugs are pulled.</summary>
public sealed class OutageSystem() : RunningSystem("Development");

/// <summary>The tests that share it.</summary>
[CollectionDefinition(Name)]
public sealed class OutageCollection : ICollectionFixture<OutageSystem>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "outages";
}
