using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CogniForge.AppHost.Tests.CleanUp;

/// <summary>
/// The AppHost in its own process, with the dashboard, free ports, a temporary folder and no stored data.
/// </summary>
internal sealed class AppHostProcess : IDisposable
{
    /// <summary>The programs of a running system.</summary>
    private static readonly string[] _programs =
    [
        "bin/postgres",
        "redis-server",
        "beam.smp",
        "epmd",
        "/dcp",
        "Aspire.Dashboard",
        "/CogniForge.Llm",
        "/CogniForge.Serving",
        "/CogniForge.Analytics",
        "/CogniForge.Web",
    ];

    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("clean-up-test-");
    private readonly MarkedProcesses _processes = new("CLEAN_UP_TEST", Guid.CreateVersion7().ToString());
    private readonly ConcurrentQueue<string> _output = [];
    private readonly HashSet<int> _seen = [];
    private readonly Process _process;

    private AppHostProcess(string[] settings)
    {
        // As root, Postgres runs as another user, which needs access to the folder.
        if (!OperatingSystem.IsWindows())
        {
            _temporary.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        }
        string[] arguments =
        [
            GetAssembly(),
            "DataVolumes=false",
            "DcpPublisher:RandomizePorts=true",
            $"JournalDirectory={_temporary.FullName}/journals",
            .. settings,
        ];

        // Background processes of a shell ignore SIGINT, and the AppHost would inherit this from the tests.
        var start = new ProcessStartInfo(
            "bash",
            ["-c", "ulimit -c 0; exec env --default-signal=INT dotnet \"$@\"", "bash", .. arguments]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                [_processes.Variable] = _processes.Value,
                ["TMPDIR"] = _temporary.FullName,
                ["DOTNET_ENVIRONMENT"] = "Development",
                ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true",
                ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{GetFreePort()}",
                ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = $"http://127.0.0.1:{GetFreePort()}",
            },
        };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, e) => _output.Enqueue(e.Data ?? "");
        _process.ErrorDataReceived += (_, e) => _output.Enqueue(e.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The output so far.</summary>
    public string Output => string.Join('\n', _output);

    public static AppHostProcess Start(params string[] settings) => new(settings);

    /// <summary>Waits until all programs are running.</summary>
    public async Task WaitUntilUpAsync()
    {
        await Until.EqualAsync(
            null,
            () =>
            {
                Assert.False(_process.HasExited, Output);
                var missing = string.Join(", ", FindMissing());
                return Task.FromResult(missing.Length == 0 ? null : $"Missing: {missing}\n{Output}");
            },
            TimeSpan.FromMinutes(10)
        );
        _seen.UnionWith(_processes.Find());
    }

    /// <summary>Waits until the AppHost ends, and returns its exit code.</summary>
    public async Task<int> WaitForExitAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(10));
        await _process.WaitForExitAsync(timeout.Token);
        return _process.ExitCode;
    }

    /// <summary>The command lines of the processes that are still running.</summary>
    public IReadOnlyList<string> FindRemaining() =>
        [.. _processes.Find().Union(_seen.Where(MarkedProcesses.IsAlive)).Select(MarkedProcesses.GetCommandLine)];

    /// <summary>
    /// Sends a signal; repeats ABRT, the signal of a crash, because the runtime catches the first one.
    /// </summary>
    public void Signal(string name)
    {
        Send(name);
        while (name == "ABRT" && !_process.WaitForExit(TimeSpan.FromMilliseconds(100)))
        {
            Send(name);
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();

        // After a failed test, remaining processes may still write here.
        if (FindRemaining().Count == 0)
        {
            _temporary.Delete(recursive: true);
        }
    }

    private List<string> FindMissing()
    {
        var running = _processes.Find().Select(MarkedProcesses.GetCommandLine).ToList();
        return
        [
            .. _programs.Where(program => !running.Exists(line => line.Contains(program, StringComparison.Ordinal))),
        ];
    }

    /// <summary>
    /// The assembly in the AppHost's own output folder; beside the tests it would load their dependencies.
    /// </summary>
    private static string GetAssembly()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(
            folder.Parent!.Parent!.FullName,
            "CogniForge.AppHost",
            folder.Name,
            "CogniForge.AppHost.dll"
        );
    }

    private void Send(string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static int GetFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
