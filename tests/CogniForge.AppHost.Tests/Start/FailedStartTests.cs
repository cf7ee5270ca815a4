using System.Diagnostics;

namespace CogniForge.AppHost.Tests.Start;

/// <summary>What an operator sees of a service that cannot start: one line, and no stack trace.</summary>
[Trait("Category", "NoServers")]
public sealed class FailedStartTests
{
    private const string Admin = "CogniForge__AdminApiKey=cf_the-key-of-the-operator-of-this-test";
    private const string InMemory = "CogniForge__InMemory=true";
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(5);

    public static TheoryData<string, string[], string> Faults
    {
        get
        {
            var faults = new TheoryData<string, string[], string>();
            foreach (var service in new[] { "Llm", "Serving", "Analytics", "Web" })
            {
                faults.Add(
                    service,
                    [InMemory, "CogniForge__AdminApiKey=cf_short"],
                    "CogniForge:AdminApiKey must have at least 32 characters; it has 8."
                );
                faults.Add(service, [InMemory], "CogniForge:AdminApiKey is required outside Development");
                faults.Add(service, [Admin], "No connection string for ");
            }

            faults.Add(
                "Web",
                [InMemory, Admin, "CogniForge__SecondaryServiceKey=x"],
                "CogniForge:SecondaryServiceKey must have at least 32 characters; it has 1."
            );
            faults.Add("Llm", [InMemory, Admin, "CogniForge__JournalMaxBytes=-1"], "JournalMaxBytes");
            faults.Add("Serving", [InMemory, Admin, "CogniForge__JournalMaxBytes=many"], "CogniForge:JournalMaxBytes");
            faults.Add("Llm", [InMemory, Admin, "CogniForge__JurnalMaxBytes=1"], "CogniForge:JurnalMaxBytes is not a");
            faults.Add("Llm", [InMemory, Admin, "CogniForge__MaxRequestBodyBytes=-5"], "MaxRequestBodyBytes");
            faults.Add("Llm", [InMemory, Admin, "Limits__Lease=2"], "Limits:Lease must be 0 to 0.25.");
            faults.Add("Llm", [InMemory, Admin, "Limits__Lease=2", "Cache__Store=Tape"], "Cache:Store");
            faults.Add(
                "Llm",
                [InMemory, Admin, "CogniForge__JournalDirectory=/dev/null/journals"],
                "CogniForge:JournalDirectory must be a writable folder."
            );
            faults.Add("Analytics", [InMemory, Admin, "CogniForge__AdminPort=1"], "CogniForge:AdminPort is 1, but");
            faults.Add("Llm", [InMemory, Admin, "ASPNETCORE_URLS=http://192.0.2.1:1"], "assign requested address");
            faults.Add("Llm", [InMemory, Admin, "CogniForge__Cors__AllowedOrigins__0=x"], "'x' is not one");
            return faults;
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Start_Impossible_EndsWithOneLine(string service, string[] settings, string reason)
    {
        var (exitCode, lines) = await RunAsync($"CogniForge.{service}", settings);

        Assert.Equal(1, exitCode);
        var line = Assert.Single(lines);
        Assert.StartsWith($"CogniForge.{service} does not start: ", line, StringComparison.Ordinal);
        Assert.Contains(reason, line, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string[] Lines)> RunAsync(string project, string[] settings)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        var assembly = Path.Combine(folder.Parent!.Parent!.FullName, project, folder.Name, $"{project}.dll");
        var start = new ProcessStartInfo("dotnet", [assembly])
        {
            WorkingDirectory = Path.GetDirectoryName(assembly),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ASPNETCORE_ENVIRONMENT"] = "Production", ["ASPNETCORE_URLS"] = "http://127.0.0.1:0" },
        };
        foreach (var setting in settings.Select(s => s.Split('=', 2)))
        {
            start.Environment[setting[0]] = setting[1];
        }

        using var process = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(_limit);
        try
        {
            var output = await Task.WhenAll(
                process.StandardOutput.ReadToEndAsync(timeout.Token),
                process.StandardError.ReadToEndAsync(timeout.Token)
            );
            await process.WaitForExitAsync(timeout.Token);
            string[] lines = [.. output.SelectMany(o => o.Split('\n', StringSplitOptions.RemoveEmptyEntries))];
            return (process.ExitCode, [.. lines.Where(l => !IsExpected(l))]);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    // Lines of what went well before.
    private static bool IsExpected(string line) =>
        line.StartsWith("warn: CogniForge.", StringComparison.Ordinal)
        || line.Contains(" in memory until the process ends", StringComparison.Ordinal)
        || line.StartsWith("info: Microsoft.Hosting.Lifetime", StringComparison.Ordinal)
        || line.Contains("Now listening on: ", StringComparison.Ordinal)
        || line.Contains("Application is shutting down", StringComparison.Ordinal);
}
