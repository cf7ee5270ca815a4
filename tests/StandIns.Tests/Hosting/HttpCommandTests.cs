using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace StandIns.Tests.Hosting;

/// <summary>Commands of a resource that are HTTP requests to it.</summary>
public sealed class HttpCommandTests : IAsyncLifetime
{
    private WebApplication _backend = null!;
    private DistributedApplication _app = null!;

    public async Task InitializeAsync()
    {
        var web = WebApplication.CreateSlimBuilder();
        web.Logging.ClearProviders();
        web.WebHost.UseUrls("http://127.0.0.1:0");
        _backend = web.Build();
        _backend.MapPost("/greet", (HttpRequest request) => $"Hello, {request.Headers["x-name"]}");
        _backend.MapPut("/greet", () => "Put");
        _backend.MapPost("/refuse", () => Results.StatusCode(409));
        await _backend.StartAsync();

        var builder = await HostedApp.CreateBuilderAsync();
        builder.AddExecutable("greeter", "bash", ".", "-c", "sleep 600")
            .WithHttpEndpoint(port: new Uri(_backend.Urls.Single()).Port, isProxied: false)
            .WithHttpCommand("/greet", "Greet", commandName: "greet", commandOptions: new()
            {
                PrepareRequest = context =>
                {
                    context.Request.Headers.Add("x-name", context.ResourceName.Split('-')[0]);
                    return Task.CompletedTask;
                },
                GetCommandResult = async context => CommandResults.Success(await context.Response.Content.ReadAsStringAsync(context.CancellationToken)),
            })
            .WithHttpCommand("/greet", "Put", commandName: "put", commandOptions: new() { Method = HttpMethod.Put })
            .WithHttpCommand("/refuse", "Refuse");
        builder.AddExecutable("idle", "bash", ".", "-c", "sleep 600").WithExplicitStart().WithHttpEndpoint()
            .WithHttpCommand("/greet", "Greet", commandName: "greet", commandOptions: new() { Description = "Says hello", ConfirmationMessage = "Aloud?", IconName = "Hand" });
        _app = await builder.BuildAsync();
        await _app.StartAsync(HostedApp.Soon);
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await _backend.DisposeAsync();
    }

    [Fact]
    public async Task Execute_SendsThePreparedRequest_AndTellsWhatIsMadeOfTheAnswer()
    {
        var result = await ExecuteAsync("greet");

        Assert.True(result.Success, result.Message);
        Assert.Equal("Hello, greeter", result.Message);
    }

    [Fact]
    public async Task Execute_WithoutOptions_GoesByTheStatus()
    {
        Assert.True((await ExecuteAsync("put")).Success);

        // The name that a command has of itself.
        var refused = await ExecuteAsync("greeter-http-http-post-/refuse");
        Assert.False(refused.Success);
        Assert.Contains("Conflict", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_NobodyAnswers_FailsWithoutThrowing()
    {
        await _backend.StopAsync();

        Assert.False((await ExecuteAsync("greet")).Success);
    }

    [Fact]
    public async Task Snapshot_DescribesTheCommand_AndEnablesItWhileTheResourceRuns()
    {
        var idle = Command(await StateAsync("NotStarted"));
        Assert.Equal(("Greet", "Says hello", "Aloud?", "Hand"), (idle.DisplayName, idle.DisplayDescription, idle.ConfirmationMessage, idle.IconName));
        Assert.Equal(ResourceCommandState.Disabled, idle.State);

        Assert.True((await _app.ResourceCommands.ExecuteCommandAsync("idle", "start", HostedApp.Soon)).Success);

        Assert.Equal(ResourceCommandState.Enabled, Command(await StateAsync("Running")).State);
    }

    private static ResourceCommandSnapshot Command(ResourceEvent e) => e.Snapshot.Commands.Single(c => c.Name == "greet");

    private Task<ResourceEvent> StateAsync(string state) => _app.ResourceNotifications.WaitForResourceAsync("idle", e => e.Snapshot.State?.Text == state, HostedApp.Soon);

    private Task<ExecuteCommandResult> ExecuteAsync(string command) => _app.ResourceCommands.ExecuteCommandAsync("greeter", command, HostedApp.Soon);
}
