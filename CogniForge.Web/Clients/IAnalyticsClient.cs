using Refit;

namespace CogniForge.Web.Clients;

/// <summary>What Web asks of analytics.</summary>
internal interface IAnalyticsClient
{
    [Get("/api/v1/analytics/activity")]
    Task<ActivityCounts> CountActivityAsync(CancellationToken cancellationToken);
}
