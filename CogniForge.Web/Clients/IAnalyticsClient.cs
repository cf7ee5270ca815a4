using Refit;

namespace CogniForge.Web.Clients;

/// <summary>The calls that Web makes to analytics.</summary>
internal interface IAnalyticsClient
{
    [Get("/api/v1/analytics/activity")]
    Task<ActivityCounts> CountActivityAsync(CancellationToken cancellationToken);
}
