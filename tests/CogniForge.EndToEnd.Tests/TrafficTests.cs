using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Dapper;
using Npgsql;
using Xunit.Abstractions;

namespace CogniForge.EndToEnd.Tests;

/// <summary>The base of tests under steady traffic.</summary>
/// <param name="system">The system.</param>
/// <param name="output">Receives the measurements.</param>
[Trait("Category", "Servers")]
public abstract class TrafficTests(RunningSystem system, ITestOutputHelper output)
{
    /// <summary>The duration of the traffic.</summary>
    protected static readonly TimeSpan Length = TimeSpan.FromSeconds(30);

    /// <summary>When the outage begins.</summary>
    protected static readonly TimeSpan OutageStart = TimeSpan.FromSeconds(5);

    /// <summary>When the outage ends.</summary>
    protected static readonly TimeSpan OutageEnd = TimeSpan.FromSeconds(15);

    /// <summary>The maximum time for recovery.</summary>
    protected static readonly TimeSpan Healing = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan _healthTimeout = TimeSpan.FromSeconds(20);

    // Measured: see docs/operations/outages.md.
    private const long HeapAllowance = 16L << 20;
    private const long WorkingSetAllowance = 48L << 20;

    /// <summary>The number of requests to each service.</summary>
    protected const int PerService = 2_000;

    /// <summary>The services.</summary>
    protected static readonly string[] Services = ["llm", "serving", "analytics", "web"];

    /// <summary>The system.</summary>
    protected RunningSystem System { get; } = system;

    private protected async Task<Traffic> StartAsync(string model)
    {
        using var serving = System.Client("serving");
        using var registered = await serving.PostAsync("/api/v1/serving/models", Samples.Model(model));
        registered.EnsureSuccessStatusCode();
        using var llm = System.Client("llm");
        using var key = await llm.PostAsync(
            "/api/v1/llm/keys",
            Samples.Json($$"""{"name":"{{model}}","scopes":["llm:invoke"]}""")
        );
        key.EnsureSuccessStatusCode();
        return new Traffic(System, model, (string)(await Samples.ReadAsync(key))["key"]!);
    }

    protected async Task CommandAsync(string resource, string command)
    {
        var result = await System.App.ResourceCommands.ExecuteCommandAsync(resource, command);
        Assert.True(result.Success, $"{command} {resource}: {result.Message}");
    }

    protected async Task KillAsync(string service)
    {
        using var client = System.Client(service);
        var processId = (int)(await Samples.GetAsync(client, "/health/details"))["processId"]!;
        using var process = Process.GetProcessById(processId);
        process.Kill();
    }

    protected async Task<string> HealthAsync(string service)
    {
        using var client = new HttpClient
        {
            BaseAddress = System.App.GetEndpoint(service, "http"),
            Timeout = _healthTimeout,
        };
        try
        {
            return await client.GetStringAsync("/health");
        }
        catch (HttpRequestException e)
        {
            return e.StatusCode is null ? "unreachable" : "Unhealthy";
        }
        catch (OperationCanceledException)
        {
            // The orchestrator's proxy accepts connections to a service that is not running.
            return "unreachable";
        }
    }

    /// <summary>Reads the memory of all services.</summary>
    private protected async Task<Dictionary<string, Memory>> MemoryAsync()
    {
        var memory = new Dictionary<string, Memory>();
        foreach (var service in Services)
        {
            using var client = System.Client(service);
            var details = await Samples.GetAsync(client, "/health/details");
            memory[service] = new((long)details["managedHeapBytes"]!, (long)details["workingSetBytes"]!);
        }

        return memory;
    }

    /// <summary>Asserts that the services use no more memory at the end than after a thousand requests.</summary>
    private protected async Task AssertMemoryIsFlatAsync(Dictionary<string, Memory> before)
    {
        foreach (var (service, after) in await MemoryAsync())
        {
            output.WriteLine(
                $"{service}: heap {before[service].Heap >> 20} to {after.Heap >> 20} MiB, "
                    + $"working set {before[service].WorkingSet >> 20} to {after.WorkingSet >> 20} MiB"
            );
            Assert.True(
                after.Heap < before[service].Heap + HeapAllowance,
                $"{service}'s heap grew from {before[service].Heap >> 20} to {after.Heap >> 20} MiB."
            );
            Assert.True(
                after.WorkingSet < before[service].WorkingSet + WorkingSetAllowance,
                $"{service} grew from {before[service].WorkingSet >> 20} to {after.WorkingSet >> 20} MiB."
            );
        }
    }

    /// <summary>Asserts that every response was timely, and correct or a clear 503.</summary>
    /// <remarks>Only requests to a killed service may have no response.</remarks>
    private protected void AssertResponses(Traffic traffic, params string[] killed)
    {
        foreach (var (response, count) in traffic.Unavailable.CountBy(r => r))
        {
            output.WriteLine($"{count} × {response}");
        }

        Assert.Empty(traffic.Wrong);
        Assert.Empty(traffic.Hung);
        Assert.All(traffic.NoResponse, service => Assert.Contains(service, killed));
    }

    private protected async Task AssertStoredOnceAsync(Traffic traffic, string model)
    {
        await using var llm = await OpenAsync("llmdb");
        await using var serving = await OpenAsync("servingdb");
        await using var analytics = await OpenAsync("analyticsdb");

        // Both databases hold sets of ids: equal sets that contain every acknowledged id mean "exactly once". Analytics
        // keeps no failures.
        await Until.GetAsync(() => MissingAsync(llm, "completion"), missing => missing == 0, Healing);
        await Until.GetAsync(() => MissingAsync(analytics, "completion"), missing => missing == 0, Healing);
        Assert.Equal(
            await IdsAsync(llm, "SELECT id FROM completion WHERE status = 200"),
            await IdsAsync(analytics, "SELECT id FROM completion")
        );

        var inferences = await Until.GetAsync(
            () => IdsAsync(serving, "SELECT id FROM inference WHERE model = @model", model),
            ids => ids.Count >= traffic.Inferences,
            Healing
        );
        Assert.InRange(inferences.Count, traffic.Inferences, traffic.InferencesSent);
        await Until.TrueAsync(
            async () =>
                inferences.SetEquals(await IdsAsync(analytics, "SELECT id FROM inference WHERE model = @model", model)),
            "analytics has every inference",
            Healing
        );

        var acknowledged = traffic.Events.ToArray();
        Assert.Equal(acknowledged.Length, acknowledged.Distinct().Count());
        await Until.GetAsync(
            () =>
                analytics.ExecuteScalarAsync<long>(
                    "SELECT count(*) FROM user_event WHERE message_id = ANY(@acknowledged)",
                    new { acknowledged }
                ),
            n => n == acknowledged.Length,
            Healing
        );

        async Task<int> MissingAsync(NpgsqlConnection database, string table)
        {
            var ids = traffic.Completions.ToArray();
            return ids.Length
                - (int)
                    await database.ExecuteScalarAsync<long>(
                        $"SELECT count(*) FROM {table} WHERE id = ANY(@ids)",
                        new { ids }
                    );
        }
    }

    private protected static async Task<HashSet<Guid>> IdsAsync(
        NpgsqlConnection database,
        string sql,
        string? model = null
    ) => [.. await database.QueryAsync<Guid>(sql, new { model })];

    private protected async Task<NpgsqlConnection> OpenAsync(string database)
    {
        var connection = new NpgsqlConnection(await System.App.GetConnectionStringAsync(database));
        await connection.OpenAsync();
        return connection;
    }
}
