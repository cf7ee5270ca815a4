using CogniForge.ServiceDefaults.Audit;
using CogniForge.ServiceDefaults.Postgres;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>Writes refused log-ins to the audit: within 10 s after their minute, and at the stop.</summary>
internal sealed partial class RefusedLoginWriter(
    RefusedLogins refused,
    IAuditLog audit,
    MigrationStatus migrations,
    TimeProvider time,
    ILogger<RefusedLoginWriter> logger
) : BackgroundService
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(10);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (migrations.Applied.IsCompletedSuccessfully)
        {
            await WriteAsync(refused.Take(includesCurrent: true), cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await migrations.Applied.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(_interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await WriteAsync(refused.Take(), stoppingToken);
        }
    }

    private async Task WriteAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken)
    {
        var written = 0;
        try
        {
            for (; written < entries.Count; written++)
            {
                await audit.AddAsync(entries[written], cancellationToken);
            }
        }
        catch (Exception e)
        {
            // The service works without them, whatever the reason.
            refused.PutBack(entries.Skip(written));
            Log.NotWritten(logger, entries.Count - written, e.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.RefusedLoginsNotWritten,
            LogLevel.Warning,
            "{Count} audit entries of refused log-ins wait for the database: {Reason}"
        )]
        public static partial void NotWritten(ILogger logger, int count, string reason);
    }
}
