using System.Diagnostics;

namespace CogniForge.Serving.Tests;

/// <summary><c>./cogniforge demo serving</c> against a real service.</summary>
public class ServingDemoTests(ServingService service) : IClassFixture<ServingService>
{
    [Fact]
    public async Task Demo_RealService_ReachesItsReport()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "CogniForge.ServingDemo.dll");
        var start = new ProcessStartInfo("dotnet", [program, service.Address.ToString()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["COGNIFORGE_API_KEY"] = await service.CreateKeyAsync("serving", _scopes) },
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var report = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal((0, ""), (process.ExitCode, await errors));
        foreach (
            var line in new[]
            {
                "the canary is completed",
                "verdict: winner. 'trees' improves 'as-diagnosed'.",
                "the same clinic: no drift",
                "half as large again: drift",
                "verdict: degraded",
            }
        )
        {
            Assert.Contains(line, report, StringComparison.Ordinal);
        }
    }

    private static readonly string[] _scopes = ["serving:read", "serving:write", "serving:infer"];
}
