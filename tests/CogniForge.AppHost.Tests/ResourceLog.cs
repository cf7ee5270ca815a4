using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace CogniForge.AppHost.Tests;

/// <summary>The console log of a resource, as shown in the dashboard.</summary>
internal static class ResourceLog
{
    /// <summary>Reads the log until a line matches.</summary>
    public static async Task<string> ReadUntilAsync(
        DistributedApplication app,
        string resource,
        Func<string, bool> isMatch,
        CancellationToken cancellationToken
    )
    {
        var lines = new List<string>();
        var model = app
            .Services.GetRequiredService<DistributedApplicationModel>()
            .Resources.Single(r => r.Name == resource);
        await foreach (
            var batch in app
                .Services.GetRequiredService<ResourceLoggerService>()
                .WatchAsync(model)
                .WithCancellation(cancellationToken)
        )
        {
            lines.AddRange(batch.Select(line => line.Content));
            if (lines.Any(isMatch))
            {
                break;
            }
        }

        return string.Join('\n', lines);
    }
}
