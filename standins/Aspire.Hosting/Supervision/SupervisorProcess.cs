using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.Supervision;

/// <summary>The AppHost's end of the supervisor.</summary>
internal sealed class SupervisorProcess : IDisposable
{
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(5);
    private readonly Lock _lock = new();
    private readonly RunFolder _runFolder;
    private Process? _process;

    public SupervisorProcess(RunFolder runFolder) => _runFolder = runFolder;

    public void Start()
    {
        var settings = Path.Combine(_runFolder.Path, "supervisor.runtimeconfig.json");
        File.WriteAllText(settings, $$"""
            {
              "runtimeOptions": {
                "framework": { "name": "Microsoft.NETCore.App", "version": "{{Environment.Version}}" },
                "configProperties": {
                  "System.GC.Concurrent": false,
                  "System.GC.HeapHardLimit": 33554432,
                  "System.Globalization.Invariant": true,
                  "System.Runtime.TieredPGO": false
                }
              }
            }
            """);
        string[] words = [.. Executables.InOwnSession, Executables.Dotnet, "exec", "--runtimeconfig", settings, typeof(Supervisor).Assembly.Location, Supervisor.Verb, _runFolder.Path];
        _process = Process.Start(new ProcessStartInfo(words[0], words[1..])
        {
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
        // It says nothing; but a full pipe must never stop it.
        _process!.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public void Watch(int processId, int stopSignal)
    {
        lock (_lock)
        {
            _process?.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{processId} {stopSignal}"));
            _process?.StandardInput.Flush();
        }
    }

    /// <summary>Has the supervisor end what is left of the run. If it never started, or was killed itself, the run's folder is still to be removed.</summary>
    public void Dispose()
    {
        if (_process is not null)
        {
            lock (_lock)
                _process.StandardInput.Close();
            if (!_process.WaitForExit(EndTimeout))
                return;
        }

        RunFolder.Delete(_runFolder.Path);
    }
}
