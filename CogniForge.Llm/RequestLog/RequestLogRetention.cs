using CogniForge.ServiceDefaults.Postgres;

namespace CogniForge.Llm.RequestLog;

/// <summary>Rolls up the days of the request log that are older than the retention.</summary>
internal sealed partial class RequestLogRetention(
    RequestLogRollup rollup,
    RequestLogOptions options,
    ILeaderLock leaders,
    MigrationStatus migrations,
    TimeProvider time,
    ILogger<RequestLogRetention> logger
) : LeaderJob("request-log-retention", TimeSpan.FromMinutes(10), leaders, migrations, time, logger)
{
    // Late entries wait for the lock of a batch: about 0.1 s.
    private const int BatchSize = 5_000;

    // A journal that is replayed later may count the last batch before its process was killed twice.
    private static readonly TimeSpan _remembered = TimeSpan.FromDays(31);

    private readonly TimeProvider _time = time;

    public override Task StartAsync(CancellationToken cancellationToken) =>
        options.RetentionDays > 0 ? base.StartAsync(cancellationToken) : Task.CompletedTask;

    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var before = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(-options.RetentionDays);
        var (moved, last) = (0L, BatchSize);
        while (last == BatchSize)
        {
            moved += last = await rollup.MoveAsync(before, BatchSize, now, cancellationToken);
        }

        if (moved > 0)
        {
            Log.RolledUp(logger, moved, before);
        }

        while (await rollup.ForgetAsync(now - _remembered, BatchSize, cancellationToken) == BatchSize)
        {
            // Forgets the next batch.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.RequestLogRolledUp,
            LogLevel.Information,
            "{Count} requests before {Day:yyyy-MM-dd} were rolled up to daily sums"
        )]
        public static partial void RolledUp(ILogger logger, long count, DateTimeOffset day);
    }
}
