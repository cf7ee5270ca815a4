using CogniForge.ServiceDefaults.Postgres;

namespace CogniForge.Llm.RequestLog;

/// <summary>Keeps the request log as long as the settings say: of older days only sums are kept.</summary>
internal sealed partial class RequestLogRetention(
    RequestLogRollup rollUp,
    RequestLogOptions options,
    ILeaderLock leaders,
    MigrationStatus migrations,
    TimeProvider time,
    ILogger<RequestLogRetention> logger
) : LeaderJob("request-log-retention", TimeSpan.FromMinutes(10), leaders, migrations, time, logger)
{
    // A tenth of a second or so, for which records that come late have to wait.
    private const int Portion = 5_000;

    // A journal that is replayed later than this may bring again what was summed: no more than the last batch before its process was killed.
    private static readonly TimeSpan _known = TimeSpan.FromDays(31);

    private readonly TimeProvider _time = time;

    public override Task StartAsync(CancellationToken cancellationToken) =>
        options.RetentionDays > 0 ? base.StartAsync(cancellationToken) : Task.CompletedTask;

    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var before = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(-options.RetentionDays);
        var (moved, last) = (0L, Portion);
        while (last == Portion)
        {
            moved += last = await rollUp.MoveAsync(before, Portion, now, cancellationToken);
        }

        if (moved > 0)
        {
            Log.Moved(logger, moved, before);
        }

        while (await rollUp.ForgetAsync(now - _known, Portion, cancellationToken) == Portion)
        {
            // The next portion.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.RequestLogRolledUp,
            LogLevel.Information,
            "Of {Records} requests before {Day:yyyy-MM-dd} only the sums of their days are kept from now on"
        )]
        public static partial void Moved(ILogger logger, long records, DateTimeOffset day);
    }
}
