using CogniForge.Llm.Limits.Budgets;
using CogniForge.Llm.Limits.Rates;

namespace CogniForge.Llm.Limits;

/// <summary>
/// Runs each second, outside requests: renews leases of budgets, puts back unused slices of rates, and compares budgets
/// with the request log.
/// </summary>
internal sealed partial class LimitsMaintenance(
    BudgetLimiter budgets,
    BudgetReconciler reconciler,
    RateLimiter rates,
    TimeProvider time,
    ILogger<LimitsMaintenance> logger
) : BackgroundService
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);
    private bool _isFailing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // By the servers' clock, not by the service's: a test that stops time does not stop the servers.
        using var timer = new PeriodicTimer(_interval);
        var reconciling = Task.CompletedTask;
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                // Beside the rest, because queries of the request log may be slow.
                reconciling = reconciling.IsCompleted ? reconciler.ReconcileAsync(stoppingToken) : reconciling;
                await rates.MaintainAsync(time.GetUtcNow());
                await RenewLeasesAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await reconciling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await rates.MaintainAsync(DateTimeOffset.MaxValue);
        await budgets.EndLeasesAsync();
    }

    private async Task RenewLeasesAsync(CancellationToken cancellationToken)
    {
        var failure = await budgets.RenewLeasesAsync(cancellationToken);
        if (failure is not null && !_isFailing)
        {
            Log.LeasesNotRenewed(logger, failure.Message);
        }

        _isFailing = failure is not null;
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.BudgetLeasesNotRenewed,
            LogLevel.Warning,
            "Leases of budgets cannot be renewed; requests go on with what is leased, and renewal is retried: {Reason}"
        )]
        public static partial void LeasesNotRenewed(ILogger logger, string reason);
    }
}
