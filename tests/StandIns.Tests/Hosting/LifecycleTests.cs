using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace StandIns.Tests.Hosting;

[Collection(nameof(HostedApp))]
public sealed class LifecycleTests(HostedApp hosted)
{
    [Fact]
    public async Task Executable_EndingByItself_IsFinishedWithItsExitCode()
    {
        var fails = await hosted.StateAsync("fails", "Finished");

        Assert.Equal(3, fails.Snapshot.ExitCode);
        Assert.NotNull(fails.Snapshot.StopTimeStamp);
        Assert.Null(fails.Snapshot.HealthStatus);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("after-missing")]
    [InlineData("after-failure")]
    public async Task WaitForResourceHealthy_ThatCannotStart_FailsAtOnce(string name)
    {
        var watch = Stopwatch.StartNew();
        await Assert.ThrowsAsync<DistributedApplicationException>(() => hosted.Notifications.WaitForResourceHealthyAsync(name, HostedApp.Soon));

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10));
        Assert.Equal("FailedToStart", (await hosted.StateAsync(name, "FailedToStart")).Snapshot.State!.Text);
        Assert.DoesNotContain("ran", await hosted.OutputAsync(name));
    }

    [Theory]
    [InlineData("after-success")]
    [InlineData("after-database")]
    public async Task Wait_ForWhatComes_StartsThen(string name)
    {
        await hosted.StateAsync(name, "Finished");

        Assert.Contains("ran", await hosted.OutputAsync(name));
    }

    [Fact]
    public async Task Commands_OfAnExplicitlyStartedResource_FollowItsState()
    {
        await hosted.StateAsync("explicit", "NotStarted");
        Assert.Equal(("Enabled", "Hidden", "Disabled"), States());

        Assert.True((await hosted.CommandAsync("explicit", "start")).Success);
        var first = await hosted.StateAsync("explicit", "Running");
        Assert.Equal(("Hidden", "Enabled", "Enabled"), States());

        Assert.True((await hosted.CommandAsync("explicit", "restart")).Success);
        var second = await hosted.StateAsync("explicit", "Running");
        Assert.True(second.Snapshot.StartTimeStamp > first.Snapshot.StartTimeStamp);

        Assert.True((await hosted.CommandAsync("explicit", "stop")).Success);
        await hosted.StateAsync("explicit", "Finished");
        Assert.Equal(("Enabled", "Hidden", "Disabled"), States());
        Assert.True((await hosted.CommandAsync("explicit", "stop")).Success);

        (string Start, string Stop, string Restart) States()
        {
            Assert.True(hosted.Notifications.TryGetCurrentState("explicit", out var current));
            var commands = current.Snapshot.Commands.ToDictionary(c => c.Name, c => c.State.ToString());
            return (commands["start"], commands["stop"], commands["restart"]);
        }
    }

    [Fact]
    public async Task Stop_OfAProcessThatIgnoresIt_KillsIt()
    {
        await OutputContains("stubborn", "armed");

        Assert.True((await hosted.CommandAsync("stubborn", "stop")).Success);
        var killed = await hosted.StateAsync("stubborn", "Finished");
        Assert.Equal(-1, killed.Snapshot.ExitCode);
    }

    [Fact]
    public async Task Stop_OfAProcessWithChildren_EndsThemToo()
    {
        var line = await OutputContains("parent", "child ");
        var child = int.Parse(line["child ".Length..], CultureInfo.InvariantCulture);

        await hosted.CommandAsync("parent", "stop");
        await hosted.StateAsync("parent", "Finished");
        await Until.TrueAsync(() => !IsAlive(child));
    }

    [Fact]
    public async Task Command_OfOurOwn_RunsAndIsDescribed()
    {
        var result = await hosted.CommandAsync("with-command", "greet");
        Assert.True(result.Success);
        Assert.Equal("hello", result.Message);
        Assert.True(hosted.Notifications.TryGetCurrentState("with-command", out var current));
        var command = current.Snapshot.Commands.Single(c => c.Name == "greet");
        Assert.Equal(("Greet", "Says hello", "Hand"), (command.DisplayName, command.DisplayDescription, command.IconName));
    }

    [Fact]
    public async Task Command_ThatDoesNotExist_FailsWithoutThrowing() => Assert.False((await hosted.CommandAsync("with-command", "no-such")).Success);

    [Fact]
    public async Task Logs_OfARunningResource_BeginWithTheirHistoryAndGoOn()
    {
        await OutputContains("clock", "tick 3");
        var loggers = hosted.App.Services.GetRequiredService<ResourceLoggerService>();
        var lines = new List<LogLine>();
        await foreach (var batch in loggers.WatchAsync(hosted.Resource("clock")).WithCancellation(HostedApp.Soon))
        {
            lines.AddRange(batch);
            if (lines.Any(l => l.Content.EndsWith("tick 8", StringComparison.Ordinal)))
                break;
        }

        Assert.Equal(1, lines[0].LineNumber);
        Assert.Contains(lines, l => l.Content.EndsWith("tick 0", StringComparison.Ordinal));
        var ticked = lines.First(l => l.Content.EndsWith("tick 0", StringComparison.Ordinal));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z tick 0$", ticked.Content);
    }

    private static bool IsAlive(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private async Task<string> OutputContains(string name, string text)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            if ((await hosted.OutputAsync(name)).FirstOrDefault(l => l.StartsWith(text, StringComparison.Ordinal)) is { } line)
                return line;
            await Task.Delay(50, timeout.Token);
        }
    }
}
