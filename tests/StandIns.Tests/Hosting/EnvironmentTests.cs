using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace StandIns.Tests.Hosting;

[Collection(nameof(HostedApp))]
public sealed class EnvironmentTests(HostedApp hosted)
{
    [Fact]
    public async Task Executable_WithReferences_HasExactlyTheirVariables()
    {
        await hosted.StateAsync("env", "Finished");
        var variables = await Variables();
        var connectionString = await hosted.App.GetConnectionStringAsync("stock");
        var endpoint = hosted.App.GetEndpoint("pg", "tcp");

        Assert.Equal(connectionString, variables["ConnectionStrings__stock"]);
        Assert.Equal("localhost", variables["STOCK_HOST"]);
        Assert.Equal($"{endpoint.Port}", variables["STOCK_PORT"]);
        Assert.Equal("postgres", variables["STOCK_USERNAME"]);
        Assert.Equal("Stock Room", variables["STOCK_DATABASENAME"]);
        Assert.EndsWith($"@localhost:{endpoint.Port}/Stock%20Room", variables["STOCK_URI"], StringComparison.Ordinal);
        Assert.Equal($"jdbc:postgresql://localhost:{endpoint.Port}/Stock%20Room", variables["STOCK_JDBCCONNECTIONSTRING"]);
        Assert.Equal("hello, you", variables["GREETING"]);
        Assert.DoesNotContain(variables.Keys, k => k.StartsWith("OTEL_", StringComparison.Ordinal) || k is "ASPNETCORE_URLS" or "DOTNET_LAUNCH_PROFILE" or "ASPNETCORE_ENVIRONMENT" or "DOTNET_ENVIRONMENT");

        async Task<Dictionary<string, string>> Variables() => (await hosted.OutputAsync("env")).Where(l => l.Contains('=', StringComparison.Ordinal))
            .Select(l => l.Split('=', 2)).GroupBy(p => p[0]).ToDictionary(g => g.Key, g => g.First()[1]);
    }

    [Fact]
    public async Task Project_FromItsLaunchProfile_HasItsVariablesAndRandomPorts()
    {
        var running = await hosted.Notifications.WaitForResourceHealthyAsync("service", HostedApp.Soon);
        var variables = running.Snapshot.EnvironmentVariables.ToDictionary(v => v.Name, v => v.Value);

        Assert.Equal("Development", variables["ASPNETCORE_ENVIRONMENT"]);
        Assert.Equal("http", variables["DOTNET_LAUNCH_PROFILE"]);
        Assert.Matches(@"^http://localhost:\d+$", variables["ASPNETCORE_URLS"]);
        Assert.NotEqual(5201, hosted.App.GetEndpoint("service", "http").Port);
        Assert.Equal("service", variables["OTEL_SERVICE_NAME"]);
        Assert.Equal($"service.instance.id={running.ResourceId[(running.ResourceId.LastIndexOf('-') + 1)..]}", variables["OTEL_RESOURCE_ATTRIBUTES"]);
        Assert.Equal("http://localhost:4317", variables["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        Assert.Equal("grpc", variables["OTEL_EXPORTER_OTLP_PROTOCOL"]);
        Assert.Equal("in_memory", variables["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"]);
        Assert.Equal("always_on", variables["OTEL_TRACES_SAMPLER"]);
    }

    [Fact]
    public async Task Project_Running_AnswersAtItsEndpointAndShowsItsUrl()
    {
        var running = await hosted.Notifications.WaitForResourceHealthyAsync("service", HostedApp.Soon);

        using var client = hosted.App.CreateHttpClient("service");
        Assert.True((await client.GetAsync("/health")).IsSuccessStatusCode);
        var url = Assert.Single(running.Snapshot.Urls);
        Assert.Equal(hosted.App.GetEndpoint("service", "http"), new Uri(url.Url));
        Assert.Equal("Service", url.DisplayProperties.DisplayName);
        Assert.False(url.IsInactive);
    }

    [Fact]
    public async Task Parameter_WithAndWithoutValue_ShowsInItsState()
    {
        var greeting = await hosted.StateAsync("greeting", "Running");
        var absent = await hosted.StateAsync("absent", "ValueMissing");

        Assert.Equal("hello", greeting.Snapshot.Properties.Single(p => p.Name == "Value").Value);
        Assert.Equal("Parameters:greeting", greeting.Snapshot.Properties.Single(p => p.Name == CustomResourceKnownProperties.Source).Value);
        Assert.Equal("warning", absent.Snapshot.State!.Style);
    }

    [Fact]
    public async Task Relationships_OfAReferringResource_NameItsTargets()
    {
        var after = await hosted.Notifications.WaitForResourceAsync("after-database", e => e.Snapshot.Relationships.Length > 0, HostedApp.Soon);
        var env = await hosted.StateAsync("env", "Finished");

        Assert.Contains(after.Snapshot.Relationships, r => r is { ResourceName: "stock", Type: "WaitFor" });
        Assert.Contains(env.Snapshot.Relationships, r => r is { ResourceName: "stock", Type: "Reference" });
    }
}
