using CogniForge.Llm.Limits.Budgets;
using CogniForge.Llm.Limits.Rates;

namespace CogniForge.Llm.Limits;

/// <summary>
/// Runs each second, outside requests: renews leases of budgets, and puts back unused slices of rates.
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
        await Task.WhenAll(
            EachSecondAsync(MaintainAsync, stoppingToken),
            EachSecondAsync(reconciler.ReconcileAsync, stoppingToken)
        );
        await rates.MaintainAsync(DateTimeOffset.MaxValue);
        await budgets.EndLeasesAsync();
    }

    // By the servers' clock, not by the service's: a test that stops time does not stop the servers.
    private static async Task EachSecondAsync(Func<CancellationToken, Task> action, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await action(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    private async Task MaintainAsync(CancellationToken cancellationToken)
    {
        await rates.MaintainAsync(time.GetUtcNow());
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
