using System.Globalization;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.Redis;

internal sealed record PersistenceAnnotation(TimeSpan Interval, long KeysChanged) : IResourceAnnotation;

/// <summary>Redis as a process of this machine, on loopback only. The password stands in a file, where <c>ps</c> does not show it.</summary>
internal sealed class RedisLocalServer : LocalServerAnnotation
{
    private static readonly Installation Redis = new("redis-server", ["/opt/homebrew/bin", "/usr/local/bin"], "redis", ("apt-get", "redis-server"));

    public override async Task<LaunchPlan> PrepareAsync(LocalServerContext context, CancellationToken cancellationToken)
    {
        var program = Redis.Find();
        var data = context.DataFolder(RedisBuilderExtensions.DataTarget);
        Directory.CreateDirectory(data);
        var save = context.Resource.TryGetLastAnnotation<PersistenceAnnotation>(out var persistence)
            ? string.Create(CultureInfo.InvariantCulture, $"{(long)persistence.Interval.TotalSeconds} {persistence.KeysChanged}")
            : "\"\"";
        var settings = new List<string>
        {
            $"bind {string.Join(' ', Ports.Loopback)}",
            string.Create(CultureInfo.InvariantCulture, $"port {context.Ports["tcp"]}"),
            $"dir \"{data}\"",
            $"save {save}",
        };
        if (context.Environment.TryGetValue("REDIS_PASSWORD", out var password))
            settings.Add($"requirepass \"{password}\"");
        var configuration = Path.Combine(context.Folder, "redis.conf");
        await Folders.WriteSecretAsync(configuration, string.Join('\n', settings) + "\n", cancellationToken).ConfigureAwait(false);
        return new LaunchPlan(program, [configuration], data);
    }
}
