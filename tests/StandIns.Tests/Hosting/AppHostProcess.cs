using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace StandIns.Tests.Hosting;

/// <summary>The AppHost of this repository as a process of its own, with a temporary folder of its own and nothing kept.</summary>
internal sealed class AppHostProcess : IDisposable
{
    private static readonly string[] _programs =
    [
        "bin/postgres", "redis-server", "beam.smp", "epmd", " supervise ",
        "CogniForge.Llm.dll", "CogniForge.Serving.dll", "CogniForge.Analytics.dll", "CogniForge.Web.dll",
    ];

    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("clean-up-test-");
    private readonly MarkedProcesses _processes = new("HOSTING_TEST_RUN", Guid.CreateVersion7().ToString());
    private readonly ConcurrentQueue<string> _output = [];
    private readonly HashSet<int> _seen = [];
    private readonly Process _process;

    private AppHostProcess()
    {
        // As root, Postgres runs as another user, who has to pass through.
        if (!OperatingSystem.IsWindows())
            _temporary.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        string[] arguments =
        [
            typeof(Projects.CogniForge_AppHost).Assembly.Location,
            "DataVolumes=false", "DcpPublisher:RandomizePorts=true", $"JournalDirectory={_temporary.FullName}/journals",
        ];
        // A shell's background processes ignore SIGINT, and so would the AppHost if these tests ran as one. A crash needs no core dump here.
        var start = new ProcessStartInfo("bash", ["-c", "ulimit -c 0; exec env --default-signal=INT dotnet \"$@\"", "bash", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                [_processes.Variable] = _processes.Value,
                ["TMPDIR"] = _temporary.FullName,
                ["DOTNET_ENVIRONMENT"] = "Development",
                ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true",
                // What it reports is not for the dashboard of a run beside it, which has the key that is kept.
                ["AppHost__OtlpApiKey"] = _processes.Value,
            },
        };
        start.Environment.Remove("ASPNETCORE_URLS");
        start.Environment.Remove("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL");
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, e) => _output.Enqueue(e.Data ?? "");
        _process.ErrorDataReceived += (_, e) => _output.Enqueue(e.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The temporary folders of its runs.</summary>
    public IEnumerable<string> RunFolders => Directory.EnumerateDirectories(_temporary.FullName, "aspire-*");

    public static AppHostProcess Start() => new();

    /// <summary>Waits until everything runs.</summary>
    public async Task UpAsync()
    {
        var watch = Stopwatch.StartNew();
        while (Missing() is { Length: > 0 } missing)
        {
            Assert.True(watch.Elapsed < TimeSpan.FromMinutes(2), $"Not there: {string.Join(", ", missing)}\n{string.Join('\n', _output)}");
            await Task.Delay(100);
        }

        _seen.UnionWith(_processes.FindWithChildren());
    }

    /// <summary>The command lines of what still runs.</summary>
    public IReadOnlyList<string> Left() => [.. _processes.FindWithChildren().Union(_seen.Where(MarkedProcesses.IsAlive)).Select(MarkedProcesses.CommandLine)];

    /// <summary>Sends a signal; ABRT, as which a crash ends, twice: the run-time catches the first that comes from outside.</summary>
    public void Signal(string name)
    {
        Send(name);
        while (name == "ABRT" && !_process.WaitForExit(TimeSpan.FromMilliseconds(100)))
            Send(name);
    }

    private void Send(string name)
    {
        using var kill = Process.Start("kill", ["-s", name, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
        // After a failed test there may still be some that write here.
        if (Left().Count == 0)
            _temporary.Delete(recursive: true);
    }

    private string[] Missing()
    {
        var hasDashboard = !_output.Any(l => l.Contains("dashboard is not installed", StringComparison.Ordinal));
        return [.. _programs.Concat(hasDashboard ? ["dashboard run"] : []).Where(p => _processes.FindWithChildren(p).Count == 0)];
    }
}
