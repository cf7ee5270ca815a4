using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace StandIns.Tests.Hosting;

public sealed class NamedResourcesTests
{
    [Fact]
    public async Task StartOnly_OneOfThree_StartsItAndWhatItWaitsFor()
    {
        await using var builder = await HostedApp.CreateBuilderAsync();
        var needed = builder.AddExecutable("needed", "bash", ".", "-c", "sleep 600");
        builder.AddExecutable("wanted", "bash", ".", "-c", "sleep 600").WaitFor(needed);
        builder.AddExecutable("other", "bash", ".", "-c", "sleep 600");
        builder.StartOnly("wanted");

        await using var app = await builder.BuildAsync();
        await app.StartAsync(HostedApp.Soon);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("wanted", HostedApp.Soon);

        Assert.Equal("Running", State("needed"));
        Assert.Equal("NotStarted", State("other"));
        await app.ResourceCommands.ExecuteCommandAsync("other", KnownResourceCommands.StartCommand, HostedApp.Soon);
        Assert.Equal("Running", State("other"));

        string? State(string name) => app.ResourceNotifications.TryGetCurrentState(name, out var current) ? current.Snapshot.State?.Text : null;
    }
}
