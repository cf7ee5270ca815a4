using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace StandIns.Tests.Hosting;

/// <summary>Which program a command means.</summary>
public sealed class ProgramTests : IDisposable
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const string Name = "program-of-this-test";
    private readonly string? _path = Environment.GetEnvironmentVariable("PATH");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("programs-");

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PATH", _path);
        _folder.Delete(recursive: true);
    }

    [StandInFact("the real orchestrator takes a script without its interpreter for a program.")]
    public async Task Command_OnPath_IsTheFirstThatCanRun()
    {
        var text = Write("text", "#!/bin/sh\nexit 1\n", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var broken = Write("broken", "#!/no/such/interpreter\n", Executable);
        var good = Write("good", "#!/bin/sh\nexit 7\n", Executable);
        Environment.SetEnvironmentVariable("PATH", string.Join(Path.PathSeparator, text, broken, good, _path));
        var builder = await HostedApp.CreateBuilderAsync();
        builder.AddExecutable("program", Name, ".");
        await using var app = await builder.BuildAsync();
        await app.StartAsync(HostedApp.Soon);

        var ended = await app.ResourceNotifications.WaitForResourceAsync("program", e => KnownResourceStates.TerminalStates.Contains(e.Snapshot.State?.Text), HostedApp.Soon);
        Assert.Equal(7, ended.Snapshot.ExitCode);
    }

    private string Write(string folder, string content, UnixFileMode mode)
    {
        var path = Path.Combine(_folder.CreateSubdirectory(folder).FullName, Name);
        File.WriteAllText(path, content);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, mode);
        return Path.GetDirectoryName(path)!;
    }
}
