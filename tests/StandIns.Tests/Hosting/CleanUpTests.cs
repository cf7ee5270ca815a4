using System.Diagnostics;
using System.Globalization;

namespace StandIns.Tests.Hosting;

public sealed class CleanUpTests
{
    private static readonly string[] Servers = ["bin/postgres", "redis-server", "beam.smp", "epmd"];

    [Fact]
    public async Task AppHosts_SideBySide_LeaveNothingBehindHoweverTheyEnd()
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var killed = AppHost.Start();
        using var stopped = AppHost.Start();
        await killed.UpAsync();
        await stopped.UpAsync();

        killed.Signal("KILL");
        await killed.GoneAsync(TimeSpan.FromSeconds(10));
        Assert.All(Servers, server => Assert.NotEmpty(stopped.Processes.FindWithChildren(server)));

        stopped.Signal("TERM");
        await stopped.GoneAsync(TimeSpan.FromSeconds(30));
    }

    private sealed class AppHost : IDisposable
    {
        private readonly Process _process;
        private readonly HashSet<int> _seen = [];

        private AppHost(Process process, MarkedProcesses processes)
        {
            _process = process;
            Processes = processes;
        }

        public MarkedProcesses Processes { get; }

        public static AppHost Start()
        {
            var processes = new MarkedProcesses("HOSTING_TEST_RUN", Guid.CreateVersion7().ToString());
            string[] arguments = [typeof(Projects.CogniForge_AppHost).Assembly.Location, "DataVolumes=false", "DcpPublisher:RandomizePorts=true"];
            var start = new ProcessStartInfo("dotnet", arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment =
                {
                    [processes.Variable] = processes.Value,
                    ["DOTNET_ENVIRONMENT"] = "Development",
                    ["ASPNETCORE_URLS"] = "http://localhost:0",
                    ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true",
                },
            };
            start.Environment.Remove("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL");
            var process = Process.Start(start)!;
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            return new AppHost(process, processes);
        }

        public async Task UpAsync()
        {
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (Servers.Any(server => Processes.FindWithChildren(server).Count == 0))
                await Task.Delay(100, timeout.Token);
            _seen.UnionWith(Processes.FindWithChildren());
        }

        public async Task GoneAsync(TimeSpan within)
        {
            var watch = Stopwatch.StartNew();
            while (Processes.FindWithChildren().Union(_seen.Where(MarkedProcesses.IsAlive)).ToArray() is { Length: > 0 } left)
            {
                Assert.True(watch.Elapsed < within, $"Still there after {watch.Elapsed.TotalSeconds:0.0} s: {string.Join(", ", left.Select(Describe))}");
                await Task.Delay(100);
            }
        }

        public void Signal(string name)
        {
            using var kill = Process.Start("kill", ["-s", name, _process.Id.ToString(CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
        }

        public void Dispose()
        {
            if (!_process.HasExited)
                _process.Kill();
            _process.Dispose();
        }

        private static string Describe(int id)
        {
            try
            {
                return File.ReadAllText($"/proc/{id}/cmdline").Replace('\0', ' ');
            }
            catch (IOException)
            {
                return $"{id}";
            }
        }
    }
}
